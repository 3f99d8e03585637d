/* Another instance of a lesson: what of its text changes, and what means something and stays. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "lesson/variant.h"

enum { SEEDS = 25 };

/* The rewritten text, to be freed. */
static char *rewritten(const char *text, uint64_t seed)
{
	struct rt_str out = {0};

	rt_variant_rewrite(text, strlen(text), seed, &out);
	return rt_str_take(&out);
}

/* Fails unless the text comes out as it is, whatever the seed. */
static void assert_stays(const char *text)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		char *out = rewritten(text, seed);

		assert_string_equal(out, text);
		free(out);
	}
}

/*
 * Fails unless text becomes `as`, in which $ stands for one port of four digits, which is not
 * 8000, and & for one host, which is not 2.
 */
static void assert_becomes(const char *text, const char *as)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		char *out = rewritten(text, seed), port[5] = "", host[4] = "";
		const char *at = out;

		for (const char *c = as; *c; c++) {
			char *known = *c == '$' ? port : host;
			size_t n = *c == '$' ? 4 : strspn(at, "0123456789");

			if (*c != '$' && *c != '&') {
				if (*at++ != *c)
					fail_msg("\"%s\" is not as \"%s\"", out, as);
				continue;
			}
			if (!known[0])
				snprintf(known, n + 1, "%s", at);
			assert_int_equal(strspn(at, "0123456789"), n);
			assert_memory_equal(at, known, n);
			at += n;
		}
		assert_string_equal(at, "");
		assert_string_not_equal(port, "8000");
		assert_string_not_equal(host, "2");
		free(out);
	}
}

#define LAB(lines) "```lab\n" lines "```\n"

static void test_ports_and_hosts_change_everywhere(void **state)
{
	(void)state;
	assert_becomes("---\nid: x\nquestion: \"Port 8000?\"\n---\n\n"
		       "On 127.0.0.2, port 8000 (TCP 8000, 8000/udp), or [::1]:8000.\n"
		       "<!-- note: 8000 -->\n"
		       "```predict q\nask `bind(s, 127.0.0.2:8000)`?\nchoice 0: 8000\n```\n" LAB(
			       "a: bind(s, 127.0.0.2:8000) # 8000\nexpect tcp *:8000 LISTEN\n"),
		       "---\nid: x\nquestion: \"Port $?\"\n---\n\n"
		       "On 127.0.0.&, port $ (TCP $, $/udp), or [::1]:$.\n"
		       "<!-- note: $ -->\n"
		       "```predict q\nask `bind(s, 127.0.0.&:$)`?\nchoice 0: $\n```\n" LAB(
			       "a: bind(s, 127.0.0.&:$) # $\nexpect tcp *:$ LISTEN\n"));
}

static void test_short_hosts_of_prose(void **state)
{
	(void)state;
	assert_becomes(
		"As .1 and .2 (.2, .2) after .2 s, 1.2 or 0.2.\n" LAB("a: bind(s, 127.0.0.2:80)\n"),
		"As .1 and .& (.&, .&) after .2 s, 1.2 or 0.2.\n" LAB(
			"a: bind(s, 127.0.0.&:80)\n"));
}

static void test_numbers_that_are_something_else_stay(void **state)
{
	(void)state;
	assert_becomes("---\nid: p-8000\nafter: p-8000\n---\n\n"
		       "RFC 8000, RFC\n8000, 8000 ms, 8000 bytes, 8000%, 0.8000, x8000, 8000x, "
		       "8000.5, port-8000, 18000, 80001, a_8000.\n"
		       "<!-- step: 8000 -->\n"
		       "```sh\nss -tn 8000\n```\n~~~\n8000\n```\n8000\n~~~\n" LAB(
			       "a: bind(s, 127.0.0.1:8000) @p8000\n"),
		       "---\nid: p-8000\nafter: p-8000\n---\n\n"
		       "RFC 8000, RFC\n8000, 8000 ms, 8000 bytes, 8000%, 0.8000, x8000, 8000x, "
		       "8000.5, port-8000, 18000, 80001, a_8000.\n"
		       "<!-- step: 8000 -->\n"
		       "```sh\nss -tn 8000\n```\n~~~\n8000\n```\n8000\n~~~\n" LAB(
			       "a: bind(s, 127.0.0.1:$) @p8000\n"));
}

