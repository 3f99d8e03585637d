#include "report/check.h"

#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "report/json.h"

static bool failed(const struct rt_checked *checked)
{
	return checked->mistakes || (checked->checks && checked->checks->failed > 0);
}

static size_t replaced(const struct rt_checks *checks)
{
	size_t n = 0;

	for (size_t i = 0; i < checks->n; i++)
		n += checks->check[i].replaced;
	return n;
}

/* Failures of what the rules foresaw: nothing that the lesson says. */
static size_t not_foreseen(const struct rt_checks *checks)
{
	size_t n = 0;

	for (size_t i = 0; i < checks->n; i++)
		n += checks->check[i].foreseen;
	return n;
}

/*
 * What was not run, one reason after the other: calls each for a reason and the first check that
 * has it.
 */
static void each_reason(FILE *out, const struct rt_checks *checks,
			void (*each)(FILE *out, const struct rt_checks *checks, size_t first))
{
	for (size_t i = 0; i < checks->n; i++) {
		bool known = !checks->check[i].skipped;

		for (size_t j = 0; j < i && !known; j++)
			known = checks->check[j].skipped &&
				strcmp(checks->check[j].skipped, checks->check[i].skipped) == 0;
		if (!known)
			each(out, checks, i);
	}
}

/* The next line behind `last` that was skipped for the reason; INT_MAX: none. */
static int next_skipped(const struct rt_checks *checks, const char *reason, int last)
{
	int next = INT_MAX;

	/* A question stands before its line or behind it: the smallest number comes first. */
	for (size_t i = 0; i < checks->n; i++) {
		const struct rt_check *check = &checks->check[i];

		if (check->skipped && strcmp(check->skipped, reason) == 0 && check->number > last &&
		    check->number < next)
			next = check->number;
	}
	return next;
}

/* The lines of the file that were skipped for the reason of the check `first`: " 12-14, 20". */
static void put_lines(FILE *out, const struct rt_checks *checks, size_t first)
{
	const char *reason = checks->check[first].skipped, *between = " ";
	int from, to, next;

	for (from = next_skipped(checks, reason, 0); from < INT_MAX; from = next, between = ", ") {
		to = from;
		while ((next = next_skipped(checks, reason, to)) == to + 1)
			to = next;
		fprintf(out, "%s%d", between, from);
		if (to > from)
			fprintf(out, "-%d", to);
	}
}

static void nothing(FILE *out)
{
	(void)out;
}

/* --- text ------------------------------------------------------------------------------------- */

static void text_reason(FILE *out, const struct rt_checks *checks, size_t first)
{
	fputs(_("    skipped, recorded, lines"), out);
	put_lines(out, checks, first);
	fprintf(out, ": %s\n", checks->check[first].skipped);
}

static void text_foresight(FILE *out, const struct rt_checked *checked,
			   const struct rt_check *check)
{
	fprintf(out, _("%s:%d: %s\n    the rules foresaw %s\n    the kernel says   %s\n"),
		checked->path, check->number, check->what, check->expected, check->got);
}

/* How many calls the rules were asked about. "Either" is foreseen whatever the kernel says. */
static void text_foreseen(FILE *out, const struct rt_checks *checks)
{
	if (checks->foreseen == 0)
		return;
	fprintf(out, _("%zu of %zu calls foreseen"), checks->foreseen - checks->unforeseen,
		checks->foreseen);
	if (checks->either)
		fprintf(out, _(" (%zu only as one of several)"), checks->either);
	fputs(", ", out);
}

static void text_lesson(FILE *out, const struct rt_checked *checked, size_t index)
{
	const struct rt_checks *checks = checked->checks;

	(void)index;
	if (checked->mistakes) {
		fputs(checked->mistakes, out);
		fprintf(out, _("%s: FAILED, the file cannot be used\n"), checked->name);
		return;
	}
	if (checked->skipped) {
		fprintf(out, _("%s: skipped, %s\n"), checked->name, checked->skipped);
		return;
	}
	for (size_t i = 0; i < checks->n; i++) {
		const struct rt_check *check = &checks->check[i];

		if (check->foreseen)
			text_foresight(out, checked, check);
		else if (!check->passed && !check->skipped)
			fprintf(out,
				_("%s, line %d, step %s: %s\n    expected %s\n    got      %s\n"),
				checked->id, check->number, check->step, check->what,
				check->expected, check->got);
	}
	fprintf(out, _("%s: %s, %zu of %zu as written, "), checked->name,
		checks->failed ? _("FAILED") : _("ok"),
		checks->n - checks->failed - checks->skipped, checks->n - not_foreseen(checks));
	if (checks->skipped)
		fprintf(out, _("%zu skipped, "), checks->skipped);
	text_foreseen(out, checks);
	fprintf(out, _("%lld ms"), (long long)checks->took_ms);
	if (replaced(checks))
		fprintf(out,
			P_(" (%zu wait replaced by ending the record: --wait waits)",
			   " (%zu waits replaced by ending the record: --wait waits)",
			   replaced(checks)),
			replaced(checks));
	putc('\n', out);
	each_reason(out, checks, text_reason);
	if (checked->warning)
		fprintf(out, _("%s: warning: %s\n"), checked->name, checked->warning);
}

static void text_finish(FILE *out, size_t lessons, size_t n_failed, size_t skipped, size_t lines)
{
	fprintf(out,
		P_("%zu lesson: %zu passed, %zu failed, %zu skipped",
		   "%zu lessons: %zu passed, %zu failed, %zu skipped", lessons),
		lessons, lessons - n_failed - skipped, n_failed, skipped);
	if (lines)
		fprintf(out,
			P_("; in these %zu line skipped", "; in these %zu lines skipped", lines),
			lines);
	putc('\n', out);
}

