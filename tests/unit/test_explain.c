/* Why a call gave what it gave: the words, what would help, and the screen. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "lesson/explain.h"
#include "ui_fixture.h"

static const char lesson[] =
	"---\nid: t\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n\n"
	"## One\n<!-- step: one -->\n<!-- note: Say it. -->\n\nThe text of the step.\n\n"
	"```lab\n"
	"old: k = socket(AF_INET, SOCK_STREAM)\n"
	"old: close(k)\n"
	"new: n = socket(AF_INET, SOCK_STREAM)\n"
	"new: setsockopt(n, SO_REUSEADDR, 1)\n"
	"new: bind(n, 127.0.0.1:8000) = EADDRINUSE @bind\n"
	"new: close(n)\n"
	"```\n\n"
	"```predict bind\nask What does it return?\nchoice 0: success\nwhy A.\n"
	"choice EADDRINUSE: refused\nwhy B.\n```\n\n## Two\n<!-- step: two -->\n\nText.\n";

/* A world in which a record of TIME_WAIT refuses the bind. */
static struct ui_fixture *refused(int width, int height)
{
	struct ui_fixture *f = ui_fixture_new(width, height, false, true, lesson);
	struct rt_row *row = fake_row(f->fake, RT_TIME_WAIT, "127.0.0.1:8000", "127.0.0.1:40000");

	row->cookie = 3; /* of the first descriptor: old.k is remembered */
	f->fake->answer[RT_CALL_BIND] = EADDRINUSE;
	ui_open(f, 0);
	return f;
}

/* --- the screen ------------------------------------------------------------------------------- */

static void test_the_key_is_there_when_it_does_something(void **state)
{
	struct ui_fixture *f = refused(80, 24);

	(void)state;
	ui_assert_hides(f, "i why");
	ui_press(f, "i");
	ui_assert_hides(f, " Why ");
	ui_press(f, "\n");
	ui_assert_hides(f, "i why"); /* nothing was bound so far */
	ui_press(f, "1");
	ui_assert_shows(f, "i why");
	ui_press(f, "i");
	ui_assert_shows(f, "─ Why ─");
	ui_assert_shows(f, "i close");
	ui_assert_hides(f, "The text of the step.");
	ui_press(f, "i");
	ui_assert_hides(f, "─ Why ─");
	ui_press(f, "i\x1b");
	ui_assert_hides(f, "─ Why ─");
	ui_assert_shows(f, "i why");
	ui_press(f, "iI");
	ui_assert_hides(f, "─ Why ─");
	ui_assert_shows(f, "Say it.");
	ui_fixture_free(f);
}

static void test_what_it_says(void **state)
{
	struct ui_fixture *f = refused(80, 24);

	(void)state;
	ui_press(f, "\n1i");
	ui_assert_shows(f,
			" new: bind(n, 127.0.0.1:8000) = -1 EADDRINUSE (Address already in use)");
	ui_assert_shows(f, "Here is new.n, there the");
	ui_assert_shows(f, "old.k  tcp TIME_WAIT 127.0.0.1:8000: refuses");
	ui_assert_shows(f, "   > no   SO_REUSEADDR on both: here set, there not set");
	ui_assert_shows(f, "     yes  the addresses overlap: the same address");
	ui_assert_shows(f, " Rule    Sockets share a port on overlapping addresses if both");
	ui_assert_shows(f, " Source  inet_bind_conflict()");
	ui_assert_shows(f, " Try     SO_REUSEADDR on the other socket too");
	ui_assert_sound(f);
	ui_fixture_free(f);
}

/* Enter goes on, and what is explained is gone with it; a step back takes the call away. */
static void test_it_goes_with_the_call(void **state)
{
	struct ui_fixture *f = refused(80, 24);

	(void)state;
	ui_press(f, "\n1i");
	ui_press(f, "\n");
	ui_assert_hides(f, "─ Why ─");
	ui_press(f, "i");
	ui_assert_shows(f, "─ Why ─");
	ui_press(f, "bbbbb");
	ui_assert_hides(f, "─ Why ─");
	ui_assert_hides(f, "i why");
	ui_fixture_free(f);
}

