/* `why` as text, and as JSON. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "lesson/lex.h"
#include "lesson/words.h"
#include "report/json.h"
#include "report/plain.h"
#include "report/why.h"
#include "rules/words.h"

enum { ROWS_MAX = 20, CELL_COLUMNS = 7, GAP = 2, PROCESSES_MAX = 3 };

static const char *const try_option[RT_WHY_TRIES] = {NULL, "SO_REUSEADDR", "SO_REUSEPORT"};

/* --- the table -------------------------------------------------------------------------------- */

/* One line of the table: the heading, or a socket. */
struct line {
	struct rt_str cell[CELL_COLUMNS];
};

static void fill_heading(struct line *line)
{
	static const char *const name[CELL_COLUMNS] = {
		"STATE", "LOCAL", "PEER", "PROCESS", "REUSE", N_("IN THE WAY"), N_("BECAUSE")};

	for (int i = 0; i < CELL_COLUMNS; i++)
		rt_str_add(&line->cell[i], _(name[i]));
}

/* "sshd 812, nginx 9 +2", "? (uid 0)", "kernel, 53.9 s left". */
static void add_processes(const struct rt_why *why, const struct rt_row *row, struct rt_str *out)
{
	size_t n, shown = 0, more = 0;
	const struct rt_holder *holder = rt_holders_of(&why->holders, row->inode, &n);

	for (size_t i = 0; i < n; i++) {
		char *command;

		if (i && holder[i].pid == holder[i - 1].pid)
			continue;
		if (shown++ >= PROCESSES_MAX) {
			more++;
			continue;
		}
		command = rt_text_harmless(holder[i].command, strlen(holder[i].command));
		rt_str_addf(out, "%s%s %d", out->len ? ", " : "", command[0] ? command : "?",
			    holder[i].pid);
		free(command);
	}
	if (more)
		rt_str_addf(out, " +%zu", more);
	if (!holder && row->inode)
		rt_str_addf(out, _("? (uid %u)"), row->uid);
	else if (!holder && row->timer == RT_TIMER_TIME_WAIT)
		rt_str_addf(out, _("kernel, %u.%u s left"), row->timer_ms / 1000,
			    row->timer_ms % 1000 / 100);
	else if (!holder)
		rt_str_add(out, _("kernel"));
}

/* In the way of which of the three the socket is: "- A P", "- A?", "no". */
static void add_in_the_way(const struct rt_why *why, size_t socket, struct rt_str *out)
{
	static const char *const short_name[RT_WHY_TRIES] = {"-", "A", "P"};
	size_t before = out->len;

	for (int i = 0; i < RT_WHY_TRIES; i++) {
		const struct rt_rules_verdict *verdict = &why->verdict[i];

		if (socket >= verdict->n || verdict->socket[socket].allows == RT_YES)
			continue;
		rt_str_addf(out, "%s%s%s", out->len > before ? " " : "", short_name[i],
			    verdict->socket[socket].allows == RT_MAYBE ? "?" : "");
	}
	if (out->len == before)
		rt_str_add(out, _("no"));
}

static void fill_line(const struct rt_why *why, size_t socket, struct line *line)
{
	static const enum rt_column column[] = {RT_COL_STATE, RT_COL_LOCAL, RT_COL_PEER};
	const struct rt_rules_socket *s = &why->verdict[RT_WHY_PLAIN].socket[socket];
	const struct rt_row *row = &why->sockets.row[s->row];

	for (size_t i = 0; i < RT_COUNT(column); i++)
		rt_words_cell(column[i], &why->sockets, row, why->sockets.taken_ms, &line->cell[i]);
	add_processes(why, row, &line->cell[3]);
	rt_words_cell(RT_COL_REUSE, &why->sockets, row, why->sockets.taken_ms, &line->cell[4]);
	add_in_the_way(why, socket, &line->cell[5]);
	rt_rules_words_overlap((enum rt_overlap)s->overlap, &line->cell[6]);
}

static int cell_columns(const struct line *line, int i)
{
	return rt_columns(rt_str_text(&line->cell[i]), line->cell[i].len);
}

