/*
 * The engine and the session on a world without a kernel: the order of calls, replays, questions,
 * and what goes wrong.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "fake_world.h"
#include "lesson/session.h"
#include "lesson/words.h"

static const char text[] = "---\nid: t\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n\n"
			   "## One\n<!-- step: one -->\n<!-- note: n -->\n\nBefore.\n\n"
			   "```lab\n"
			   "old: s = socket(AF_INET, SOCK_STREAM)\n"			/* 0 */
			   "old: bind(s, 127.0.0.1:8000)          = EADDRINUSE @bind\n" /* 1 */
			   "old: close(s)\n"						/* 2 */
			   "```\n\nAfter.\n\n"
			   "```predict bind\nask What?\nchoice 0: ok\nwhy no\nchoice EADDRINUSE: "
			   "in use\nwhy yes\nhint a\nhint b\n```\n\n"
			   "## Two\n<!-- step: two -->\n<!-- note: n -->\n\n"
			   "```lab\n"
			   "old: t = socket(AF_INET, SOCK_STREAM)\n" /* 3 */
			   "wait(no tcp 127.0.0.1:8000 TIME_WAIT)\n" /* 4 */
			   "```\n\n"
			   "## Three\n<!-- step: three -->\n<!-- note: n -->\n\n"
			   "```lab fresh\n"
			   "a: s = socket(AF_INET, SOCK_STREAM)\n"	  /* 5 */
			   "a: k = accept(s)                  = blocks\n" /* 6 */
			   "b: c = socket(AF_INET, SOCK_STREAM)\n"	  /* 7 */
			   "b: exit()\n"				  /* 8 */
			   "kill(a, SIGKILL)\n"				  /* 9 */
			   "```\n\n"
			   "## Four\n<!-- step: four -->\n<!-- note: n -->\n\n"
			   "```lab fresh\n"
			   "a: s = socket(AF_INET, SOCK_STREAM)\n"		       /* 10 */
			   "a: close(s)\n"					       /* 11 */
			   "expect no tcp 127.0.0.1:1 LISTEN\n"			       /* 12 */
			   "expect tcp 127.0.0.1:8000 TIME_WAIT owner kernel @state\n" /* 13 */
			   "```\n\n"
			   "```predict state\nask What state?\nchoice TIME_WAIT: a\nwhy a\nchoice "
			   "none: b\nwhy b\n```\n"
			   "## Five\n<!-- step: five -->\n<!-- note: n -->\n\n"
			   "```lab fresh\n"
			   "a: s = socket(AF_INET, SOCK_STREAM)\n" /* 14 */
			   "a: k = accept(s) = blocks\n"	   /* 15 */
			   "a: close(k)\n"			   /* 16 */
			   "```\n\n"
			   "## Six\n<!-- step: six -->\n<!-- note: n -->\n\n"
			   "```lab fresh\n"
			   "a: s = socket(AF_INET, SOCK_STREAM)\n"   /* 17 */
			   "a: close(s)\n"			     /* 18 */
			   "wait(no tcp 127.0.0.1:8000 FIN_WAIT2)\n" /* 19 */
			   "```\n\n"
			   "## Seven\n<!-- step: seven -->\n<!-- note: n -->\n\n"
			   "```lab fresh\n"
			   "destroy(tcp 127.0.0.1:8000)\n" /* 20 */
			   "```\n";

struct fixture {
	struct rt_loop *loop;
	struct fake *fake;
	struct rt_session *session;
};

/* Its second step needs the stage of the first. */
static const char passing[] = "---\nid: t\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n\n"
			      "## One\n<!-- step: one -->\n<!-- note: n -->\n\n"
			      "```lab\n"
			      "old: s = socket(AF_INET, SOCK_STREAM)\n"	       /* 0 */
			      "old: close(s)\n"				       /* 1 */
			      "old: t = socket(AF_INET, SOCK_STREAM)\n"	       /* 2 */
			      "old: bind(t, 127.0.0.1:8000)    = EADDRINUSE\n" /* 3 */
			      "expect no tcp 127.0.0.1:1 LISTEN\n"	       /* 4 */
			      "```\n\n"
			      "## Two\n<!-- step: two -->\n<!-- note: n -->\n\n"
			      "```lab\n"
			      "expect no tcp 127.0.0.1:2 LISTEN\n" /* 5 */
			      "old: close(t)\n"			   /* 6 */
			      "```\n";

static struct rt_lesson *parse_text(const char *lines)
{
	struct rt_mistakes mistakes = {0};
	struct rt_error err = {0};
	struct rt_str list = {0};
	struct rt_lesson *lesson = rt_lesson_parse(lines, strlen(lines), "t.md", &mistakes, &err);