static void test_every_size(void **state)
{
	static const struct {
		int width, height;
	} sizes[] = {{40, 12}, {80, 24}, {110, 30}, {160, 40}, {200, 50}};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(sizes); i++) {
		struct ui_fixture *f = refused(sizes[i].width, sizes[i].height);

		ui_press(f, "\n1i");
		ui_assert_shows(f, "─ Why ─");
		ui_assert_shows(f, "EADDRINUSE: a socket on this port");
		ui_assert_shows(f, "i close");
		ui_assert_sound(f);
		/* What has no room is scrolled to. */
		ui_key(f, RT_KEY_END);
		ui_assert_shows(f, "record ends by itself");
		ui_assert_sound(f);
		ui_fixture_free(f);
	}
}

/* The kernel does what the sockets do not explain: that is said first. */
static void test_a_surprise(void **state)
{
	struct ui_fixture *f = refused(80, 24);

	(void)state;
	f->fake->tables.n = 0;
	ui_press(f, "\n1i");
	ui_assert_shows(f, "The kernel did not do what the rules foresee");
	ui_assert_shows(f, "success: no socket on this port has an overlapping address.");
	assert_int_equal(ui_style_of(f, "The kernel did not do"), RT_STYLE_BAD);
	ui_fixture_free(f);
}

/* Another lesson's call is not explained in this one. */
static void test_another_lesson(void **state)
{
	struct ui_fixture *f = refused(80, 24);

	(void)state;
	ui_press(f, "\n1");
	assert_non_null(rt_session_why(f->ui.session));
	ui_open(f, 0);
	assert_null(rt_session_why(f->ui.session));
	ui_assert_hides(f, "i why");
	ui_fixture_free(f);
}

/* Behind a jump the calls are made again for it. */
static void test_after_a_jump(void **state)
{
	struct ui_fixture *f = refused(80, 24);

	(void)state;
	ui_open(f, 1);
	assert_null(rt_session_why(f->ui.session));
	ui_assert_shows(f, "i why");
	ui_press(f, "i");
	ui_assert_shows(f, "─ Why ─");
	ui_assert_shows(f, "   > no   SO_REUSEADDR on both");
	ui_assert_shows(f, "step 2/2");
	ui_press(f, "i");
	ui_assert_hides(f, "─ Why ─");
	ui_fixture_free(f);
}

/* --- words ------------------------------------------------------------------------------------ */

static struct rt_addr addr(const char *text)
{
	struct rt_addr value;

	assert_int_equal(rt_addr_parse(text, strlen(text), &value, NULL), 0);
	return value;
}

/* What would help a bind to 127.0.0.1:8000 of a socket with these options. */
static void helps(int reuseaddr, int reuseport, enum rt_state state, int their_addr, int their_port,
		  const char *words)
{
	struct rt_snapshot snapshot = {0};
	struct rt_rules_verdict verdict = {0};
	struct rt_row self = {.state = RT_CLOSE,
			      .cookie = 1,
			      .inode = 1,
			      .local = addr("0.0.0.0:0"),
			      .reuseaddr.value = (int8_t)reuseaddr,
			      .reuseport.value = (int8_t)reuseport};
	struct rt_rules_query query = {.self = &self, .addr = addr("127.0.0.1:8000")};
	struct rt_row *row = rt_snapshot_add(&snapshot);
	struct rt_str text = {0};

	*row = (struct rt_row){.state = (uint8_t)state, .cookie = 2, .inode = 2};
	row->source = RT_FROM_DIAG;
	row->local = query.addr;
	row->reuseaddr.value = (int8_t)their_addr;
	row->reuseport.value = (int8_t)their_port;
	rt_rules_judge(&snapshot, &query, &verdict);
	rt_rules_words_try(&snapshot, &query, &verdict, &text);
	if (strncmp(rt_str_text(&text), words, strlen(words)) != 0 || (!*words && text.len > 0))
		fail_msg("\"%s\" does not begin with \"%s\"", rt_str_text(&text), words);
	rt_str_fini(&text);
	rt_rules_fini(&verdict);
	rt_snapshot_fini(&snapshot);
}

