/* What if: what could be changed in a call, what came of it, and the first difference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "lesson/foresee.h"
#include "lesson/whatif.h"
#include "ui_fixture.h"

#define SOCKET "old: s = socket(AF_INET, SOCK_STREAM)"

static const struct {
	int width, height;
} sizes[] = {{40, 12}, {80, 24}, {110, 30}, {160, 40}, {200, 50}};

static struct rt_draft *draft_of(const char *const *lines, size_t n)
{
	struct rt_draft *draft = rt_draft_new("T");
	struct rt_mistake mistake;

	for (size_t i = 0; i < n; i++)
		assert_int_equal(rt_draft_insert(draft, i, lines[i], &mistake), 1);
	return draft;
}

/* The line that this change makes, NULL where it is not offered; "" for a removal. */
static const char *find(const struct rt_changes *changes, const char *words)
{
	for (size_t i = 0; i < changes->n; i++)
		if (strcmp(changes->change[i].words, words) == 0)
			return changes->change[i].text ? changes->change[i].text : "";
	return NULL;
}

static void test_changes(void **state)
{
	static const char *const lines[] = {
		SOCKET, "old: setsockopt(s, SO_REUSEADDR, 1)", "old: bind(s, 127.0.0.1:8000)",
		"new: n = socket(AF_INET6, SOCK_STREAM)", "new: bind(n, [::1]:8000)"};
	struct rt_draft *draft = draft_of(lines, RT_COUNT(lines));
	struct rt_changes changes = {0};

	(void)state;
	rt_changes_of(draft, 0, &changes);
	assert_string_equal(find(&changes, "UDP"), "old: s = socket(AF_INET, SOCK_DGRAM)");
	assert_string_equal(find(&changes, "without this line"), "");
	rt_changes_of(draft, 1, &changes);
	assert_string_equal(find(&changes, "SO_REUSEADDR off"),
			    "old: setsockopt(s, SO_REUSEADDR, 0)");
	assert_string_equal(find(&changes, "SO_REUSEPORT in its place"),
			    "old: setsockopt(s, SO_REUSEPORT, 1)");
	rt_changes_of(draft, 2, &changes);
	assert_string_equal(find(&changes, "set SO_REUSEPORT before it"),
			    "old: setsockopt(s, SO_REUSEPORT, 1)");
	assert_string_equal(find(&changes, "the address 0.0.0.0"), "old: bind(s, 0.0.0.0:8000)");
	assert_string_equal(find(&changes, "port 8001"), "old: bind(s, 127.0.0.1:8001)");
	/* What it is already, and what could not stand there, is not offered. */
	assert_null(find(&changes, "the address 127.0.0.1"));
	assert_null(find(&changes, "by the process old"));
	assert_null(find(&changes, "by the process new"));
	rt_changes_of(draft, 3, &changes);
	assert_string_equal(find(&changes, "by the process old"),
			    "old: n = socket(AF_INET6, SOCK_STREAM)");
	rt_changes_of(draft, 4, &changes);
	assert_string_equal(find(&changes, "the address ::"), "new: bind(n, [::]:8000)");
	rt_changes_fini(&changes);
	rt_draft_free(draft);
}

/* Every change that is offered can be made, and taken back. */
static void test_changes_can_be_made(void **state)
{
	static const char *const lines[] = {SOCKET,
					    "old: bind(s, 127.0.0.1:8000)",
					    "old: listen(s, 8)",
					    "c: 3 x c = socket(AF_INET, SOCK_STREAM)",
					    "c: 3 x connect(c, 127.0.0.1:8000)",
					    "old: k = accept(s)",
					    "old: child = fork()",
					    "child: close(k)",
					    "old: exit()",
					    "expect tcp 127.0.0.1:8000",
					    "wait(no tcp 127.0.0.1:8000 SYN_SENT)"};
	struct rt_draft *draft = draft_of(lines, RT_COUNT(lines));
	struct rt_changes changes = {0};

	(void)state;
	for (size_t at = 0; at < RT_COUNT(lines); at++) {
		rt_changes_of(draft, at, &changes);
		assert_true(changes.n > 0);
		for (size_t i = 0; i < changes.n; i++) {
			rt_change_make(draft, at, &changes.change[i]);
			assert_true(rt_draft_undo(draft));
			assert_int_equal(rt_draft_count(draft), RT_COUNT(lines));
			assert_string_equal(rt_draft_line(draft, at)->text, lines[at]);
		}
	}
	for (size_t at = 0; at < RT_COUNT(lines); at++)
		assert_int_equal(rt_draft_line(draft, at)->kind, RT_DRAFT_SCRIPT);
	rt_changes_fini(&changes);
	rt_draft_free(draft);
}

