#include "report/matrix.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "report/json.h"
#include "report/plain.h"

static const char *state_name(const struct rt_matrix *matrix, size_t row)
{
	return rt_state_name(rt_matrix_setup(matrix)->proto, rt_matrix_row(matrix, row).state);
}

/* The word of a cell with its mark, "no!". */
static void add_word(const struct rt_matrix *matrix, size_t row, size_t column, struct rt_str *out)
{
	const struct rt_matrix_cell *cell = rt_matrix_cell(matrix, row, column);

	rt_str_addf(out, "%s%s", rt_matrix_word(cell), rt_matrix_mark(cell));
}

/* What each sentence of a text is, in turn; *text moves on. The caller frees it. NULL at the end. */
static char *next_line(const char **text)
{
	size_t len = strcspn(*text, "\n");
	char *line = **text ? rt_strndup(*text, len) : NULL;

	*text += len + ((*text)[len] == '\n');
	return line;
}

/* --- text ------------------------------------------------------------------------------------- */

static void write_text(FILE *out, const struct rt_matrix *matrix, const char *kernel)
{
	struct rt_str text = {0};
	const char *rest;
	char *line;

	rt_matrix_title(matrix, &text);
	rt_str_addf(&text, _(", on Linux %s"), kernel);
	rt_plain_wrap(out, "", rt_str_text(&text));
	fprintf(out, "\n%-16s %s\n%-16s", _("first socket"), _("second socket's options"), "");
	for (unsigned i = 0; i < RT_MATRIX_OPTIONS; i++)
		fprintf(out, i + 1 < RT_MATRIX_OPTIONS ? " %-6s" : " %s", rt_matrix_options(i));
	putc('\n', out);
	for (size_t row = 0; row < rt_matrix_rows(matrix); row++) {
		fprintf(out, "%-12s %-3s", state_name(matrix, row),
			rt_matrix_options(rt_matrix_row(matrix, row).options));
		for (size_t i = 0; i < RT_MATRIX_OPTIONS; i++) {
			rt_str_clear(&text);
			add_word(matrix, row, i, &text);
			fprintf(out, i + 1 < RT_MATRIX_OPTIONS ? " %-6s" : " %s",
				rt_str_text(&text));
		}
		putc('\n', out);
	}
	putc('\n', out);
	rt_str_clear(&text);
	rt_matrix_legend(matrix, &text);
	for (rest = rt_str_text(&text); (line = next_line(&rest)) != NULL; free(line))
		rt_plain_wrap(out, "", line);
	rt_str_fini(&text);
}

/* --- Markdown --------------------------------------------------------------------------------- */

static void write_md(FILE *out, const struct rt_matrix *matrix, const char *kernel)
{
	struct rt_str text = {0};
	const char *rest;
	char *line;

	rt_matrix_title(matrix, &text);
	fprintf(out, "%s, Linux %s\n\n| %s |", rt_str_text(&text), kernel, _("first \\ second"));
	for (unsigned i = 0; i < RT_MATRIX_OPTIONS; i++)
		fprintf(out, " %s |", rt_matrix_options(i));
	fputs("\n|---|", out);
	for (unsigned i = 0; i < RT_MATRIX_OPTIONS; i++)
		fputs("---|", out);
	putc('\n', out);
	for (size_t row = 0; row < rt_matrix_rows(matrix); row++) {
		fprintf(out, "| `%s` %s |", state_name(matrix, row),
			rt_matrix_options(rt_matrix_row(matrix, row).options));
		for (size_t i = 0; i < RT_MATRIX_OPTIONS; i++) {
			rt_str_clear(&text);
			add_word(matrix, row, i, &text);
			/* A single ~ is text in CommonMark, and begins a deletion elsewhere. */
			fprintf(out, " %s%s |", rt_matrix_word(rt_matrix_cell(matrix, row, i)),
				strchr(rt_str_text(&text), '~')
					? "\\~"
					: rt_matrix_mark(rt_matrix_cell(matrix, row, i)));
		}
		putc('\n', out);
	}
	rt_str_clear(&text);
	rt_matrix_legend(matrix, &text);
	for (rest = rt_str_text(&text); (line = next_line(&rest)) != NULL; free(line))
		fprintf(out, "\n%s%s\n", line[0] == '~' ? "\\" : "", line);
	rt_str_fini(&text);
}

