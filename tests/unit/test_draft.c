/* The editable tape: lines as text, each in the scope of those above; undo; what a session runs of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fake_world.h"
#include "lesson/draft_file.h"
#include "lesson/session.h"

#define SOCKET "old: s = socket(AF_INET, SOCK_STREAM)"
#define BIND "old: bind(s, 127.0.0.1:8000)"
#define CLOSE "old: close(s)"

static void add(struct rt_draft *draft, const char *text, int wanted)
{
	struct rt_mistake mistake;
	int result = rt_draft_insert(draft, rt_draft_count(draft), text, &mistake);

	if (result != wanted)
		fail_msg("\"%s\" gives %d: %s", text, result, result < 0 ? mistake.what : "");
	rt_mistake_fini(&mistake);
}

/* A draft of three lines. */
static struct rt_draft *three(void)
{
	struct rt_draft *draft = rt_draft_new("T");

	add(draft, SOCKET, 1);
	add(draft, BIND, 1);
	add(draft, CLOSE, 1);
	return draft;
}

static size_t count_script(struct rt_draft *draft)
{
	return rt_draft_lesson(draft, NULL)->n_lines;
}

static void test_a_wrong_line_is_refused(void **state)
{
	struct rt_draft *draft = rt_draft_new("T");
	struct rt_mistake mistake;

	(void)state;
	add(draft, SOCKET, 1);
	assert_int_equal(rt_draft_insert(draft, 1, "old: bind(x, 127.0.0.1:8000)", &mistake), -1);
	assert_int_equal(mistake.column, 11);
	assert_string_equal(mistake.what, "old has no descriptor \"x\"");
	rt_mistake_fini(&mistake);
	assert_int_equal(rt_draft_count(draft), 1);
	/* It left no trace: the right line follows. */
	add(draft, BIND, 1);
	add(draft, "# a remark", 0);
	add(draft, "", 0);
	assert_int_equal(rt_draft_count(draft), 4);
	assert_int_equal(count_script(draft), 2);
	assert_int_equal(rt_draft_line(draft, 2)->kind, RT_DRAFT_REMARK);
	rt_draft_free(draft);
}

static void test_trying_changes_nothing(void **state)
{
	struct rt_draft *draft = three();
	struct rt_mistake mistake;

	(void)state;
	assert_int_equal(rt_draft_try(draft, 3, "old: listen(s, 8)", &mistake), -1);
	assert_string_equal(mistake.what, "s was closed in line 3");
	rt_mistake_fini(&mistake);
	assert_int_equal(rt_draft_try(draft, 2, "old: listen(s, 8)", &mistake), 1);
	assert_int_equal(rt_draft_try(draft, 2, CLOSE, &mistake), 1);
	assert_int_equal(rt_draft_try(draft, 2, CLOSE, &mistake), 1);
	assert_int_equal(rt_draft_count(draft), 3);
	assert_int_equal(count_script(draft), 3);
	rt_draft_free(draft);
}

/* Lines that an edit above has made wrong stay, with the reason, and come back with undo. */
static void test_lines_below_an_edit(void **state)
{
	struct rt_draft *draft = three();
	size_t same;

	(void)state;
	rt_draft_lesson(draft, &same);
	rt_draft_remove(draft, 0);
	assert_int_equal(rt_draft_count(draft), 2);
	assert_int_equal(count_script(draft), 0);
	assert_int_equal(rt_draft_line(draft, 0)->kind, RT_DRAFT_WRONG);
	assert_non_null(strstr(rt_draft_line(draft, 0)->mistake.what, "has no descriptor \"s\""));
	rt_draft_lesson(draft, &same);
	assert_int_equal(same, 0);
	assert_true(rt_draft_undo(draft));
	assert_int_equal(count_script(draft), 3);
	assert_string_equal(rt_draft_line(draft, 0)->text, SOCKET);
	assert_int_equal(rt_draft_line(draft, 2)->index, 2);
	assert_int_equal(rt_draft_find(draft, 1), 1);
	assert_true(rt_draft_redo(draft));
	assert_int_equal(count_script(draft), 0);
	assert_false(rt_draft_redo(draft));
	rt_draft_free(draft);
}

