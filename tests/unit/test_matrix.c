/* The matrix without a kernel: its scripts, what it refuses, and how its cells are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fake_world.h"
#include "lesson/matrix.h"
#include "lesson/script.h"
#include "report/matrix.h"

static struct rt_matrix_setup setup_of(enum rt_proto proto, const char *first, const char *second)
{
	struct rt_matrix_setup setup = {.proto = proto};

	assert_int_equal(rt_addr_parse(first, strlen(first), &setup.first, NULL), 0);
	assert_int_equal(rt_addr_parse(second, strlen(second), &setup.second, NULL), 0);
	return setup;
}

static size_t row_of(const struct rt_matrix *matrix, enum rt_state state, unsigned options)
{
	for (size_t i = 0; i < rt_matrix_rows(matrix); i++)
		if (rt_matrix_row(matrix, i).state == state &&
		    rt_matrix_row(matrix, i).options == options)
			return i;
	fail_msg("no row %d %u", state, options);
	return 0;
}

/* --- scripts ---------------------------------------------------------------------------------- */

static void expect_script(const struct rt_matrix *matrix, size_t row, size_t column,
			  const char *expected)
{
	struct rt_str text = {0};

	rt_matrix_script(matrix, row, column, &text);
	assert_string_equal(rt_str_text(&text), expected);
	rt_str_fini(&text);
}

static void test_the_script_of_a_cell(void **state)
{
	struct rt_matrix_setup setup;
	struct rt_matrix *matrix;

	(void)state;
	rt_matrix_setup_init(&setup);
	matrix = rt_matrix_new(&setup);
	expect_script(matrix, row_of(matrix, RT_TIME_WAIT, 1), 3,
		      "first: s = socket(AF_INET, SOCK_STREAM)\n"
		      "first: setsockopt(s, SO_REUSEADDR, 1)\n"
		      "first: bind(s, 127.0.0.1:8000)\n"
		      "first: listen(s, 8)\n"
		      "client: c = socket(AF_INET, SOCK_STREAM)\n"
		      "client: connect(c, 127.0.0.1:8000)\n"
		      "first: k = accept(s)\n"
		      "first: close(s)\n"
		      "first: close(k)\n"
		      "client: close(c)\n"
		      "expect tcp *:8000 TIME_WAIT\n"
		      "second: n = socket(AF_INET, SOCK_STREAM)\n"
		      "second: setsockopt(n, SO_REUSEADDR, 1)\n"
		      "second: setsockopt(n, SO_REUSEPORT, 1)\n"
		      "second: bind(n, 127.0.0.1:8000)\n"
		      "second: listen(n, 8)\n");
	rt_matrix_free(matrix);
	setup = setup_of(RT_UDP, "[::]:8000", "[::1]:8000");
	setup.two_users = true;
	matrix = rt_matrix_new(&setup);
	expect_script(matrix, row_of(matrix, RT_ESTABLISHED, 2), 0,
		      "first: s = socket(AF_INET6, SOCK_DGRAM)\n"
		      "first: setsockopt(s, SO_REUSEPORT, 1)\n"
		      "first: bind(s, [::]:8000)\n"
		      "first: connect(s, [::1]:8001)\n"
		      "expect udp *:8000 ESTABLISHED\n"
		      "second: seteuid(1000) when several-uids\n"
		      "second: n = socket(AF_INET6, SOCK_DGRAM)\n"
		      "second: bind(n, [::1]:8000)\n");
	rt_matrix_free(matrix);
}

static const char *const places[] = {"127.0.0.1:8000",
				     "0.0.0.0:8000",
				     "127.0.0.2:8000",
				     "[::]:8000",
				     "[::1]:8000",
				     "[::ffff:127.0.0.1]:8000",
				     "[::ffff:0.0.0.0]:8000",
				     "239.1.1.1:8000"};