/* --- two runs --------------------------------------------------------------------------------- */

static bool same(const char *text, struct rt_outcome a, struct rt_outcome b)
{
	const char *const lines[] = {SOCKET, text};
	struct rt_draft *draft = draft_of(lines, 2);
	bool result = rt_outcome_same(&rt_draft_lesson(draft, NULL)->line[1], &a, &b);

	rt_draft_free(draft);
	return result;
}

static struct rt_addr address(const char *text)
{
	struct rt_addr addr;
	bool has_port;

	assert_int_equal(rt_addr_parse(text, strlen(text), &addr, &has_port), 0);
	return addr;
}

static void test_what_counts_as_same(void **state)
{
	const char *name = "old: a = getsockname(s)", *bind = "old: bind(s, 127.0.0.1:1)";
	struct rt_outcome bound = {.how = RT_DONE}, refused = {.how = RT_DONE, .err = 98};
	struct rt_outcome other = {.how = RT_DONE, .err = 99}, four = {.how = RT_DONE, .ret = 4};
	struct rt_outcome a = {.how = RT_DONE, .addr = address("127.0.0.1:40001")}, b = a;

	(void)state;
	assert_true(same(bind, bound, bound));
	assert_false(same(bind, bound, refused));
	assert_false(same(bind, other, refused));
	assert_true(same(bind, refused, refused));
	/* The number of a descriptor is none of the kernel's answers. */
	assert_true(same("old: k = accept(s)", bound, four));
	assert_false(same("old: getsockopt(s, SO_REUSEADDR)", bound, four));
	assert_false(same("old: k = accept(s)", bound, (struct rt_outcome){.how = RT_BLOCKED}));
	assert_true(same("wait(tcp 127.0.0.1:1)", bound, (struct rt_outcome){.how = RT_REPLACED}));
	b.addr.port = 40002;
	assert_true(same(name, a, b));
	b.addr = address("127.0.0.2:40001");
	assert_false(same(name, a, b));
	a.addr = address("127.0.0.1:8000");
	b.addr = address("127.0.0.1:8001");
	assert_false(same(name, a, b));
	a.data = b.data = (char *)"x";
	a.data_len = 1;
	b.data_len = 0;
	assert_false(same("old: recv(s)", a, b));
	b.data_len = 1;
	assert_true(same("old: recv(s)", a, b));
}

/* --- on the screen ---------------------------------------------------------------------------- */

static struct rt_world *give_world(void *ctx)
{
	return &((struct fake *)ctx)->world;
}

/* In a lesson whose second bind() has run. */
static struct ui_fixture *wondering(int width, int height, struct fake **other)
{
	static const char text[] =
		"---\nid: t\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n\n## A\n"
		"<!-- step: a -->\n\nText.\n\n```lab\n" SOCKET "\n"
		"old: bind(s, 127.0.0.1:8000)\n"
		"new: n = socket(AF_INET, SOCK_STREAM)\n"
		"new: bind(n, 127.0.0.1:8000)\n```\n";
	struct ui_fixture *f = ui_fixture_new(width, height, false, true, text);

	*other = fake_new(f->loop);
	f->ui.second_world = give_world;
	f->ui.second_ctx = *other;
	ui_open(f, 0);
	ui_press(f, "\n");
	return f;
}

static void done(struct ui_fixture *f, struct fake *other)
{
	rt_tape_close(&f->ui);
	fake_free(other); /* its loop is the fixture's */
	ui_fixture_free(f);
}

