/*
 * A line of script. The order of its parts is fixed, so one pass from the left reads it; what a
 * part means (which arguments, which results) comes from the table of calls.
 */
#include "lesson/script.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/args.h"
#include "lesson/suggest.h"
#include "lesson/tally.h"

enum { REPEAT_MIN = 2 };

void rt_line_fini(struct rt_line *line)
{
	rt_call_fini(&line->call);
	rt_want_fini(&line->want);
	free(line->comment);
	memset(line, 0, sizeof(*line));
}

/* --- the call --------------------------------------------------------------------------------- */

static int fail_call(struct rt_lex *lex, struct rt_word word, bool after_actor)
{
	/*
	 * Where it does not look like a call, its process may be what is wrong: the names of calls
	 * are no help then.
	 */
	bool is_call = rt_lex_peek(lex) == '(' || after_actor || word.len == 0;
	struct rt_suggest suggest;
	struct rt_str otherwise = {0};
	char *help;

	rt_suggest_init(&suggest, word.s, word.len);
	rt_str_add(&otherwise, is_call ? _("the calls are")
				       : _("a line begins with the process that makes the call: "
					   "old: s = socket(AF_INET, SOCK_STREAM)"));
	for (enum rt_call_id id = 0; is_call && id < RT_CALLS; id++) {
		rt_suggest_offer(&suggest, rt_call_spec(id)->name);
		rt_str_addf(&otherwise, " %s", rt_call_spec(id)->name);
	}
	if (!after_actor)
		rt_suggest_offer(&suggest, "expect");
	help = rt_suggest_help(&suggest, rt_str_text(&otherwise));
	rt_lex_expected(lex, word.at, after_actor ? _("a call") : _("a process, a call or expect"),
			help);
	free(help);
	rt_str_fini(&otherwise);
	return -1;
}

/*
 * Whether the call is one that a process makes has to agree with whether a process stands in front.
 */
static int check_actor(struct rt_lex *lex, const struct rt_scope *scope, struct rt_word actor,
		       struct rt_word name, struct rt_line *line)
{
	const struct rt_call_spec *spec = rt_call_spec(line->call.id);
	struct rt_str help = {0};

	if (spec->by == RT_BY_ACTOR && actor.len == 0) {
		rt_str_addf(&help, _("write the process in front: old: %s(...)"), spec->name);
		rt_lex_fail(lex, name.at, rt_str_text(&help), _("%s is made by a process"),
			    spec->name);
	} else if (spec->by != RT_BY_ACTOR && actor.len > 0) {
		rt_str_addf(&help, _("leave out \"%.*s:\""), (int)(actor.len < 40 ? actor.len : 40),
			    actor.s);
		rt_lex_fail(lex, actor.at, rt_str_text(&help), _("%s is not made by a process"),
			    spec->name);
	} else if (actor.len > 0) {
		if (rt_lex_new_name(lex, actor, _("the name of a process"), line->call.actor) < 0)
			return -1;
		return rt_scope_check_actor(lex, scope, actor);
	} else {
		return 0;
	}
	rt_str_fini(&help);
	return -1;
}

static int check_assign(struct rt_lex *lex, const struct rt_scope *scope, struct rt_word assign,
			struct rt_word name, struct rt_line *line)
{
	const struct rt_call_spec *spec = rt_call_spec(line->call.id);
	const char *actor = line->call.actor;

	if (assign.len == 0 && spec->gives == RT_GIVES_FD)
		return rt_lex_fail(lex, name.at,
				   line->call.id == RT_CALL_ACCEPT ? _("give it a name: k = ...")
								   : _("give it a name: s = ..."),
				   _("the descriptor that %s gives would be lost"), spec->name);
	if (assign.len == 0 && spec->gives == RT_GIVES_ACTOR)
		return rt_lex_fail(lex, name.at, _("give it a name: child = fork()"),
				   _("the new process needs a name"));
	if (assign.len == 0)
		return 0;
	if (rt_lex_new_name(lex, assign, _("a name"), line->call.assign) < 0)
		return -1;
	if (spec->gives == RT_GIVES_FD)
		return rt_scope_check_new_fd(lex, scope, actor, assign, line->call.repeat);
	if (spec->gives == RT_GIVES_ACTOR)
		return rt_scope_check_new_process(lex, scope, actor, assign);
	if (spec->gives == RT_GIVES_ADDR)
		return 0;
	return rt_lex_fail(
		lex, assign.at,
		spec->gives == RT_GIVES_ZERO
			? _("leave out the name")
			: _("leave out the name; the result stands behind the call: = 1"),
		_("%s gives nothing that could have a name"), spec->name);
}