	if (!lesson) {
		rt_mistakes_format(&mistakes, "t.md", &list);
		fail_msg("%s %s", err.what, rt_str_text(&list));
	}
	rt_mistakes_fini(&mistakes);
	return lesson;
}

static struct rt_lesson *parse(void)
{
	return parse_text(text);
}

static int setup(void **state)
{
	struct fixture *f = rt_calloc(1, sizeof(*f));

	f->loop = rt_loop_new();
	f->fake = fake_new(f->loop);
	f->fake->answer[RT_CALL_BIND] = EADDRINUSE;
	f->session = rt_session_new(&f->fake->world);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	rt_session_free(f->session);
	fake_free(f->fake);
	rt_loop_free(f->loop);
	free(f);
	return 0;
}

static void open_at(struct fixture *f, size_t step)
{
	rt_session_open(f->session, parse(), step);
	rt_session_settle(f->session);
}

static void go_on(struct fixture *f)
{
	rt_session_go_on(f->session);
	rt_session_settle(f->session);
}

static size_t position(struct fixture *f)
{
	return rt_engine_position(rt_session_engine(f->session));
}

static const struct rt_outcome *outcome(struct fixture *f, size_t line)
{
	return rt_engine_outcome(rt_session_engine(f->session), line);
}

static void test_asks_before_the_line_and_shows_the_result_after(void **state)
{
	struct fixture *f = *state;
	const struct rt_predict *question;
	bool right;

	open_at(f, 0);
	assert_int_equal(rt_session_phase(f->session), RT_PHASE_READ);
	assert_int_equal(f->fake->stages, 0);
	go_on(f);
	assert_int_equal(rt_session_phase(f->session), RT_PHASE_ASK);
	assert_int_equal(position(f), 1);
	assert_int_equal(f->fake->orders[RT_CALL_BIND], 0);
	/* Enter does not answer. */
	go_on(f);
	assert_int_equal(rt_session_phase(f->session), RT_PHASE_ASK);
	question = rt_session_question(f->session);
	rt_session_answer(f->session, 0);
	rt_session_settle(f->session);
	assert_int_equal(rt_session_phase(f->session), RT_PHASE_RESULT);
	assert_ptr_equal(rt_session_question(f->session), question);
	assert_int_equal(rt_session_right_choice(f->session, question), 1);
	assert_string_equal(rt_words_verdict(f->session, question, &right),
			    "differs from your prediction");
	assert_false(right);
	assert_true(outcome(f, 1)->as_wanted);
	go_on(f);
	assert_int_equal(rt_session_phase(f->session), RT_PHASE_STEP);
	assert_int_equal(position(f), 3);
}

static void test_another_answer_of_the_kernel_is_not_held_against_the_learner(void **state)
{
	struct fixture *f = *state;
	const struct rt_predict *question;
	bool right;

	f->fake->answer[RT_CALL_BIND] = EACCES;
	open_at(f, 0);
	go_on(f);
	question = rt_session_question(f->session);
	rt_session_answer(f->session, 1);
	rt_session_settle(f->session);
	assert_false(outcome(f, 1)->as_wanted);
	assert_int_equal(outcome(f, 1)->err, EACCES);
	assert_int_equal(rt_session_right_choice(f->session, question), -1);
	assert_non_null(strstr(rt_words_verdict(f->session, question, &right), "otherwise"));
}

static void test_skip_unsure_and_score(void **state)
{
	struct fixture *f = *state;
	size_t asked, answered, right;

	open_at(f, 0);
	go_on(f);
	rt_session_one_call(f->session);
	rt_session_settle(f->session);
	assert_int_equal(rt_session_phase(f->session), RT_PHASE_RESULT);
	assert_int_equal(rt_session_answer_of(f->session, rt_session_question(f->session)),
			 RT_ANSWER_SKIPPED);
	rt_session_again(f->session);
	rt_session_settle(f->session);
	go_on(f);
	assert_int_equal(rt_session_phase(f->session), RT_PHASE_ASK);
	rt_session_answer(f->session, RT_ANSWER_UNSURE);
	rt_session_settle(f->session);
	rt_session_score(f->session, &asked, &answered, &right);
	assert_int_equal(asked, 2);
	assert_int_equal(answered, 0);
	assert_int_equal(right, 0);
}