static void test_what_would_help(void **state)
{
	(void)state;
	helps(1, 0, RT_BOUND, 1, 0, "");
	helps(0, 0, RT_BOUND, 1, 0, "SO_REUSEADDR on this socket before");
	helps(0, 0, RT_BOUND, 0, 1, "SO_REUSEPORT on this socket before");
	helps(1, 0, RT_BOUND, 0, 0, "SO_REUSEADDR on the other socket too");
	helps(0, 1, RT_LISTEN, 0, 0, "SO_REUSEPORT on the other socket too");
	helps(0, 0, RT_BOUND, 0, 0, "SO_REUSEADDR on both");
	/* No SO_REUSEADDR helps against a listener. */
	helps(1, 0, RT_LISTEN, 1, 0, "SO_REUSEPORT on both");
	helps(0, 0, RT_LISTEN, 1, 1, "SO_REUSEPORT on this socket before");
}

/* What is said of a call that was refused, with the socket that it is about. */
static void tried(const struct rt_row *self, enum rt_rules_call call, const struct rt_row *other,
		  const char *words)
{
	struct rt_rules_query query = {.call = call, .self = self};
	struct rt_snapshot snapshot = {.row = (struct rt_row *)(uintptr_t)other, .n = 1};
	struct rt_rules_verdict verdict = {0};
	struct rt_str text = {0};

	query.addr = other->local;
	rt_rules_judge(&snapshot, &query, &verdict);
	assert_int_not_equal(verdict.err, 0);
	rt_rules_words_try(&snapshot, &query, &verdict, &text);
	assert_string_equal(rt_str_text(&text), words);
	rt_str_fini(&text);
	rt_rules_fini(&verdict);
}

/* With SO_REUSEPORT on both and another owner no option is left. */
static void test_the_owner_would_help(void **state)
{
	struct rt_row self = {.cookie = 1, .inode = 1, .local = addr("0.0.0.0:0")};
	struct rt_row other = {.state = RT_LISTEN, .cookie = 2, .inode = 2, .uid = 1000};

	(void)state;
	self.state = RT_CLOSE;
	self.reuseport.value = other.reuseport.value = 1;
	other.source = RT_FROM_DIAG;
	other.local = addr("127.0.0.1:8000");
	tried(&self, RT_RULES_BIND, &other,
	      "A socket that the user of the other makes: the owner is whoever called socket(2). "
	      "Or close the other: it listens.");
	/* What no change of one thing helps is still ended by the other's end. */
	other.reuseport.value = 0;
	tried(&self, RT_RULES_BIND, &other, "Close the other: it listens.");
}

/* What helps where ports have run out depends on who chose them, and for what. */
static void test_ports_that_ran_out(void **state)
{
	struct rt_row row = {.state = RT_CLOSE}, udp = {.proto = RT_UDP, .state = RT_CLOSE};
	struct rt_snapshot none = {0};
	struct rt_rules_verdict verdict = {.err = EADDRNOTAVAIL,
					   .reason = RT_REASON_NO_PORT,
					   .by = SIZE_MAX,
					   .by_row = SIZE_MAX};
	struct rt_rules_query query = {.self = &row, .call = RT_RULES_BIND};
	struct rt_str text = {0};

	(void)state;
	rt_rules_words_try(&none, &query, &verdict, &text);
	assert_non_null(strstr(rt_str_text(&text), "IP_BIND_ADDRESS_NO_PORT"));
	rt_str_clear(&text);
	query.call = RT_RULES_CONNECT;
	rt_rules_words_try(&none, &query, &verdict, &text);
	assert_null(strstr(rt_str_text(&text), "IP_BIND_ADDRESS_NO_PORT"));
	assert_non_null(strstr(rt_str_text(&text), "Another peer"));
	rt_str_clear(&text);
	query.self = &udp;
	rt_rules_words_try(&none, &query, &verdict, &text);
	assert_string_equal(rt_str_text(&text), "A larger ip_local_port_range.");
	rt_str_fini(&text);
}