static void test_undo_and_redo(void **state)
{
	struct rt_draft *draft = three();
	struct rt_mistake mistake;
	size_t same;

	(void)state;
	assert_int_equal(rt_draft_replace(draft, 1, "old: bind(s, 127.0.0.2:9)", &mistake), 1);
	rt_draft_lesson(draft, &same);
	assert_int_equal(rt_draft_insert(draft, 1, "old: listen(s, 1)", &mistake), 1);
	rt_draft_lesson(draft, &same);
	assert_int_equal(same, 1);
	assert_true(rt_draft_undo(draft));
	assert_true(rt_draft_undo(draft));
	assert_string_equal(rt_draft_line(draft, 1)->text, BIND);
	assert_true(rt_draft_redo(draft));
	assert_string_equal(rt_draft_line(draft, 1)->text, "old: bind(s, 127.0.0.2:9)");
	/* A new edit takes another way: there is nothing to do again. */
	add(draft, "new: n = socket(AF_INET, SOCK_DGRAM)", 1);
	assert_false(rt_draft_redo(draft));
	for (int i = 0; i < 5; i++)
		assert_true(rt_draft_undo(draft));
	assert_false(rt_draft_undo(draft));
	assert_int_equal(rt_draft_count(draft), 0);
	rt_draft_free(draft);
}

static void test_undo_is_bounded(void **state)
{
	struct rt_draft *draft = rt_draft_new("T");
	int undone = 0;

	(void)state;
	for (int i = 0; i < RT_DRAFT_UNDO_MAX + 10; i++)
		add(draft, i ? "# x" : "# first", 0);
	while (rt_draft_undo(draft))
		undone++;
	assert_int_equal(undone, RT_DRAFT_UNDO_MAX);
	assert_int_equal(rt_draft_count(draft), 10);
	assert_string_equal(rt_draft_line(draft, 0)->text, "# first");
	rt_draft_free(draft);
}

/* The limits of a lesson hold, whatever somebody pipes in. */
static void test_limits(void **state)
{
	struct rt_draft *draft = rt_draft_new("T");
	struct rt_mistake mistake;

	(void)state;
	add(draft, SOCKET, 1);
	for (int i = 0; i < 9; i++)
		add(draft, "old: 1000 x getsockopt(s, SO_REUSEADDR)", 1);
	assert_int_equal(
		rt_draft_insert(draft, 10, "old: 1000 x getsockopt(s, SO_REUSEADDR)", &mistake),
		-1);
	assert_string_equal(mistake.what, "a script makes at most 10000 calls");
	rt_mistake_fini(&mistake);
	for (int i = 0; i < 2; i++)
		rt_draft_remove(draft, 1);
	for (size_t i = rt_draft_count(draft); i < RT_LESSON_LINES_MAX; i++)
		add(draft, "old: getsockopt(s, SO_REUSEADDR)", 1);
	assert_int_equal(rt_draft_insert(draft, RT_LESSON_LINES_MAX, BIND, &mistake), -1);
	assert_string_equal(mistake.what, "a script has at most 2000 lines");
	rt_mistake_fini(&mistake);
	rt_draft_free(draft);
}

static void test_fresh(void **state)
{
	struct rt_draft *draft = rt_draft_new("T");
	const struct rt_lesson *lesson = rt_draft_lesson(draft, NULL);

	(void)state;
	add(draft, SOCKET, 1);
	add(draft, " fresh  # again", 0);
	add(draft, SOCKET, 1);
	assert_int_equal(rt_draft_line(draft, 1)->kind, RT_DRAFT_FRESH);
	assert_true(lesson->line[0].fresh);
	assert_true(lesson->line[1].fresh);
	add(draft, BIND, 1);
	assert_false(lesson->line[2].fresh);
	assert_int_equal(rt_draft_stage(lesson, 3), 1);
	assert_int_equal(rt_draft_stage(lesson, 1), 0);
	/* Without it the name is one too many. */
	rt_draft_remove(draft, 1);
	assert_int_equal(rt_draft_line(draft, 1)->kind, RT_DRAFT_WRONG);
	rt_draft_free(draft);
}