static void test_back_rebuilds_on_a_fresh_stage_and_keeps_the_answer(void **state)
{
	struct fixture *f = *state;
	const struct rt_predict *question;

	open_at(f, 0);
	go_on(f);
	question = rt_session_question(f->session);
	rt_session_answer(f->session, 1);
	rt_session_settle(f->session);
	go_on(f);
	assert_int_equal(f->fake->stages, 1);
	assert_int_equal(f->fake->orders[RT_CALL_BIND], 1);
	rt_session_back(f->session);
	rt_session_settle(f->session);
	assert_int_equal(position(f), 2);
	assert_int_equal(f->fake->stages, 2);
	assert_int_equal(f->fake->orders[RT_CALL_BIND], 2);
	assert_int_equal(outcome(f, 2)->how, RT_NOT_RUN);
	rt_session_back(f->session);
	rt_session_settle(f->session);
	assert_int_equal(position(f), 1);
	assert_int_equal(rt_session_answer_of(f->session, question), 1);
	/* Answered before: it is not asked twice. */
	assert_int_equal(rt_session_phase(f->session), RT_PHASE_READ);
}

static void test_a_jump_replaces_waits_and_runs_only_its_own_stage(void **state)
{
	struct fixture *f = *state;

	fake_row(f->fake, RT_TIME_WAIT, "127.0.0.1:8000", "127.0.0.1:40000");
	open_at(f, 1);
	assert_int_equal(position(f), 3);
	assert_int_equal(f->fake->orders[RT_CALL_BIND], 1);
	rt_session_go_to(f->session, 2);
	rt_session_settle(f->session);
	assert_int_equal(position(f), 5);
	assert_int_equal(f->fake->destroyed, 1);
	assert_int_equal(outcome(f, 4)->how, RT_REPLACED);
	assert_true(outcome(f, 4)->as_wanted);
	/* One line into the last step: the stage of the steps before is of no use. */
	go_on(f);
	rt_session_go_to(f->session, 2);
	rt_session_settle(f->session);
	assert_int_equal(f->fake->orders[RT_CALL_BIND], 2);
}

static void test_a_jump_from_afar_skips_the_stages_between(void **state)
{
	struct fixture *f = *state;
	struct rt_engine *engine;

	open_at(f, 0);
	engine = rt_session_engine(f->session);
	rt_engine_jump(engine, 6, 0);
	assert_int_equal(rt_engine_settle(engine, NULL), 0);
	assert_int_equal(f->fake->orders[RT_CALL_BIND], 0);
	assert_int_equal(f->fake->orders[RT_CALL_SOCKET], 1);
	assert_int_equal(outcome(f, 0)->how, RT_NOT_RUN);
}

static void open_passing(struct fixture *f)
{
	rt_session_open(f->session, parse_text(passing), 1);
	rt_session_settle(f->session);
}

/* A look takes longer than a call, and nobody sees what comes of these lines. */
static void test_a_jump_looks_at_nothing_on_the_way(void **state)
{
	struct fixture *f = *state;

	open_passing(f);
	assert_int_equal(position(f), 5);
	assert_int_equal(f->fake->looks, 1);
	assert_true(outcome(f, 3)->as_wanted);
	assert_int_equal(outcome(f, 4)->how, RT_NOT_RUN);
	assert_false(rt_engine_has_passed(rt_session_engine(f->session), 5));
	/* What the step itself has before the learner goes on is looked at. */
	go_on(f);
	assert_int_equal(outcome(f, 5)->how, RT_DONE);
	assert_int_equal(f->fake->stages, 1);
}

/* The processors are everybody's again when it is over, also where the session ends in it. */
static void test_a_replay_is_told_from_its_begin_to_its_end(void **state)
{
	struct fixture *f = *state;

	rt_session_open(f->session, parse_text(passing), 0);
	go_on(f);
	assert_int_equal(f->fake->replays, 0);
	rt_session_go_to(f->session, 0);
	rt_session_go_to(f->session, 1);
	rt_session_pump(f->session);
	assert_true(f->fake->in_turns);
	rt_session_settle(f->session);
	assert_int_equal(f->fake->replays, 1);
	assert_false(f->fake->in_turns);
	go_on(f);
	assert_int_equal(f->fake->replays, 1);
	rt_session_again(f->session);
	rt_session_pump(f->session);
	assert_true(f->fake->in_turns);
	rt_session_free(f->session);
	f->session = NULL;
	assert_false(f->fake->in_turns);
}

static void test_what_a_jump_has_passed_is_looked_at_to_be_seen(void **state)
{
	struct fixture *f = *state;

	open_passing(f);
	rt_session_back(f->session);
	rt_session_settle(f->session);
	assert_int_equal(rt_session_step(f->session), 0);
	assert_int_equal(position(f), 5);
	assert_int_equal(outcome(f, 4)->how, RT_DONE);
	assert_int_equal(f->fake->stages, 2);
	/* Once that is known, the same stage does. */
	rt_session_go_on(f->session);
	rt_session_settle(f->session);
	rt_session_back(f->session);
	rt_session_settle(f->session);
	assert_int_equal(f->fake->stages, 2);
}