/* --- HTML ------------------------------------------------------------------------------------- */

static void put_html(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			putc(*text, out);
		}
	}
}

static void put_html_cell(FILE *out, const struct rt_matrix *matrix, size_t row, size_t column)
{
	const struct rt_matrix_cell *cell = rt_matrix_cell(matrix, row, column);
	struct rt_str text = {0};

	rt_matrix_result(cell, &text);
	fputs("<td title=\"", out);
	put_html(out, rt_str_text(&text));
	fputs(cell->differs ? "\" class=\"differs\">" : "\">", out);
	rt_str_clear(&text);
	add_word(matrix, row, column, &text);
	put_html(out, rt_str_text(&text));
	fputs("</td>", out);
	rt_str_fini(&text);
}

static void put_html_table(FILE *out, const struct rt_matrix *matrix)
{
	fputs("<table>\n<tr><th>", out);
	put_html(out, _("first \\ second"));
	fputs("</th>", out);
	for (unsigned i = 0; i < RT_MATRIX_OPTIONS; i++)
		fprintf(out, "<th>%s</th>", rt_matrix_options(i));
	fputs("</tr>\n", out);
	for (size_t row = 0; row < rt_matrix_rows(matrix); row++) {
		fprintf(out, "<tr><th>%s %s</th>", state_name(matrix, row),
			rt_matrix_options(rt_matrix_row(matrix, row).options));
		for (size_t i = 0; i < RT_MATRIX_OPTIONS; i++)
			put_html_cell(out, matrix, row, i);
		fputs("</tr>\n", out);
	}
	fputs("</table>\n", out);
}

static void write_html(FILE *out, const struct rt_matrix *matrix, const char *kernel)
{
	struct rt_str text = {0};
	const char *rest;
	char *line;

	rt_matrix_title(matrix, &text);
	rt_str_addf(&text, ", Linux %s", kernel);
	fputs("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>", out);
	put_html(out, rt_str_text(&text));
	fputs("</title>\n<style>\ntable { border-collapse: collapse }\n"
	      "th, td { border: 1px solid; padding: .2em .6em; text-align: left }\n"
	      ".differs { font-weight: bold; text-decoration: underline }\n"
	      "</style>\n</head>\n<body>\n<h1>",
	      out);
	put_html(out, rt_str_text(&text));
	fputs("</h1>\n", out);
	put_html_table(out, matrix);
	rt_str_clear(&text);
	rt_matrix_legend(matrix, &text);
	for (rest = rt_str_text(&text); (line = next_line(&rest)) != NULL; free(line)) {
		fputs("<p>", out);
		put_html(out, line);
		fputs("</p>\n", out);
	}
	fputs("</body>\n</html>\n", out);
	rt_str_fini(&text);
}

/* --- for programs ----------------------------------------------------------------------------- */

/* "0", "EADDRINUSE"; of a call that was not made NULL. */
static const char *bind_name(const struct rt_matrix_cell *cell)
{
	if (cell->how != RT_MATRIX_RAN)
		return NULL;
	return cell->bind ? rt_errno_name(cell->bind) : "0";
}

static const char *listen_name(const struct rt_matrix_cell *cell)
{
	if (cell->how != RT_MATRIX_RAN || !cell->listened)
		return NULL;
	return cell->listen ? rt_errno_name(cell->listen) : "0";
}

static json_t *json_name(const char *name)
{
	return name ? json_string(name) : json_null();
}