/* The last cell is a clause: where the row would be too long it has a line of its own. */
static void put_lines(FILE *out, const struct line *line, size_t n)
{
	int width[CELL_COLUMNS] = {0}, all = GAP * CELL_COLUMNS;

	for (size_t k = 0; k < n; k++)
		for (int i = 0; i < CELL_COLUMNS; i++)
			if (cell_columns(&line[k], i) > width[i])
				width[i] = cell_columns(&line[k], i);
	for (int i = 0; i < CELL_COLUMNS; i++)
		all += width[i];
	for (size_t k = 0; k < n; k++) {
		int cells = all > RT_PLAIN_COLUMNS ? CELL_COLUMNS - 1 : CELL_COLUMNS;

		fputs("  ", out);
		for (int i = 0; i < cells; i++) {
			fputs(rt_str_text(&line[k].cell[i]), out);
			if (i + 1 < cells)
				fprintf(out, "%*s", width[i] - cell_columns(&line[k], i) + GAP, "");
		}
		putc('\n', out);
		if (cells < CELL_COLUMNS && k > 0)
			fprintf(out, "    %s\n", rt_str_text(&line[k].cell[CELL_COLUMNS - 1]));
	}
}

/* The sockets that are in the way come first. */
static void put_table(FILE *out, const struct rt_why *why)
{
	const struct rt_rules_verdict *verdict = &why->verdict[RT_WHY_PLAIN];
	size_t shown = 0, n = verdict->n < ROWS_MAX ? verdict->n : ROWS_MAX;
	struct line line[ROWS_MAX + 1] = {0};

	fill_heading(&line[0]);
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < verdict->n && shown < n; i++)
			if ((verdict->socket[i].allows == RT_YES) == (pass == 1))
				fill_line(why, i, &line[++shown]);
	put_lines(out, line, shown + 1);
	for (size_t k = 0; k <= shown; k++)
		for (int i = 0; i < CELL_COLUMNS; i++)
			rt_str_fini(&line[k].cell[i]);
	if (shown < verdict->n)
		fprintf(out,
			P_("  and %zu socket more\n", "  and %zu sockets more\n",
			   verdict->n - shown),
			verdict->n - shown);
	rt_plain_wrap(out, "  ",
		      _("IN THE WAY: of a bind without option (-), with SO_REUSEADDR (A), with "
			"SO_REUSEPORT (P); ? where an option is unknown. REUSE: A SO_REUSEADDR, P "
			"SO_REUSEPORT; + set, - not set, ? unknown."));
}

/* --- text ------------------------------------------------------------------------------------- */

static void put_tries(FILE *out, const struct rt_why *why)
{
	struct rt_str text = {0};

	rt_str_add(&text, _("bind to "));
	rt_why_target(why, &text);
	rt_str_addf(&text, _(" (%s), as uid %u:"), why->proto == RT_TCP ? "TCP" : "UDP", why->uid);
	fprintf(out, "\n%s\n", rt_str_text(&text));
	for (int i = 0; i < RT_WHY_TRIES; i++) {
		rt_str_clear(&text);
		rt_why_result(why, (enum rt_why_try)i, &text);
		fprintf(out, "  %-14s %s\n", try_option[i] ? try_option[i] : _("without option"),
			rt_str_text(&text));
	}
	rt_str_fini(&text);
}

static void put_notes(FILE *out, const struct rt_why *why)
{
	struct rt_str notes = {0};
	char *note, *next;

	rt_why_notes(why, &notes);
	if (notes.len)
		putc('\n', out);
	for (note = notes.s; note && *note; note = next) {
		next = note + strcspn(note, "\n");
		if (*next)
			*next++ = '\0';
		rt_plain_wrap(out, "", note);
	}
	rt_str_fini(&notes);
}

void rt_plain_why(FILE *out, const struct rt_why *why)
{
	struct rt_str text = {0};

	rt_why_sentence(why, &text);
	rt_plain_wrap(out, "", rt_str_text(&text));
	put_tries(out, why);
	if (why->verdict[RT_WHY_PLAIN].n) {
		fprintf(out, _("\nSockets on %s port %u:\n"), why->proto == RT_TCP ? "TCP" : "UDP",
			why->addr.port);
		put_table(out, why);
	}
	put_notes(out, why);
	rt_str_fini(&text);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static json_t *json_flag(int value)
{
	return value < 0 ? json_null() : json_boolean(value);
}

static json_t *json_addr(const struct rt_addr *addr)
{
	char text[RT_ADDR_TEXT];

	return addr->family == AF_UNSPEC ? json_null() : json_string(rt_addr_format(addr, text));
}

static json_t *json_processes(const struct rt_why *why, const struct rt_row *row)
{
	size_t n;
	const struct rt_holder *holder = rt_holders_of(&why->holders, row->inode, &n);
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		char *command = rt_text_harmless(holder[i].command, strlen(holder[i].command));

		json_array_append_new(list, json_pack("{s:s, s:i, s:i}", "command", command, "pid",
						      holder[i].pid, "fd", holder[i].fd));
		free(command);
	}
	return list;
}