/* A FIN that was still on its way, perhaps: the second time it is waited for. */
static void test_a_jump_that_goes_wrong_begins_again_and_looks(void **state)
{
	struct fixture *f = *state;

	f->fake->good[RT_CALL_BIND] = 1;
	open_passing(f);
	assert_int_equal(f->fake->orders[RT_CALL_BIND], 2);
	assert_int_equal(f->fake->stages, 2);
	assert_true(outcome(f, 3)->as_wanted);
	assert_int_equal(outcome(f, 4)->how, RT_DONE);
	assert_true(f->fake->looks > 1);
}

static void test_a_jump_over_what_differs_ends(void **state)
{
	struct fixture *f = *state;

	f->fake->answer[RT_CALL_BIND] = EACCES;
	open_passing(f);
	assert_int_equal(position(f), 5);
	assert_int_equal(f->fake->orders[RT_CALL_BIND], 2);
	assert_false(outcome(f, 3)->as_wanted);
}

static void test_a_wait_goes_on_until_the_row_is_gone(void **state)
{
	struct fixture *f = *state;

	open_at(f, 1);
	fake_row(f->fake, RT_TIME_WAIT, "127.0.0.1:8000", "127.0.0.1:40000");
	rt_session_go_on(f->session);
	for (int i = 0; i < 20 && rt_engine_waiting_line(rt_session_engine(f->session)) < 0; i++) {
		rt_session_pump(f->session);
		rt_loop_once(f->loop, 10);
	}
	assert_int_equal(rt_engine_waiting_line(rt_session_engine(f->session)), 4);
	assert_int_equal(rt_session_phase(f->session), RT_PHASE_RUN);
	f->fake->tables.n = 0;
	rt_session_settle(f->session);
	assert_int_equal(outcome(f, 4)->how, RT_DONE);
	assert_int_equal(f->fake->destroyed, 0);
}

static void test_a_destroy_ends_each_row_that_matches(void **state)
{
	struct fixture *f = *state;

	fake_row(f->fake, RT_TIME_WAIT, "127.0.0.1:8000", "127.0.0.1:40000");
	fake_row(f->fake, RT_TIME_WAIT, "127.0.0.1:8000", "127.0.0.1:40001");
	open_at(f, 6);
	go_on(f);
	assert_int_equal(f->fake->destroyed, 2);
	assert_int_equal(outcome(f, 20)->err, 0);
}

/* As a UDP socket does: it is asked once, and not for ever. */
static void test_a_destroy_gives_up_on_a_socket_that_stays(void **state)
{
	struct fixture *f = *state;

	f->fake->destroy_kept = true;
	fake_row(f->fake, RT_LISTEN, "127.0.0.1:8000", NULL);
	open_at(f, 6);
	go_on(f);
	assert_int_equal(f->fake->destroyed, 1);
	assert_int_equal(outcome(f, 20)->err, ETIMEDOUT);
}

/* The FIN is on its way: FIN_WAIT2 is not there yet, which is not the same as gone. */
static void test_a_wait_for_the_end_of_a_state_lets_it_begin(void **state)
{
	struct fixture *f = *state;

	open_at(f, 5);
	fake_row(f->fake, RT_FIN_WAIT1, "127.0.0.1:8000", "127.0.0.1:40000");
	f->fake->passing = 4;
	rt_session_go_on(f->session);
	for (int i = 0; i < 100 && outcome(f, 19)->how != RT_DONE && f->fake->passing > 0; i++) {
		rt_session_pump(f->session);
		rt_loop_once(f->loop, 10);
	}
	assert_int_equal(f->fake->passing, 0);
	assert_int_equal(outcome(f, 19)->how, RT_NOT_RUN);
	f->fake->tables.n = 0;
	rt_session_settle(f->session);
	assert_int_equal(outcome(f, 19)->how, RT_DONE);
}

/*
 * The FIN of the one end may not overtake the ACK of the other's: what the kernel makes of that is
 * no record.
 */
static void test_the_other_end_waits_until_the_first_has_its_ack(void **state)
{
	static const char ends[] =
		"---\nid: t\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n\n"
		"## One\n<!-- step: one -->\n\n```lab\n"
		"server: k = socket(AF_INET, SOCK_STREAM)\n"
		"client: c = socket(AF_INET, SOCK_STREAM)\n"
		"server: close(k)\nclient: close(c)\n```\n";
	struct fixture *f = *state;

	rt_session_open(f->session, parse_text(ends), 0);
	rt_session_settle(f->session);
	fake_row(f->fake, RT_FIN_WAIT1, "127.0.0.1:8000", "127.0.0.1:40000");
	f->fake->passing = 4;
	rt_session_go_on(f->session);
	for (int i = 0; i < 100 && f->fake->passing > 0; i++) {
		rt_session_pump(f->session);
		assert_true(f->fake->passing == 0 || f->fake->orders[RT_CALL_CLOSE] <= 1);
		rt_loop_once(f->loop, 10);
	}
	assert_int_equal(f->fake->passing, 0);
	f->fake->tables.n = 0;
	rt_session_settle(f->session);
	assert_int_equal(f->fake->orders[RT_CALL_CLOSE], 2);
	assert_int_equal(outcome(f, 3)->how, RT_DONE);
}