static int parse_result(struct rt_lex *lex, struct rt_line *line)
{
	size_t from;

	line->call_end = line->result_at = line->result_end = lex->at;
	if (!rt_lex_take(lex, '='))
		return 0;
	rt_lex_peek(lex);
	from = lex->at;
	if (rt_want_lex(lex, false, &line->want) < 0)
		return -1;
	line->result_at = from;
	line->result_end = lex->at;
	return rt_want_check(lex, &line->call, from, &line->want);
}

/*
 * `10 x`, whose number is *word: then *word is the name behind it. A call of the tutor waits, or
 * ends something: it is made once.
 */
static int take_repeat(struct rt_lex *lex, struct rt_word *word, struct rt_line *line)
{
	size_t from = word->at;
	struct rt_word times;
	int64_t repeat;

	if (word->len == 0 || word->s[0] < '0' || word->s[0] > '9')
		return 0;
	lex->at = from;
	if (rt_lex_number(lex, REPEAT_MIN, RT_REPEAT_MAX, &repeat) < 0)
		return -1;
	times = rt_lex_name(lex);
	if (!rt_word_is(times, "x"))
		return rt_lex_expected(lex, times.at, "\"x\"",
				       _("a call that is made ten times: 10 x c = socket(AF_INET, "
					 "SOCK_STREAM)"));
	line->call.repeat = (int)repeat;
	*word = rt_lex_name(lex);
	return 0;
}

/* Whether the call can be made again and again. */
static int check_repeat(struct rt_lex *lex, struct rt_word name, const struct rt_line *line)
{
	const struct rt_call_spec *spec = rt_call_spec(line->call.id);

	if (!line->call.repeat)
		return 0;
	if (spec->by == RT_BY_TUTOR)
		return rt_lex_fail(lex, name.at, _("only calls of processes and of the stage are"),
				   _("%s cannot be repeated"), spec->name);
	if (spec->gives == RT_GIVES_ACTOR || line->call.id == RT_CALL_EXIT)
		return rt_lex_fail(lex, name.at, _("write a line for each process"),
				   _("%s cannot be repeated"), spec->name);
	if (spec->gives == RT_GIVES_ADDR && line->call.assign[0])
		return rt_lex_fail(lex, name.at,
				   _("leave out the name: only descriptors get one each"),
				   _("one name cannot stand for %d addresses"), line->call.repeat);
	return 0;
}

/* `old: 10 x k = ` has been read where it stands there; first is its first word. */
static int parse_call(struct rt_lex *lex, const struct rt_scope *scope, struct rt_word first,
		      struct rt_line *line)
{
	struct rt_word actor = {0}, assign = {0}, name = first;

	if (rt_lex_take(lex, ':')) {
		actor = first;
		name = rt_lex_name(lex);
	}
	if (take_repeat(lex, &name, line) < 0)
		return -1;
	if (name.len && rt_lex_take(lex, '=')) {
		assign = name;
		name = rt_lex_name(lex);
	}
	if (!rt_call_find(name.s, name.len, &line->call.id))
		return fail_call(lex, name,
				 actor.len > 0 || assign.len > 0 || line->call.repeat > 0);
	if (check_actor(lex, scope, actor, name, line) < 0 ||
	    check_assign(lex, scope, assign, name, line) < 0 || check_repeat(lex, name, line) < 0 ||
	    rt_args_parse(lex, scope, &line->call) < 0)
		return -1;
	return parse_result(lex, line);
}

/* --- the expectation -------------------------------------------------------------------------- */