static json_t *json_cell(const struct rt_matrix *matrix, size_t row, size_t column)
{
	const struct rt_matrix_cell *cell = rt_matrix_cell(matrix, row, column);
	struct rt_matrix_row first = rt_matrix_row(matrix, row);
	struct rt_str script = {0};
	json_t *json = json_object();

	rt_matrix_script(matrix, row, column, &script);
	json_object_set_new(json, "state", json_string(state_name(matrix, row)));
	json_object_set_new(json, "first", json_string(rt_matrix_options(first.options)));
	json_object_set_new(json, "second", json_string(rt_matrix_options((unsigned)column)));
	json_object_set_new(json, "bind", json_name(bind_name(cell)));
	json_object_set_new(json, "listen", json_name(listen_name(cell)));
	json_object_set_new(json, "differs", json_boolean(cell->differs));
	json_object_set_new(json, "either", json_boolean(cell->either));
	json_object_set_new(json, "why", json_string(rt_str_text(&cell->why)));
	json_object_set_new(json, "script", json_string(rt_str_text(&script)));
	rt_str_fini(&script);
	return json;
}

static void write_json(FILE *out, const struct rt_matrix *matrix, const char *kernel)
{
	const struct rt_matrix_setup *setup = rt_matrix_setup(matrix);
	json_t *json = json_object(), *cells = json_array();
	char addr[RT_ADDR_TEXT];

	json_object_set_new(json, "kernel", json_string(kernel));
	json_object_set_new(json, "protocol", json_string(rt_proto_name(setup->proto)));
	json_object_set_new(json, "first", json_string(rt_addr_format(&setup->first, addr)));
	json_object_set_new(json, "second", json_string(rt_addr_format(&setup->second, addr)));
	json_object_set_new(json, "users", json_integer(setup->two_users ? 2 : 1));
	for (size_t row = 0; row < rt_matrix_rows(matrix); row++)
		for (size_t i = 0; i < RT_MATRIX_OPTIONS; i++)
			json_array_append_new(cells, json_cell(matrix, row, i));
	json_object_set_new(json, "cells", cells);
	rt_json_print(out, json, JSON_INDENT(1));
	putc('\n', out);
	json_decref(json);
}

/* RFC 4180, but for its line ends. No value holds a comma, a quote or a line end. */
static void write_csv(FILE *out, const struct rt_matrix *matrix, const char *kernel)
{
	const struct rt_matrix_setup *setup = rt_matrix_setup(matrix);
	char one[RT_ADDR_TEXT], two[RT_ADDR_TEXT];

	fputs("kernel,protocol,first_address,second_address,users,state,first,second,bind,listen,"
	      "differs,either\n",
	      out);
	for (size_t row = 0; row < rt_matrix_rows(matrix); row++) {
		for (unsigned i = 0; i < RT_MATRIX_OPTIONS; i++) {
			const struct rt_matrix_cell *cell = rt_matrix_cell(matrix, row, i);
			const char *bind = bind_name(cell), *listen = listen_name(cell);

			fprintf(out, "%s,%s,%s,%s,%d,%s,%s,%s,%s,%s,%d,%d\n", kernel,
				rt_proto_name(setup->proto), rt_addr_format(&setup->first, one),
				rt_addr_format(&setup->second, two), setup->two_users ? 2 : 1,
				state_name(matrix, row),
				rt_matrix_options(rt_matrix_row(matrix, row).options),
				rt_matrix_options(i), bind ? bind : "", listen ? listen : "",
				cell->differs, cell->either);
		}
	}
}

const struct rt_matrix_report *rt_matrix_report_find(const char *format)
{
	static const struct rt_matrix_report report[] = {{"text", write_text},
							 {"md", write_md},
							 {"html", write_html},
							 {"json", write_json},
							 {"csv", write_csv}};

	for (size_t i = 0; i < RT_COUNT(report); i++)
		if (strcmp(report[i].format, format) == 0)
			return &report[i];
	return NULL;
}