/* What a lesson says is what the draft has: results, comments, gates. */
static void test_from_a_lesson(void **state)
{
	static const char text[] =
		"---\nid: t\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n\n## A\n"
		"<!-- step: a -->\n\n```lab\n" SOCKET "\nold: bind(s, 127.0.0.1:8000)   = "
		"EADDRINUSE @x # why\n```\n\n## B\n<!-- step: b -->\n\n```lab fresh when ipv6\n"
		"new: n = socket(AF_INET6, SOCK_STREAM)\nexpect no tcp 127.0.0.1:8000\n```\n";
	struct rt_mistakes mistakes = {0};
	struct rt_lesson *lesson = rt_lesson_parse(text, strlen(text), "t.md", &mistakes, NULL);
	struct rt_draft *draft = rt_draft_new("T");
	const struct rt_lesson *script = rt_draft_lesson(draft, NULL);

	(void)state;
	assert_non_null(lesson);
	rt_draft_take(draft, lesson, 0, lesson->n_lines);
	assert_int_equal(rt_draft_count(draft), 5);
	assert_string_equal(rt_draft_line(draft, 1)->text,
			    "old: bind(s, 127.0.0.1:8000) = EADDRINUSE  # why");
	assert_int_equal(rt_draft_line(draft, 1)->origin, 1);
	assert_int_equal(script->line[1].want.kind, RT_WANT_ERRNO);
	assert_int_equal(script->line[0].want.kind, RT_WANT_ANY);
	assert_int_equal(rt_draft_line(draft, 2)->kind, RT_DRAFT_FRESH);
	assert_int_equal(script->n_lines, 4);
	assert_true(rt_gates_any(&script->line[2].gates));
	assert_false(rt_gates_any(&script->line[0].gates));
	/* Of the second stage alone. */
	rt_draft_take(draft, lesson, rt_draft_stage(lesson, 4), 4);
	assert_int_equal(rt_draft_count(draft), 2);
	assert_false(rt_draft_undo(draft));
	rt_draft_free(draft);
	rt_lesson_free(lesson);
	rt_mistakes_fini(&mistakes);
}

/* --- run -------------------------------------------------------------------------------------- */

struct run {
	struct rt_loop *loop;
	struct fake *fake;
	struct rt_session *session;
	struct rt_draft *draft;
};

static struct run *begin(struct rt_draft *draft)
{
	struct run *run = rt_calloc(1, sizeof(*run));

	run->loop = rt_loop_new();
	run->fake = fake_new(run->loop);
	run->session = rt_session_new(&run->fake->world);
	run->draft = draft;
	rt_session_borrow(run->session, rt_draft_lesson(draft, &(size_t){0}));
	rt_session_settle(run->session);
	return run;
}

static void end(struct run *run)
{
	rt_session_free(run->session);
	rt_draft_free(run->draft);
	fake_free(run->fake);
	rt_loop_free(run->loop);
	free(run);
}

static void changed(struct run *run)
{
	size_t same;

	(void)rt_draft_lesson(run->draft, &same);
	rt_session_changed(run->session, same);
	rt_session_settle(run->session);
	assert_int_equal(rt_session_phase(run->session), RT_PHASE_END);
}

static enum rt_outcome_how how(struct run *run, size_t line)
{
	return rt_engine_outcome(rt_session_engine(run->session), line)->how;
}

/* A line at the end runs alone; an edit above runs all again, on a fresh stage. */
static void test_what_runs_again(void **state)
{
	struct run *run = begin(three());

	(void)state;
	assert_int_equal(run->fake->stages, 1);
	assert_int_equal(run->fake->orders[RT_CALL_BIND], 1);
	add(run->draft, "new: n = socket(AF_INET, SOCK_STREAM)", 1);
	changed(run);
	assert_int_equal(run->fake->stages, 1);
	assert_int_equal(run->fake->orders[RT_CALL_SOCKET], 2);
	assert_int_equal(how(run, 3), RT_DONE);
	rt_draft_remove(run->draft, 1);
	changed(run);
	assert_int_equal(run->fake->stages, 2);
	assert_int_equal(run->fake->orders[RT_CALL_BIND], 1);
	assert_int_equal(run->fake->orders[RT_CALL_SOCKET], 4);
	assert_int_equal(how(run, 2), RT_DONE);
	assert_int_equal(how(run, 3), RT_NOT_RUN);
	rt_draft_undo(run->draft);
	changed(run);
	assert_int_equal(run->fake->stages, 3);
	assert_int_equal(how(run, 3), RT_DONE);
	end(run);
}

/* Taking everything back leaves no stage, and the first line builds one. */
static void test_an_empty_tape(void **state)
{
	struct run *run = begin(rt_draft_new("T"));

	(void)state;
	assert_int_equal(run->fake->stages, 0);
	add(run->draft, SOCKET, 1);
	changed(run);
	assert_int_equal(run->fake->stages, 1);
	rt_draft_undo(run->draft);
	changed(run);
	assert_int_equal(rt_engine_position(rt_session_engine(run->session)), 0);
	assert_int_equal(rt_engine_sockets(rt_session_engine(run->session))->n, 0);
	end(run);
}