/* Somebody who looks into /proc holds the file: close() has returned, and the socket is there. */
static void test_a_closed_socket_is_let_go(void **state)
{
	struct fixture *f = *state;

	f->fake->answer[RT_CALL_BIND] = 0;
	open_at(f, 3);
	fake_row(f->fake, RT_LISTEN, "127.0.0.1:1", NULL)->inode = 5;
	f->fake->passing = 4;
	rt_engine_go(rt_session_engine(f->session), 12);
	assert_int_equal(rt_engine_settle(rt_session_engine(f->session), NULL), 0);
	assert_int_equal(f->fake->passing, 0);
	assert_int_equal(rt_engine_sockets(rt_session_engine(f->session))->n, 0);
}

/*
 * Step two begins with the record there; when the learner goes on it has run out: the lines before
 * run again.
 */
static void test_a_record_that_ran_out_is_made_again(void **state)
{
	struct fixture *f = *state;

	fake_row(f->fake, RT_TIME_WAIT, "127.0.0.1:8000", "127.0.0.1:40000")->timer =
		RT_TIMER_TIME_WAIT;
	open_at(f, 1);
	assert_int_equal(f->fake->stages, 1);
	assert_false(rt_engine_is_stale(rt_session_engine(f->session)));
	f->fake->tables.n = 0;
	assert_true(rt_engine_refresh(rt_session_engine(f->session)));
	assert_true(rt_engine_is_stale(rt_session_engine(f->session)));
	rt_session_one_call(f->session);
	rt_session_settle(f->session);
	assert_int_equal(position(f), 4);
	assert_int_equal(f->fake->stages, 2);
	assert_int_equal(f->fake->orders[RT_CALL_BIND], 2);
}

static void test_a_record_that_the_learner_ended_stays_ended(void **state)
{
	struct fixture *f = *state;
	struct rt_row row;

	row = *fake_row(f->fake, RT_TIME_WAIT, "127.0.0.1:8000", "127.0.0.1:40000");
	f->fake->tables.row[0].timer = RT_TIMER_TIME_WAIT;
	open_at(f, 1);
	rt_engine_destroy(rt_session_engine(f->session), &row);
	rt_loop_once(f->loop, 1000);
	rt_session_pump(f->session);
	assert_int_equal(f->fake->destroyed, 1);
	rt_session_one_call(f->session);
	rt_session_settle(f->session);
	assert_int_equal(position(f), 4);
	assert_int_equal(f->fake->stages, 1);
}

static void test_a_wait_is_ended_by_the_learner(void **state)
{
	struct fixture *f = *state;

	open_at(f, 1);
	fake_row(f->fake, RT_TIME_WAIT, "127.0.0.1:8000", "127.0.0.1:40000");
	rt_session_go_on(f->session);
	for (int i = 0; i < 20 && rt_engine_waiting_line(rt_session_engine(f->session)) < 0; i++) {
		rt_session_pump(f->session);
		rt_loop_once(f->loop, 10);
	}
	rt_engine_end_wait(rt_session_engine(f->session));
	rt_session_settle(f->session);
	assert_int_equal(outcome(f, 4)->how, RT_REPLACED);
	assert_int_equal(f->fake->destroyed, 1);
}

static void test_a_blocked_call_lets_others_run_and_resumes(void **state)
{
	struct fixture *f = *state;

	f->fake->silent[RT_CALL_ACCEPT] = true;
	open_at(f, 2);
	rt_session_one_call(f->session);
	rt_session_settle(f->session);
	rt_session_one_call(f->session);
	rt_session_settle(f->session);
	assert_int_equal(outcome(f, 6)->how, RT_BLOCKED);
	assert_true(outcome(f, 6)->as_wanted);
	rt_session_one_call(f->session);
	rt_session_settle(f->session);
	assert_int_equal(outcome(f, 7)->how, RT_DONE);
	fake_wake(f->fake, 0);
	rt_loop_once(f->loop, 1000);
	assert_int_equal(outcome(f, 6)->how, RT_RESUMED);
	assert_true(outcome(f, 6)->as_wanted);
}