static void test_all_sizes(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(sizes); i++) {
		struct fake *other;
		struct ui_fixture *f = wondering(sizes[i].width, sizes[i].height, &other);

		ui_press(f, "x");
		ui_assert_sound(f);
		ui_assert_shows(f, "What if");
		ui_assert_shows(f, "Nothing is changed yet.");
		ui_assert_shows(f, "new: bind(n, 127.0.0.1:8000)");
		ui_assert_shows(f, "Enter change");
		ui_press(f, "\n");
		ui_assert_sound(f);
		ui_assert_shows(f, "> set SO_REUSEADDR before it");
		other->answer[RT_CALL_BIND] = 98;
		other->good[RT_CALL_BIND] = 3; /* two of the first run */
		ui_press(f, "\n");
		ui_assert_sound(f);
		ui_key(f, RT_KEY_DOWN);
		ui_assert_shows(f, "^ the first difference");
		ui_assert_shows(f, "First difference, line 5:");
		ui_press(f, "e");
		ui_assert_sound(f);
		ui_assert_shows(f, "Edit the line");
		done(f, other);
	}
}

/* Both outcomes, in words and signs; undo; and the lesson as it was. */
static void test_a_change_and_back(void **state)
{
	struct fake *other;
	struct ui_fixture *f = wondering(80, 24, &other);
	char *before = rt_strdup(ui_draw(f));

	(void)state;
	ui_press(f, "x");
	assert_int_equal(other->stages, 1);
	ui_key(f, RT_KEY_UP);
	ui_key(f, RT_KEY_UP);
	ui_assert_shows(f, ">   old: bind(s, 127.0.0.1:8000)");
	/* The other bind() is refused now: it is the first that differs. */
	other->answer[RT_CALL_BIND] = 98;
	other->good[RT_CALL_BIND] = 3; /* two of the first run */
	ui_press(f, "\n");
	ui_key(f, RT_KEY_DOWN);
	ui_key(f, RT_KEY_DOWN);
	ui_key(f, RT_KEY_DOWN);
	ui_press(f, "\n");
	ui_assert_shows(f, ">~  old: bind(s, 0.0.0.0:8000)");
	ui_assert_shows(f, "First difference, line 4: new: bind(n, 127.0.0.1:8000) was 0,");
	ui_assert_shows(f, "EADDRINUSE now.");
	assert_int_equal(other->stages, 2);
	ui_press(f, "u");
	ui_assert_shows(f, "Taken back.");
	ui_assert_shows(f, "Nothing is changed yet.");
	ui_press(f, "u");
	ui_assert_shows(f, "There is nothing to undo.");
	ui_press(f, "U");
	ui_assert_shows(f, "old: bind(s, 0.0.0.0:8000)");
	ui_press(f, "q");
	assert_string_equal(ui_draw(f), before);
	assert_int_equal(f->fake->stages, 1);
	free(before);
	done(f, other);
}

static void test_removing(void **state)
{
	struct fake *other;
	struct ui_fixture *f = wondering(80, 24, &other);

	(void)state;
	ui_press(f, "x");
	ui_key(f, RT_KEY_HOME);
	ui_press(f, "d");
	ui_assert_shows(f, ">-  old: s = socket(AF_INET, SOCK_STREAM)");
	ui_assert_shows(f, "removed");
	ui_assert_shows(f, " !  old: bind(s, 127.0.0.1:8000)");
	ui_assert_shows(f, "left out");
	ui_assert_shows(f, "First difference, line 1: old: bind(s, 127.0.0.1:8000) can no longer");
	ui_press(f, "\n");
	ui_assert_shows(f, "It was removed; u puts it back");
	/* All of it: there is nothing left to choose a change of. */
	for (int i = 0; i < 3; i++) {
		ui_key(f, RT_KEY_DOWN);
		ui_press(f, "d");
		ui_assert_sound(f);
	}
	assert_int_equal(rt_draft_count(f->ui.tape.draft), 0);
	for (int i = 0; i < 4; i++)
		ui_press(f, "u");
	ui_assert_shows(f, "Nothing is changed yet.");
	done(f, other);
}