/* `expect` is no name, so only a row can follow. */
static int fail_expect(struct rt_lex *lex, struct rt_word word)
{
	return rt_lex_fail(lex, word.at,
			   _("a row looks like: expect tcp 127.0.0.1:8000 TIME_WAIT owner kernel"),
			   _("expect is the beginning of a row, not a name"));
}

/* --- the end of the line ---------------------------------------------------------------------- */

static int parse_label(struct rt_lex *lex, struct rt_line *line)
{
	const char *help = _("a label has letters, digits, _ and -, as in @second-bind");
	size_t from = lex->at, len = 0;

	while (lex->at < lex->len) {
		char c = lex->text[lex->at];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '_' || c == '-'))
			break;
		if (len == RT_NAME_MAX - 1)
			return rt_lex_fail(lex, from, _("choose a shorter one"),
					   _("a label has at most %d letters"), RT_NAME_MAX - 1);
		line->label[len++] = c;
		lex->at++;
	}
	return len ? 0 : rt_lex_expected(lex, from, _("a label"), help);
}

static void take_comment(struct rt_lex *lex, struct rt_line *line)
{
	size_t end = lex->len;

	if (!rt_lex_take(lex, '#'))
		return;
	rt_lex_peek(lex);
	while (end > lex->at && strchr(" \t\r", lex->text[end - 1]))
		end--;
	if (end > lex->at)
		line->comment = rt_strndup(lex->text + lex->at, end - lex->at);
	lex->at = lex->len;
}

static int parse_rest(struct rt_lex *lex, struct rt_line *line)
{
	if (rt_lex_take_when(lex) && rt_gates_lex(lex, &line->gates) < 0)
		return -1;
	if (rt_lex_take(lex, '@') && parse_label(lex, line) < 0)
		return -1;
	if (!rt_lex_at_end(lex)) {
		if (line->kind == RT_LINE_EXPECT)
			return rt_lex_expected(lex, lex->at,
					       _("when FEATURE, @label, # comment or the end of "
						 "the line"),
					       "");
		if (line->want.kind != RT_WANT_SUCCESS || line->label[0])
			return rt_lex_expected(lex, lex->at,
					       _("@label, # comment or the end of the line"),
					       _("the order is: call = result when FEATURE @label "
						 "# comment"));
		return rt_lex_expected(lex, lex->at,
				       _("= result, when FEATURE, @label, # comment or the end of "
					 "the line"),
				       "");
	}
	take_comment(lex, line);
	return 0;
}

static int parse_line(struct rt_lex *lex, const struct rt_scope *scope, struct rt_line *line)
{
	struct rt_word first = rt_lex_name(lex);
	char next;

	if (rt_word_is(first, "expect")) {
		next = rt_lex_peek(lex);
		if (next == ':' || next == '=')
			return fail_expect(lex, first);
		line->kind = RT_LINE_EXPECT;
		if (rt_expect_parse(lex, scope, &line->expect) < 0)
			return -1;
	} else if (parse_call(lex, scope, first, line) < 0) {
		return -1;
	}
	return parse_rest(lex, line);
}

int rt_script_parse(const char *text, size_t len, struct rt_scope *scope, struct rt_line *line,
		    struct rt_mistake *mistake)
{
	struct rt_lex lex = {.text = text, .len = len, .mistake = mistake};

	memset(line, 0, sizeof(*line));
	memset(mistake, 0, sizeof(*mistake));
	if (rt_lex_at_end(&lex))
		return 0;
	if (len > RT_LINE_BYTES_MAX) {
		rt_lex_fail(&lex, 0, "", _("a line has at most %d bytes, this has %zu"),
			    RT_LINE_BYTES_MAX, len);
		return -1;
	}
	if (parse_line(&lex, scope, line) < 0) {
		rt_line_fini(line);
		return -1;
	}
	rt_scope_gate(scope, line);
	rt_scope_apply(scope, line);
	return 1;
}

void rt_line_format(const struct rt_line *line, struct rt_str *out)
{
	if (line->kind == RT_LINE_EXPECT) {
		rt_expect_format(&line->expect, out);
		return;
	}
	if (line->call.actor[0])
		rt_str_addf(out, "%s: ", line->call.actor);
	rt_call_format(&line->call, true, out);
}