/* Neither an answer nor a process that sleeps: "blocks" would be a guess, and so would success. */
static void test_a_call_that_is_never_seen_asleep_does_not_block(void **state)
{
	struct fixture *f = *state;

	f->fake->silent[RT_CALL_ACCEPT] = f->fake->awake = true;
	open_at(f, 2);
	rt_session_one_call(f->session);
	rt_session_settle(f->session);
	rt_session_one_call(f->session);
	rt_session_settle(f->session);
	assert_int_equal(outcome(f, 6)->how, RT_UNABLE);
	assert_false(outcome(f, 6)->as_wanted);
	assert_non_null(strstr(outcome(f, 6)->why, "neither returned"));
	fake_wake(f->fake, 0);
	rt_loop_once(f->loop, 1000);
	assert_int_equal(outcome(f, 6)->how, RT_UNABLE);
	assert_false(outcome(f, 6)->as_wanted);
}

/* What wakes a process is one line; what it does then is another, which must not come too early. */
static void test_a_line_waits_for_a_process_that_wakes(void **state)
{
	struct fixture *f = *state;
	struct rt_engine *engine;

	f->fake->silent[RT_CALL_ACCEPT] = true;
	open_at(f, 4);
	engine = rt_session_engine(f->session);
	rt_engine_go(engine, 16);
	assert_int_equal(rt_engine_settle(engine, NULL), 0);
	assert_int_equal(outcome(f, 15)->how, RT_BLOCKED);
	rt_engine_go(engine, 17);
	for (int i = 0; i < 5; i++) {
		rt_engine_pump(engine);
		rt_loop_once(f->loop, 1);
	}
	assert_int_equal(outcome(f, 16)->how, RT_NOT_RUN);
	fake_wake(f->fake, 0);
	assert_int_equal(rt_engine_settle(engine, NULL), 0);
	assert_int_equal(outcome(f, 15)->how, RT_RESUMED);
	assert_int_equal(outcome(f, 16)->how, RT_DONE);
	/* Nobody wakes it: the line is not run, and says why. */
	rt_engine_rebuild(engine);
	assert_int_equal(rt_engine_settle(engine, NULL), 0);
	assert_int_equal(outcome(f, 16)->how, RT_UNABLE);
	assert_non_null(strstr(outcome(f, 16)->why, "still in the call of line"));
}

/* On a busy machine the sleeper is woken by one line and has not run when that line is done. */
static void test_what_a_line_wakes_returns_before_the_next(void **state)
{
	struct fixture *f = *state;
	struct rt_engine *engine;

	f->fake->silent[RT_CALL_ACCEPT] = true;
	open_at(f, 2);
	engine = rt_session_engine(f->session);
	rt_engine_go(engine, 7);
	assert_int_equal(rt_engine_settle(engine, NULL), 0);
	assert_int_equal(outcome(f, 6)->how, RT_BLOCKED);
	f->fake->awake = true;
	rt_engine_go(engine, 8);
	for (int i = 0; i < 20; i++) {
		rt_engine_pump(engine);
		rt_loop_once(f->loop, 1);
	}
	assert_int_equal(outcome(f, 7)->how, RT_DONE);
	assert_int_equal(position(f), 7);
	fake_wake(f->fake, 0);
	assert_int_equal(rt_engine_settle(engine, NULL), 0);
	assert_int_equal(outcome(f, 6)->how, RT_RESUMED);
	assert_int_equal(position(f), 8);
}

/* It runs and does not return: that holds nobody up for long. */
static void test_who_is_awake_without_an_end_is_left(void **state)
{
	struct fixture *f = *state;
	struct rt_engine *engine;
	int64_t began;

	f->fake->silent[RT_CALL_ACCEPT] = true;
	open_at(f, 2);
	engine = rt_session_engine(f->session);
	rt_engine_go(engine, 7);
	assert_int_equal(rt_engine_settle(engine, NULL), 0);
	f->fake->awake = true;
	began = rt_now_ms();
	rt_engine_go(engine, 8);
	assert_int_equal(rt_engine_settle(engine, NULL), 0);
	assert_int_equal(position(f), 8);
	assert_true(rt_now_ms() - began >= 2000);
	assert_int_equal(outcome(f, 6)->how, RT_BLOCKED);
}

/*
 * A virtual machine that is held for longer than anybody is waited for: when it runs again, the
 * tutor may be the first to do so.
 */
static void test_time_in_which_nobody_runs_does_not_count(void **state)
{
	const struct timespec held = {0, 400 * 1000000L};
	struct fixture *f = *state;
	struct rt_engine *engine;

	f->fake->silent[RT_CALL_ACCEPT] = true;
	open_at(f, 4);
	engine = rt_session_engine(f->session);
	rt_engine_go(engine, 16);
	assert_int_equal(rt_engine_settle(engine, NULL), 0);
	assert_int_equal(outcome(f, 15)->how, RT_BLOCKED);
	rt_engine_go(engine, 17);
	rt_engine_pump(engine);
	nanosleep(&held, NULL);
	rt_engine_pump(engine);
	fake_wake(f->fake, 0);
	assert_int_equal(rt_engine_settle(engine, NULL), 0);
	assert_int_equal(outcome(f, 15)->how, RT_RESUMED);
	assert_int_equal(outcome(f, 16)->how, RT_DONE);
}