/* Nobody is told of listeners where there are none. */
static void test_the_rule_of_udp(void **state)
{
	struct rt_row row = {.state = RT_CLOSE}, udp = {.proto = RT_UDP, .state = RT_CLOSE};
	struct rt_rules_query query = {.self = &row};
	struct rt_rules_verdict verdict = {.reason = RT_REASON_ALLOWED};
	struct rt_str text = {0};

	(void)state;
	rt_rules_words_rule(&query, &verdict, &text);
	assert_non_null(strstr(rt_str_text(&text), "TIME_WAIT"));
	assert_null(strstr(rt_str_text(&text), "udp_lib"));
	rt_str_clear(&text);
	query.self = &udp;
	rt_rules_words_rule(&query, &verdict, &text);
	assert_null(strstr(rt_str_text(&text), "TIME_WAIT"));
	assert_non_null(strstr(rt_str_text(&text), "udp_lib_lport_inuse()"));
	rt_str_fini(&text);
}

struct told {
	size_t n[RT_SAYS_TRY + 1];
	size_t longest;
};

static void count(void *ctx, enum rt_says says, const char *text)
{
	struct told *told = ctx;

	told->n[says]++;
	assert_true(*text != '\0');
	assert_null(strchr(text, '\n'));
	assert_null(strstr(text, "(null)"));
}

/* Every reason and every clause, whether they fit together or not. */
static void test_paragraphs(void **state)
{
	struct rt_row row = {.state = RT_BOUND, .name = "s", .name_owner = "a"};
	struct rt_snapshot snapshot = {.row = &row, .n = 1};
	struct rt_rules_query query = {.self = &row};
	struct rt_rules_socket socket = {.n_clauses = 1};
	struct rt_rules_verdict verdict = {.socket = &socket, .n = 1};

	(void)state;
	for (int reason = 0; reason < RT_REASONS; reason++)
		for (int clause = 0; clause < RT_CLAUSES; clause++) {
			struct told told = {{0}, 0};

			verdict.reason = (uint8_t)reason;
			verdict.depends = RT_DEPENDS_CACHE | RT_DEPENDS_PORT;
			socket.clause[0] = (struct rt_rules_clause){(uint8_t)clause, RT_NO, 1, 2};
			rt_rules_tell(&snapshot, &query, &verdict, 1, count, &told);
			assert_int_equal(told.n[RT_SAYS_ANSWER], 1);
			assert_int_equal(told.n[RT_SAYS_DEPENDS], 2);
			assert_int_equal(told.n[RT_SAYS_SOCKET], 1);
			assert_int_equal(told.n[RT_SAYS_DECIDING], 1);
			assert_int_equal(told.n[RT_SAYS_RULE], 1);
			assert_int_equal(told.n[RT_SAYS_SOURCE], 1);
			assert_int_equal(told.n[RT_SAYS_TRY], 0); /* it succeeds */
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_key_is_there_when_it_does_something),
		cmocka_unit_test(test_what_it_says),
		cmocka_unit_test(test_it_goes_with_the_call),
		cmocka_unit_test(test_every_size),
		cmocka_unit_test(test_a_surprise),
		cmocka_unit_test(test_another_lesson),
		cmocka_unit_test(test_after_a_jump),
		cmocka_unit_test(test_what_would_help),
		cmocka_unit_test(test_the_owner_would_help),
		cmocka_unit_test(test_ports_that_ran_out),
		cmocka_unit_test(test_the_rule_of_udp),
		cmocka_unit_test(test_paragraphs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