/* --- TAP -------------------------------------------------------------------------------------- */

static void tap_begin(FILE *out)
{
	fputs("TAP version 13\n", out);
}

static void tap_comment(FILE *out, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		fprintf(out, "# %.*s\n", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

static void tap_reason(FILE *out, const struct rt_checks *checks, size_t first)
{
	fputs("# skipped, recorded, lines", out);
	put_lines(out, checks, first);
	fprintf(out, ": %s\n", checks->check[first].skipped);
}

static void tap_lesson(FILE *out, const struct rt_checked *checked, size_t index)
{
	const struct rt_checks *checks = checked->checks;

	fprintf(out, "%s %zu - %s%s%s\n", failed(checked) ? "not ok" : "ok", index + 1,
		checked->name, checked->skipped ? " # SKIP " : "",
		checked->skipped ? checked->skipped : "");
	if (checked->mistakes)
		tap_comment(out, checked->mistakes);
	if (checked->warning)
		fprintf(out, "# warning: %s\n", checked->warning);
	for (size_t i = 0; checks && i < checks->n; i++) {
		const struct rt_check *check = &checks->check[i];

		if (check->foreseen)
			fprintf(out, "# %s:%d: %s: the rules foresaw %s; the kernel says %s\n",
				checked->path, check->number, check->what, check->expected,
				check->got);
		else if (!check->passed && !check->skipped)
			fprintf(out, "# line %d, step %s: %s: expected %s, got %s\n", check->number,
				check->step, check->what, check->expected, check->got);
	}
	if (checks)
		each_reason(out, checks, tap_reason);
	if (checks && checks->foreseen)
		fprintf(out, "# foreseen %zu of %zu calls, %zu only as one of several\n",
			checks->foreseen - checks->unforeseen, checks->foreseen, checks->either);
}

static void tap_finish(FILE *out, size_t lessons, size_t n_failed, size_t skipped, size_t lines)
{
	(void)lines;
	(void)n_failed;
	(void)skipped;
	fprintf(out, "1..%zu\n", lessons);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void json_begin(FILE *out)
{
	fputs("{\"lessons\":[\n", out);
}

/* JSON is Unicode: bytes of a hostile lesson that are not valid UTF-8 become U+FFFD. */
static json_t *json_text(const char *text)
{
	json_t *value = json_string(text);
	struct rt_str clean = {0};
	char encoded[8];
	uint32_t c;

	if (value)
		return value;
	for (size_t n, len = strlen(text); (n = rt_utf8_next(text, len, &c)) > 0;
	     text += n, len -= n)
		rt_str_addn(&clean, encoded, rt_utf8_encode(c, encoded));
	value = json_string(rt_str_text(&clean));
	rt_str_fini(&clean);
	return value;
}

static json_t *json_check(const struct rt_check *check)
{
	json_t *value = json_pack("{s:b, s:i, s:o, s:o, s:o, s:o, s:b}", "passed", check->passed,
				  "line", check->number, "step", json_text(check->step), "what",
				  json_text(check->what), "expected", json_text(check->expected),
				  "got", json_text(check->got), "replaced", check->replaced);

	if (check->foreseen)
		json_object_set_new(value, "foreseen", json_true());
	if (check->skipped)
		json_object_set_new(value, "skipped", json_text(check->skipped));
	return value;
}

static void json_lesson(FILE *out, const struct rt_checked *checked, size_t index)
{
	const char *state = failed(checked) ? "failed" : checked->skipped ? "skipped" : "passed";
	json_t *lesson =
		json_pack("{s:o, s:s}", "lesson", json_text(checked->name), "result", state);
	json_t *list = json_array();

	for (size_t i = 0; checked->checks && i < checked->checks->n; i++)
		json_array_append_new(list, json_check(&checked->checks->check[i]));
	json_object_set_new(lesson, "checks", list);
	if (checked->checks)
		json_object_set_new(lesson, "took_ms", json_integer(checked->checks->took_ms));
	if (checked->checks && checked->checks->skipped)
		json_object_set_new(lesson, "skipped",
				    json_integer((json_int_t)checked->checks->skipped));
	if (checked->checks && checked->checks->foreseen)
		json_object_set_new(lesson, "foreseen",
				    json_pack("{s:i, s:i, s:i}", "calls",
					      (int)checked->checks->foreseen, "otherwise",
					      (int)checked->checks->unforeseen, "either",
					      (int)checked->checks->either));
	if (checked->mistakes || checked->skipped)
		json_object_set_new(
			lesson, "why",
			json_text(checked->mistakes ? checked->mistakes : checked->skipped));
	if (checked->warning)
		json_object_set_new(lesson, "warning", json_text(checked->warning));
	fputs(index ? ",\n" : "", out);
	rt_json_print(out, lesson, JSON_COMPACT);
	json_decref(lesson);
}

static void json_finish(FILE *out, size_t lessons, size_t n_failed, size_t skipped, size_t lines)
{
	(void)lines; /* each lesson has its own */
	fprintf(out, "\n],\"passed\":%zu,\"failed\":%zu,\"skipped\":%zu}\n",
		lessons - n_failed - skipped, n_failed, skipped);
}

/* --- all -------------------------------------------------------------------------------------- */

const struct rt_check_report *rt_check_report_find(const char *format)
{
	static const struct rt_check_report report[] = {
		{"text", nothing, text_lesson, text_finish},
		{"tap", tap_begin, tap_lesson, tap_finish},
		{"json", json_begin, json_lesson, json_finish},
	};

	for (size_t i = 0; i < RT_COUNT(report); i++)
		if (strcmp(report[i].format, format) == 0)
			return &report[i];
	return NULL;
}