/* A busy machine lets nobody run in time: a call that has not returned may not have begun. */
static void test_patience_is_that_of_who_gets_a_turn(void **state)
{
	const struct timespec late = {0, 40 * 1000000L};
	struct fixture *f = *state;
	struct rt_engine *engine;

	f->fake->silent[RT_CALL_BIND] = true;
	open_at(f, 0);
	engine = rt_session_engine(f->session);
	rt_engine_go(engine, 2);
	for (int i = 0; i < 12; i++) {
		rt_engine_pump(engine);
		nanosleep(&late, NULL);
		rt_loop_once(f->loop, 0);
	}
	assert_int_equal(outcome(f, 1)->how, RT_NOT_RUN);
	assert_int_equal(rt_engine_settle(engine, NULL), 0);
	assert_int_equal(outcome(f, 1)->how, RT_BLOCKED);
}

/* Such a machine may never be in time: then what is looked at late counts. */
static void test_a_machine_that_is_always_late_goes_on(void **state)
{
	const struct timespec late = {0, 180 * 1000000L};
	struct fixture *f = *state;
	struct rt_engine *engine;

	open_at(f, 3);
	fake_row(f->fake, RT_LISTEN, "127.0.0.1:1", NULL);
	engine = rt_session_engine(f->session);
	rt_engine_go(engine, 12);
	assert_int_equal(rt_engine_settle(engine, NULL), 0);
	rt_engine_go(engine, 13);
	rt_engine_pump(engine);
	f->fake->tables.n = 0;
	for (int i = 0; i < 6; i++) {
		nanosleep(&late, NULL);
		rt_engine_pump(engine);
	}
	assert_int_equal(outcome(f, 12)->how, RT_DONE);
	assert_true(outcome(f, 12)->as_wanted);
}

static void test_a_process_that_dies_in_a_call(void **state)
{
	struct fixture *f = *state;

	f->fake->silent[RT_CALL_ACCEPT] = true;
	open_at(f, 2);
	rt_session_one_call(f->session);
	rt_session_settle(f->session);
	rt_session_one_call(f->session);
	rt_session_pump(f->session);
	fake_die(f->fake, 1);
	rt_session_settle(f->session);
	assert_int_equal(outcome(f, 6)->how, RT_KILLED);
	assert_false(outcome(f, 6)->as_wanted);
	/* b lives, and exits; then there is nobody to kill. */
	go_on(f);
	assert_int_equal(outcome(f, 8)->how, RT_DONE);
	assert_int_equal(outcome(f, 9)->how, RT_UNABLE);
	assert_int_equal(rt_session_phase(f->session), RT_PHASE_STEP);
}

static void test_a_state_is_asked_for_before_the_call_that_brings_it(void **state)
{
	struct fixture *f = *state;
	const struct rt_predict *question;

	fake_row(f->fake, RT_TIME_WAIT, "127.0.0.1:8000", "127.0.0.1:40000");
	open_at(f, 3);
	/*
	 * Neither the call's effect nor what the lesson expects of it may be read before the
	 * answer.
	 */
	assert_int_equal(rt_session_shown_lines(f->session), 13);
	go_on(f);
	assert_int_equal(rt_session_phase(f->session), RT_PHASE_ASK);
	assert_int_equal(position(f), 11);
	assert_int_equal(f->fake->orders[RT_CALL_CLOSE], 0);
	question = rt_session_question(f->session);
	rt_session_answer(f->session, 0);
	rt_session_settle(f->session);
	assert_int_equal(rt_session_phase(f->session), RT_PHASE_RESULT);
	assert_int_equal(position(f), 14);
	assert_int_equal(rt_session_right_choice(f->session, question), 0);
	assert_int_equal(rt_session_shown_lines(f->session), 14);
}

/* Another socket with these addresses is not the one that the line is about. */
static void test_a_state_is_that_of_the_row_that_is_meant(void **state)
{
	struct fixture *f = *state;
	const struct rt_predict *question;

	fake_row(f->fake, RT_ESTABLISHED, "127.0.0.1:8000", "127.0.0.1:40000")->inode = 77;
	fake_row(f->fake, RT_TIME_WAIT, "127.0.0.1:8000", "127.0.0.1:40001");
	open_at(f, 3);
	go_on(f);
	question = rt_session_question(f->session);
	rt_session_answer(f->session, 0);
	rt_session_settle(f->session);
	assert_int_equal(outcome(f, 13)->state, RT_TIME_WAIT);
	assert_int_equal(rt_session_right_choice(f->session, question), 0);
	/* And where that is all there is, the one that is meant is not there. */
	f->fake->tables.n = 1;
	rt_session_again(f->session);
	rt_session_settle(f->session);
	go_on(f);
	rt_session_answer(f->session, 0);
	rt_session_settle(f->session);
	assert_int_equal(outcome(f, 13)->state, 0);
	assert_int_equal(rt_session_right_choice(f->session, question), 1);
}