/* Nothing was stated, so nothing that comes differs from it. */
static void test_what_was_not_stated(void **state)
{
	struct rt_draft *draft = three();
	struct run *run;

	(void)state;
	run = begin(draft);
	run->fake->answer[RT_CALL_BIND] = 98;
	rt_draft_remove(draft, 2);
	add(draft, "old: bind(s, 127.0.0.1:1)", 1);
	add(draft, "old: bind(s, 127.0.0.1:2) = 0", 1);
	changed(run);
	assert_true(rt_engine_outcome(rt_session_engine(run->session), 2)->as_wanted);
	assert_int_equal(rt_engine_outcome(rt_session_engine(run->session), 2)->err, 98);
	assert_false(rt_engine_outcome(rt_session_engine(run->session), 3)->as_wanted);
	end(run);
}

/* seteuid() needs a stage with several uids; a stage without is built again. */
static void test_uids_are_asked_for(void **state)
{
	struct run *run = begin(three());

	(void)state;
	assert_false(run->fake->world.wants_uids);
	add(run->draft, "old: seteuid(1)", 1);
	changed(run);
	assert_true(run->fake->world.wants_uids);
	assert_int_equal(run->fake->stages, 2);
	add(run->draft, "old: seteuid(0)", 1);
	changed(run);
	assert_int_equal(run->fake->stages, 2);
	end(run);
}

/* --- kept ------------------------------------------------------------------------------------- */

static void test_as_a_lesson(void **state)
{
	struct rt_draft *draft = rt_draft_new("T");
	struct rt_mistakes mistakes = {0};
	struct rt_str text = {0};
	struct rt_lesson *lesson;
	struct run *run;

	(void)state;
	add(draft, SOCKET, 1);
	run = begin(draft);
	run->fake->answer[RT_CALL_BIND] = 98;
	add(draft, "old: bind(s, 127.0.0.1:8000) = 0 @here # remark", 1);
	add(draft, "expect tcp 127.0.0.1:8000 LISTEN", 1);
	add(draft, "fresh", 0);
	add(draft, "new: n = socket(AF_INET, SOCK_STREAM) when several-uids", 1);
	changed(run);
	rt_draft_lesson_text(draft, rt_session_engine(run->session), "mine", &text);
	assert_non_null(strstr(text.s, "id: mine\n"));
	assert_non_null(strstr(text.s, SOCKET "\n"));
	assert_non_null(strstr(text.s, "old: bind(s, 127.0.0.1:8000)            = EADDRINUSE  "
				       "# remark\n"));
	assert_non_null(strstr(text.s, "# not so, or not run: expect tcp 127.0.0.1:8000 LISTEN\n"));
	assert_non_null(strstr(text.s, "```\n\n```lab fresh\n"));
	assert_non_null(strstr(text.s, "<!-- when: several-uids -->\n"));
	lesson = rt_lesson_parse(text.s, text.len, "mine.md", &mistakes, NULL);
	assert_non_null(lesson);
	assert_int_equal(lesson->n_lines, 3);
	rt_lesson_free(lesson);
	rt_mistakes_fini(&mistakes);
	rt_str_fini(&text);
	end(run);
}

static void test_words(void **state)
{
	char operand[80];

	(void)state;
	assert_int_equal(rt_draft_word(" undo ", operand), RT_WORD_UNDO);
	assert_int_equal(rt_draft_word("save  my-lesson ", operand), RT_WORD_SAVE);
	assert_string_equal(operand, "my-lesson");
	assert_int_equal(rt_draft_word("save", operand), RT_WORD_SAVE);
	assert_string_equal(operand, "");
	assert_int_equal(rt_draft_word("undo it", operand), RT_WORD_NONE);
	assert_int_equal(rt_draft_word("undo: s = socket(AF_INET, SOCK_STREAM)", operand),
			 RT_WORD_NONE);
	assert_int_equal(rt_draft_word("save : x", operand), RT_WORD_NONE);
	assert_int_equal(rt_draft_word("", operand), RT_WORD_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_wrong_line_is_refused),
		cmocka_unit_test(test_trying_changes_nothing),
		cmocka_unit_test(test_lines_below_an_edit),
		cmocka_unit_test(test_undo_and_redo),
		cmocka_unit_test(test_undo_is_bounded),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_fresh),
		cmocka_unit_test(test_from_a_lesson),
		cmocka_unit_test(test_what_runs_again),
		cmocka_unit_test(test_an_empty_tape),
		cmocka_unit_test(test_what_was_not_stated),
		cmocka_unit_test(test_uids_are_asked_for),
		cmocka_unit_test(test_as_a_lesson),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