static void test_typing(void **state)
{
	struct fake *other;
	struct ui_fixture *f = wondering(80, 24, &other);

	(void)state;
	ui_press(f, "xe");
	ui_assert_shows(f, "> new: bind(n, 127.0.0.1:8000)_");
	for (int i = 0; i < 5; i++)
		ui_key(f, RT_KEY_BACKSPACE);
	ui_press(f, "x)\n");
	ui_assert_shows(f, "expected an address");
	ui_press(f, "\x1b");
	ui_assert_shows(f, "Nothing is changed yet.");
	/* Letters are text while one types, and keys again behind it. */
	ui_press(f, "\n");
	ui_key(f, RT_KEY_END);
	ui_press(f, "\n");
	ui_assert_shows(f, "Insert a line before it");
	ui_press(f, "new: sets\t");
	ui_assert_shows(f, "> new: setsockopt(_");
	ui_press(f, "n, SO_REUSEPORT, 1)\n");
	ui_assert_shows(f, ">+  new: setsockopt(n, SO_REUSEPORT, 1)");
	ui_press(f, ":");
	ui_assert_shows(f, "Playground");
	ui_assert_shows(f, "5 of 5 lines run");
	ui_press(f, "\x1b");
	assert_ptr_equal(f->ui.screen, &rt_screen_lesson);
	done(f, other);
}

/* Why the call that differs did so: on the changed tape, for the chosen call too. */
static void test_why(void **state)
{
	struct fake *other;
	struct ui_fixture *f = wondering(80, 24, &other);

	(void)state;
	ui_press(f, "x");
	ui_press(f, "i");
	ui_assert_sound(f);
	ui_assert_shows(f, "Why now");
	ui_assert_shows(f, " new: bind(n, 127.0.0.1:8000) =");
	ui_assert_shows(f, "Rule ");
	assert_int_equal(rt_session_why(f->ui.session)->line, 3);
	ui_press(f, "i");
	ui_assert_hides(f, "Rule ");
	/* An earlier call: it is made again, and looked at then. */
	ui_key(f, RT_KEY_UP);
	ui_key(f, RT_KEY_UP);
	ui_press(f, "i");
	assert_int_equal(rt_session_why(f->ui.session)->line, 1);
	ui_assert_shows(f, " old: bind(s, 127.0.0.1:8000) =");
	ui_assert_hides(f, " new: bind(n, 127.0.0.1:8000) = ");
	ui_press(f, "\x1b");
	ui_assert_hides(f, "Rule ");
	assert_ptr_equal(f->ui.screen, &rt_screen_whatif);
	/* A socket() has no why: the last call that has one is meant. Here it is refused. */
	other->answer[RT_CALL_BIND] = 98;
	ui_key(f, RT_KEY_UP);
	ui_press(f, "i");
	assert_int_equal(rt_session_why(f->ui.session)->line, 3);
	ui_resize(f, 40, 12);
	ui_assert_sound(f);
	ui_assert_shows(f, "more below");
	ui_key(f, RT_KEY_END);
	ui_assert_sound(f);
	ui_assert_shows(f, "i closes");
	ui_press(f, "q");
	assert_ptr_equal(f->ui.screen, &rt_screen_whatif);
	/* Another tape, another why. */
	ui_key(f, RT_KEY_END);
	ui_press(f, "d");
	ui_press(f, "i");
	assert_int_equal(rt_session_why(f->ui.session)->line, 1);
	ui_press(f, "iq");
	assert_ptr_equal(f->ui.screen, &rt_screen_lesson);
	done(f, other);
}

/* Where nothing has run there is nothing to change. */
static void test_before_the_first_call(void **state)
{
	struct ui_fixture *f = ui_fixture_new(80, 24, false, true, NULL);

	(void)state;
	ui_open(f, 0);
	ui_press(f, "x");
	assert_ptr_equal(f->ui.screen, &rt_screen_lesson);
	ui_fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_changes_can_be_made),
		cmocka_unit_test(test_what_counts_as_same),
		cmocka_unit_test(test_all_sizes),
		cmocka_unit_test(test_a_change_and_back),
		cmocka_unit_test(test_removing),
		cmocka_unit_test(test_typing),
		cmocka_unit_test(test_why),
		cmocka_unit_test(test_before_the_first_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