static size_t count_parsed(const char *text)
{
	struct rt_scope *scope = rt_scope_new();
	size_t n = 0, len;

	for (; *text; text += len + 1) {
		struct rt_mistake mistake = {0};
		struct rt_line line;

		len = strcspn(text, "\n");
		if (rt_script_parse(text, len, scope, &line, &mistake) != 1)
			fail_msg("%.*s: %s", (int)len, text, mistake.what);
		rt_line_fini(&line);
		n++;
	}
	rt_scope_free(scope);
	return n;
}

/* Every cell of everything that can be asked is right in the language of lessons. */
static void test_all_scripts_can_be_read(void **state)
{
	size_t scripts = 0;

	(void)state;
	for (size_t i = 0; i < RT_COUNT(places) * RT_COUNT(places) * 4; i++) {
		struct rt_matrix_setup setup =
			setup_of(i & 1 ? RT_UDP : RT_TCP, places[i / 4 % RT_COUNT(places)],
				 places[i / 4 / RT_COUNT(places)]);
		struct rt_error err;
		struct rt_matrix *matrix;

		setup.two_users = i & 2;
		if (rt_matrix_setup_check(&setup, &err) != 0)
			continue;
		matrix = rt_matrix_new(&setup);
		for (size_t cell = 0; cell < rt_matrix_rows(matrix) * RT_MATRIX_OPTIONS; cell++) {
			struct rt_str text = {0};

			rt_matrix_script(matrix, cell / RT_MATRIX_OPTIONS, cell % RT_MATRIX_OPTIONS,
					 &text);
			assert_true(count_parsed(rt_str_text(&text)) >= 5);
			rt_str_fini(&text);
			scripts++;
		}
		rt_matrix_free(matrix);
	}
	/* TCP has 96 cells and no group; UDP has 32. */
	assert_int_equal(scripts, 7 * 7 * 2 * 96 + 8 * 8 * 2 * 32);
}

static void test_what_a_stage_has_not(void **state)
{
	struct rt_matrix_setup setup = setup_of(RT_TCP, "127.0.0.1:8000", "10.0.0.1:8000");
	struct rt_error err = {0};

	(void)state;
	assert_int_equal(rt_matrix_setup_check(&setup, &err), RT_ERR_USAGE);
	assert_non_null(strstr(err.what, "10.0.0.1"));
	setup = setup_of(RT_TCP, "239.1.1.1:8000", "0.0.0.0:8000");
	assert_int_equal(rt_matrix_setup_check(&setup, &err), RT_ERR_USAGE);
	assert_non_null(strstr(err.what, "a group"));
	setup.proto = RT_UDP;
	assert_int_equal(rt_matrix_setup_check(&setup, &err), 0);
	setup = setup_of(RT_TCP, "[2001:db8::1]:8000", "0.0.0.0:8000");
	assert_int_equal(rt_matrix_setup_check(&setup, &err), RT_ERR_USAGE);
}

/* --- cells ------------------------------------------------------------------------------------ */

struct fixture {
	struct rt_loop *loop;
	struct fake *fake;
	struct rt_matrix *matrix;
};

/* UDP on a kernel that says EADDRINUSE to the second bind, though nobody is in the way. */
static void begin(struct fixture *f)
{
	struct rt_matrix_setup setup = setup_of(RT_UDP, "127.0.0.1:8000", "127.0.0.1:8000");

	f->loop = rt_loop_new();
	f->fake = fake_new(f->loop);
	f->fake->good[RT_CALL_BIND] = 1;
	f->fake->answer[RT_CALL_BIND] = EADDRINUSE;
	fake_row(f->fake, RT_CLOSE, "127.0.0.9:8000", "0.0.0.0:0")->proto = RT_UDP;
	f->matrix = rt_matrix_new(&setup);
	rt_matrix_begin(f->matrix, &f->fake->world);
}

static void fill(struct fixture *f, size_t cells)
{
	while (rt_matrix_tally(f->matrix).done < cells &&
	       rt_matrix_pump(f->matrix) == RT_MATRIX_BUSY)
		rt_loop_once(f->loop, rt_matrix_timeout_ms(f->matrix));
}

static void end(struct fixture *f)
{
	rt_matrix_free(f->matrix);
	fake_free(f->fake);
	rt_loop_free(f->loop);
}