static void test_a_stage_that_dies_can_be_built_again(void **state)
{
	struct fixture *f = *state;

	open_at(f, 0);
	go_on(f);
	f->fake->world.events->dead(f->fake->world.events_ctx);
	rt_session_pump(f->session);
	assert_int_equal(rt_session_phase(f->session), RT_PHASE_LOST);
	assert_non_null(strstr(rt_session_error(f->session)->what, "stage"));
	rt_session_again(f->session);
	rt_session_settle(f->session);
	assert_int_equal(rt_session_phase(f->session), RT_PHASE_READ);
	go_on(f);
	assert_int_equal(rt_session_phase(f->session), RT_PHASE_ASK);
	assert_int_equal(f->fake->stages, 2);
}

static void test_no_stage_leaves_the_texts(void **state)
{
	struct fixture *f = *state;
	struct rt_session *session = rt_session_new(NULL);

	(void)f;
	rt_session_open(session, parse(), 0);
	assert_int_equal(rt_session_phase(session), RT_PHASE_STEP);
	rt_session_go_on(session);
	assert_int_equal(rt_session_step(session), 1);
	for (int i = 0; i < 5; i++)
		rt_session_one_call(session);
	assert_int_equal(rt_session_step(session), 6);
	assert_int_equal(rt_session_phase(session), RT_PHASE_END);
	rt_session_back(session);
	assert_int_equal(rt_session_step(session), 5);
	rt_session_free(session);
}

static void test_a_refused_stage_is_told(void **state)
{
	struct fixture *f = *state;

	f->fake->refuse_stage = EPERM;
	open_at(f, 0);
	go_on(f);
	assert_int_equal(rt_session_phase(f->session), RT_PHASE_LOST);
	assert_int_equal(rt_session_error(f->session)->kind, RT_ERR_STAGE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_asks_before_the_line_and_shows_the_result_after),
		TEST(test_another_answer_of_the_kernel_is_not_held_against_the_learner),
		TEST(test_skip_unsure_and_score),
		TEST(test_back_rebuilds_on_a_fresh_stage_and_keeps_the_answer),
		TEST(test_a_jump_replaces_waits_and_runs_only_its_own_stage),
		TEST(test_a_jump_from_afar_skips_the_stages_between),
		TEST(test_a_jump_looks_at_nothing_on_the_way),
		TEST(test_a_replay_is_told_from_its_begin_to_its_end),
		TEST(test_what_a_jump_has_passed_is_looked_at_to_be_seen),
		TEST(test_a_jump_that_goes_wrong_begins_again_and_looks),
		TEST(test_a_jump_over_what_differs_ends),
		TEST(test_a_wait_goes_on_until_the_row_is_gone),
		TEST(test_a_destroy_ends_each_row_that_matches),
		TEST(test_a_destroy_gives_up_on_a_socket_that_stays),
		TEST(test_a_wait_for_the_end_of_a_state_lets_it_begin),
		TEST(test_the_other_end_waits_until_the_first_has_its_ack),
		TEST(test_a_closed_socket_is_let_go),
		TEST(test_a_record_that_ran_out_is_made_again),
		TEST(test_a_record_that_the_learner_ended_stays_ended),
		TEST(test_a_wait_is_ended_by_the_learner),
		TEST(test_a_blocked_call_lets_others_run_and_resumes),
		TEST(test_a_call_that_is_never_seen_asleep_does_not_block),
		TEST(test_what_a_line_wakes_returns_before_the_next),
		TEST(test_who_is_awake_without_an_end_is_left),
		TEST(test_time_in_which_nobody_runs_does_not_count),
		TEST(test_patience_is_that_of_who_gets_a_turn),
		TEST(test_a_machine_that_is_always_late_goes_on),
		TEST(test_a_line_waits_for_a_process_that_wakes),
		TEST(test_a_process_that_dies_in_a_call),
		TEST(test_a_state_is_asked_for_before_the_call_that_brings_it),
		TEST(test_a_state_is_that_of_the_row_that_is_meant),
		TEST(test_a_stage_that_dies_can_be_built_again),
		TEST(test_no_stage_leaves_the_texts),
		TEST(test_a_refused_stage_is_told),
	};

	return cmocka_run_group_tests_name("engine and session", tests, NULL, NULL);
}