static void test_what_has_a_meaning_stays(void **state)
{
	(void)state;
	/* Privileged, and those that the kernel chooses among. */
	assert_stays(LAB("a: bind(s, 127.0.0.1:80)\na: bind(s, 127.0.0.1:1023)\n"
			 "a: bind(s, 127.0.0.1:32768)\na: bind(s, 127.0.0.1:40001)\n"));
	/* Addresses with a meaning, and one that the script puts on lo. */
	assert_stays(LAB("a: bind(s, 0.0.0.0:80)\na: bind(s, 239.1.1.1:80)\n"
			 "address(127.0.0.9/8)\na: bind(s, 127.0.0.9:80)\n"
			 "a: bind(s, [fd00::2]:80)\na: bind(s, 127.255.255.255:80)\n"));
	assert_stays("The net 127.0.0.2/32 of 10.127.0.0.2.\n" LAB("a: close(s)\n"));
	/* A number of the script that is a port and something else too. */
	assert_stays(LAB("a: bind(s, 127.0.0.1:8000)\na: setsockopt(s, SO_RCVBUF, 8000)\n"));
	assert_stays(
		"```predict q\nask x\nchoice 8000: y\n```\n" LAB("a: bind(s, 127.0.0.1:8000)\n"));
	assert_stays(LAB("sysctl(net.ipv4.ip_local_port_range, \"8000 8003\")\n"
			 "a: bind(s, 127.0.0.1:8001)\na: bind(s, 127.0.0.1:8003)\n"));
	/* Nobody said that it is a port. */
	assert_stays("Port 8000.\n" LAB("a: s = socket(AF_INET, SOCK_STREAM)\n"));
	assert_stays("");
	assert_stays("```lab\na: bind(s, 127.0.0.1:80)");
}

/* The port after the last "127.0.0.1:" of a rewritten text. */
static long last_port(const char *text, uint64_t seed)
{
	char *out = rewritten(text, seed);
	long port = strtol(strrchr(out, ':') + 1, NULL, 10);

	free(out);
	return port;
}

static void test_a_bound_of_ports_is_not_crossed(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 200; seed++) {
		long under = last_port(LAB("sysctl(net.ipv4.ip_unprivileged_port_start, 5000)\n"
					   "a: bind(s, 127.0.0.1:4000)\n"),
				       seed);
		long over = last_port(LAB("sysctl(net.ipv4.ip_unprivileged_port_start, 5000)\n"
					  "a: bind(s, 127.0.0.1:6000)\n"),
				      seed);

		assert_in_range(under, 1024, 4999);
		assert_int_not_equal(under, 4000);
		assert_in_range(over, 5001, 9999);
		assert_int_not_equal(over, 6000);
	}
}

static void test_neighbours_stay_neighbours_and_others_apart(void **state)
{
	static const char text[] = LAB("a: bind(s, 127.0.0.1:8000)\na: bind(s, 127.0.0.1:8001)\n"
				       "a: bind(s, 127.0.0.1:9000)\n");

	(void)state;
	for (uint64_t seed = 1; seed <= 200; seed++) {
		char *out = rewritten(text, seed);
		int first, next, other;

		assert_int_equal(sscanf(out,
					"```lab\na: bind(s, 127.0.0.1:%d)\na: bind(s, "
					"127.0.0.1:%d)\na: bind(s, 127.0.0.1:%d)",
					&first, &next, &other),
				 3);
		assert_int_equal(next, first + 1);
		assert_int_not_equal(first / 100, other / 100);
		assert_int_not_equal(first, 8000);
		assert_int_not_equal(other, 9000);
		free(out);
	}
}

/* As many hosts as there are short ones, and more: each becomes another, in the same order. */
static void test_many_hosts(void **state)
{
	(void)state;
	for (int n = 1; n <= 60; n++) {
		struct rt_str text = {0};
		char *out;
		int last = 0;

		rt_str_add(&text, "```lab\n");
		for (int i = 0; i < n; i++)
			rt_str_addf(&text, "a: bind(s, 127.0.0.%d:80)\n", i + 2);
		out = rewritten(text.s, (uint64_t)n);
		for (char *at = strstr(out, "0.0."); at; at = strstr(at + 1, "0.0.")) {
			int host = atoi(at + 4);

			assert_true(host > last && host > n + 1 && host <= 254);
			last = host;
		}
		free(out);
		rt_str_fini(&text);
	}
}