static json_t *json_allows(uint8_t allows)
{
	return allows == RT_MAYBE ? json_null() : json_boolean(allows == RT_YES);
}

static json_t *json_socket(const struct rt_why *why, size_t socket)
{
	const struct rt_rules_socket *s = &why->verdict[RT_WHY_PLAIN].socket[socket];
	const struct rt_row *row = &why->sockets.row[s->row];
	struct rt_str overlap = {0};
	json_t *json = json_object();

	rt_rules_words_overlap((enum rt_overlap)s->overlap, &overlap);
	json_object_set_new(json, "state", json_string(rt_state_name(row->proto, row->state)));
	json_object_set_new(json, "local", json_addr(&row->local));
	json_object_set_new(json, "peer", json_addr(&row->peer));
	json_object_set_new(json, "ifindex", json_integer(row->ifindex));
	json_object_set_new(json, "uid", row->inode ? json_integer(row->uid) : json_null());
	json_object_set_new(json, "inode", json_integer(row->inode));
	json_object_set_new(json, "processes", json_processes(why, row));
	json_object_set_new(json, "SO_REUSEADDR", json_flag(row->reuseaddr.value));
	json_object_set_new(json, "SO_REUSEPORT", json_flag(row->reuseport.value));
	json_object_set_new(json, "time_wait_ms",
			    row->timer == RT_TIMER_TIME_WAIT ? json_integer(row->timer_ms)
							     : json_null());
	json_object_set_new(json, "overlaps", json_boolean(s->overlap >= RT_OVERLAP_SAME));
	json_object_set_new(json, "because", json_string(rt_str_text(&overlap)));
	for (int i = 0; i < RT_WHY_TRIES; i++)
		json_object_set_new(json,
				    i == RT_WHY_PLAIN	    ? "allows"
				    : i == RT_WHY_REUSEADDR ? "allows_with_SO_REUSEADDR"
							    : "allows_with_SO_REUSEPORT",
				    json_allows(why->verdict[i].socket[socket].allows));
	rt_str_fini(&overlap);
	return json;
}

static json_t *json_result(const struct rt_why *why, enum rt_why_try try)
{
	const struct rt_rules_verdict *verdict = &why->verdict[try];
	json_t *list = json_array();

	if (why->low_port && verdict->reason != RT_REASON_NOT_LOCAL) {
		json_array_append_new(list, json_string("EACCES"));
		return list;
	}
	json_array_append_new(list, json_string(verdict->err ? rt_errno_name(verdict->err) : "0"));
	for (size_t i = 0; i < verdict->n_also; i++)
		json_array_append_new(
			list,
			json_string(verdict->also[i] ? rt_errno_name(verdict->also[i]) : "0"));
	return list;
}

static json_t *json_notes(const struct rt_why *why)
{
	json_t *list = json_array();
	struct rt_str notes = {0};
	const char *note;

	rt_why_notes(why, &notes);
	for (note = rt_str_text(&notes); *note; note += strcspn(note, "\n") + 1)
		json_array_append_new(list, json_stringn(note, strcspn(note, "\n")));
	rt_str_fini(&notes);
	return list;
}

void rt_json_why(FILE *out, const struct rt_why *why)
{
	json_t *json = json_object(), *sockets = json_array(), *results = json_object();
	struct rt_str text = {0};

	rt_why_target(why, &text);
	json_object_set_new(json, "protocol", json_string(rt_proto_name(why->proto)));
	json_object_set_new(json, "address", json_string(rt_str_text(&text)));
	rt_str_clear(&text);
	rt_why_sentence(why, &text);
	json_object_set_new(json, "answer", json_string(rt_str_text(&text)));
	json_object_set_new(json, "free", json_boolean(rt_why_is_free(why)));
	json_object_set_new(json, "uid", json_integer(why->uid));
	for (int i = 0; i < RT_WHY_TRIES; i++)
		json_object_set_new(results, try_option[i] ? try_option[i] : "none",
				    json_result(why, (enum rt_why_try)i));
	json_object_set_new(json, "results", results);
	for (size_t i = 0; i < why->verdict[RT_WHY_PLAIN].n; i++)
		json_array_append_new(sockets, json_socket(why, i));
	json_object_set_new(json, "sockets", sockets);
	json_object_set_new(json, "notes", json_notes(why));
	rt_json_print(out, json, JSON_INDENT(1));
	putc('\n', out);
	json_decref(json);
	rt_str_fini(&text);
}