static char *report(const struct rt_matrix *matrix, const char *format, const char *kernel)
{
	const struct rt_matrix_report *found = rt_matrix_report_find(format);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(found);
	found->write(out, matrix, kernel);
	fclose(out);
	return text;
}

static void expect(const struct rt_matrix *matrix, const char *format, const char *part)
{
	char *text = report(matrix, format, "6.18 <b>&\"");

	if (!strstr(text, part))
		fail_msg("%s: no \"%s\" in:\n%s", format, part, text);
	free(text);
}

static void test_a_cell_that_differs(void **state)
{
	const struct rt_matrix_cell *cell;
	struct fixture f;

	(void)state;
	begin(&f);
	assert_string_equal(rt_matrix_word(rt_matrix_cell(f.matrix, 0, 0)), "..");
	fill(&f, 1);
	cell = rt_matrix_cell(f.matrix, 0, 0);
	assert_int_equal(cell->how, RT_MATRIX_RAN);
	assert_int_equal(cell->bind, EADDRINUSE);
	assert_true(cell->differs);
	assert_string_equal(rt_matrix_word(cell), "no");
	assert_string_equal(rt_matrix_mark(cell), "!");
	assert_string_equal(rt_str_text(&cell->foreseen), "success");
	assert_non_null(strstr(rt_str_text(&cell->calls), "second: bind(n, 127.0.0.1:8000)  = -1"));
	assert_int_equal(rt_matrix_tally(f.matrix).differ, 1);
	expect(f.matrix, "text", "UNCONN       -   no!    ..");
	expect(f.matrix, "text", "!: 1 cell differs from the rules");
	expect(f.matrix, "md", "| `UNCONN` - | no! | .. |");
	expect(f.matrix, "html", "class=\"differs\">no!</td>");
	expect(f.matrix, "html", "Linux 6.18 &lt;b&gt;&amp;&quot;</h1>");
	expect(f.matrix, "csv", "udp,127.0.0.1:8000,127.0.0.1:8000,1,UNCONN,-,-,EADDRINUSE,,1,0\n");
	end(&f);
}

/* In the next cell the first socket itself is refused: that is no result. */
static void test_a_cell_that_cannot_be_run(void **state)
{
	const struct rt_matrix_cell *cell;
	struct fixture f;
	json_t *json;
	char *text;

	(void)state;
	begin(&f);
	fill(&f, 2);
	cell = rt_matrix_cell(f.matrix, 0, 1);
	assert_int_equal(cell->how, RT_MATRIX_FAILED);
	assert_false(cell->differs);
	assert_string_equal(rt_matrix_word(cell), "?");
	assert_int_equal(rt_matrix_tally(f.matrix).failed, 1);
	expect(f.matrix, "csv", "UNCONN,-,A,,,0,0\n");
	expect(f.matrix, "text", "?: could not be run here");
	text = report(f.matrix, "json", "6.18\n");
	json = json_loads(text, 0, NULL);
	assert_non_null(json);
	assert_string_equal(json_string_value(json_object_get(json, "kernel")), "6.18\n");
	assert_int_equal(json_array_size(json_object_get(json, "cells")), 32);
	json_decref(json);
	free(text);
	assert_null(rt_matrix_report_find("pdf"));
	end(&f);
}

static void test_no_stage(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	f.fake->refuse_stage = EPERM;
	fill(&f, 32);
	assert_int_equal(rt_matrix_pump(f.matrix), RT_MATRIX_LOST);
	assert_int_equal(rt_matrix_tally(f.matrix).done, 0);
	assert_string_equal(rt_matrix_error(f.matrix)->what, "no stage");
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_script_of_a_cell),
		cmocka_unit_test(test_all_scripts_can_be_read),
		cmocka_unit_test(test_what_a_stage_has_not),
		cmocka_unit_test(test_a_cell_that_differs),
		cmocka_unit_test(test_a_cell_that_cannot_be_run),
		cmocka_unit_test(test_no_stage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