/* --- the lessons of the course ---------------------------------------------------------------- */

static struct rt_lesson *load(const char *path, uint64_t seed)
{
	struct rt_mistakes mistakes = {0};
	struct rt_error err = {0};
	struct rt_lesson *lesson = seed ? rt_variant_load(path, seed, &mistakes, &err)
					: rt_lesson_load(path, &mistakes, &err);

	if (!lesson)
		fail_msg("%s, seed %d: %s", path, (int)seed, err.what);
	rt_mistakes_fini(&mistakes);
	return lesson;
}

static void assert_same_questions(const struct rt_lesson *a, const struct rt_lesson *b)
{
	assert_int_equal(a->n_steps, b->n_steps);
	assert_int_equal(a->n_lines, b->n_lines);
	assert_int_equal(a->n_predicts, b->n_predicts);
	for (size_t i = 0; i < a->n_predicts; i++) {
		const struct rt_predict *one = &a->predict[i], *other = &b->predict[i];

		assert_string_equal(one->label, other->label);
		assert_int_equal(one->line, other->line);
		assert_int_equal(one->n_choices, other->n_choices);
		assert_string_not_equal(one->choice[0].pattern, other->choice[0].pattern);
	}
}

/* No port of four digits that the script of a uses stands in the text of b. */
static void assert_ports_differ(const struct rt_lesson *a, const char *text)
{
	for (size_t i = 0; i < a->n_lines; i++)
		for (size_t j = 0; a->line[i].kind == RT_LINE_CALL && j < RT_ARGS_MAX; j++) {
			const struct rt_call_spec *spec = rt_call_spec(a->line[i].call.id);
			char port[8];

			if (j >= spec->n_args || spec->arg[j] != RT_ARG_ADDRESS ||
			    a->line[i].call.arg[j].is_name)
				continue;
			snprintf(port, sizeof(port), ":%u", a->line[i].call.arg[j].addr.port);
			if (strlen(port) == 5 && strcmp(port, ":1024") >= 0 && strstr(text, port))
				fail_msg("%s still has %s", a->id, port);
		}
}

static void test_every_lesson_of_the_course(void **state)
{
	const char *top = getenv("top_srcdir");
	char folder[400], path[800];
	struct dirent *entry;
	size_t lessons = 0;
	DIR *dir;

	(void)state;
	snprintf(folder, sizeof(folder), "%s/lessons", top ? top : ".");
	dir = opendir(folder);
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		size_t len = strlen(entry->d_name), bytes;
		struct rt_lesson *lesson, *variant;
		struct rt_error err;
		char *text, *out;

		if (len < 4 || strcmp(entry->d_name + len - 3, ".md") != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		lesson = load(path, 0);
		assert_int_equal(rt_lesson_text(path, &text, &bytes, &err), 0);
		for (uint64_t seed = 1; seed <= 5; seed++) {
			variant = load(path, seed);
			assert_same_questions(lesson, variant);
			out = rewritten(text, seed);
			assert_ports_differ(lesson, out);
			rt_lesson_free(variant);
			free(out);
		}
		rt_lesson_free(lesson);
		free(text);
		lessons++;
	}
	closedir(dir);
	assert_true(lessons >= 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ports_and_hosts_change_everywhere),
		cmocka_unit_test(test_short_hosts_of_prose),
		cmocka_unit_test(test_numbers_that_are_something_else_stay),
		cmocka_unit_test(test_what_has_a_meaning_stays),
		cmocka_unit_test(test_a_bound_of_ports_is_not_crossed),
		cmocka_unit_test(test_neighbours_stay_neighbours_and_others_apart),
		cmocka_unit_test(test_many_hosts),
		cmocka_unit_test(test_every_lesson_of_the_course),
	};

	return cmocka_run_group_tests_name("variant", tests, NULL, NULL);
}
