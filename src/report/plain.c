#include "report/plain.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/str.h"
#include "base/utf8.h"
#include "lesson/words.h"

/* Writes bytes as they may be shown: no control character of a lesson reaches the terminal. */
static void put(FILE *out, const char *text, size_t len)
{
	char encoded[8];
	uint32_t c;

	for (size_t n; (n = rt_utf8_next(text, len, &c)) > 0; text += n, len -= n)
		fwrite(encoded, 1, rt_utf8_encode(c, encoded), out);
}

static void put_text(FILE *out, const char *text)
{
	put(out, text, strlen(text));
}

/* The author's texts mark code with `backquotes`, which linear text can do without. */
static char *unmarked(const char *text)
{
	struct rt_str out = {0};

	for (; *text; text++)
		if (*text != '`')
			rt_str_addc(&out, *text);
	return rt_str_take(&out);
}

static void wrap_marked(FILE *out, const char *first, const char *text)
{
	char *plain = unmarked(text);

	rt_plain_wrap(out, first, plain);
	free(plain);
}

static size_t word_length(const char *text)
{
	return strcspn(text, " \n\t");
}

/* A word that is wider than a line, as Chinese text without blanks is: as much of it as fits. */
static size_t fitting(const char *text, size_t len, int room, int width)
{
	size_t fits;

	if (rt_columns(text, len) <= (room > 0 ? room : 0) || rt_columns(text, len) <= width)
		return len;
	fits = rt_utf8_fit(text, len, room > 1 ? room : width);
	return fits ? fits : len;
}

void rt_plain_wrap(FILE *out, const char *first, const char *text)
{
	int indent = rt_columns(first, strlen(first)), column = indent;
	bool at_start = true;

	put_text(out, first);
	while (*(text += strspn(text, " \n\t"))) {
		size_t len = word_length(text);
		int gap = at_start ? 0 : 1;

		len = fitting(text, len, RT_PLAIN_COLUMNS - column - gap,
			      RT_PLAIN_COLUMNS - indent);
		if (!at_start && column + gap + rt_columns(text, len) > RT_PLAIN_COLUMNS) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
			gap = 0;
		}
		fputs(gap ? " " : "", out);
		put(out, text, len);
		column += gap + rt_columns(text, len);
		at_start = false;
		text += len;
	}
	putc('\n', out);
}

void rt_plain_lesson(FILE *out, const struct rt_lesson *lesson)
{
	rt_plain_wrap(out, "", lesson->title);
	rt_plain_wrap(out, _("The question: "), lesson->question);
}

void rt_plain_step(FILE *out, const struct rt_lesson *lesson, size_t step)
{
	struct rt_str head = {0};

	rt_str_addf(&head, _("Step %zu of %zu: "), step + 1, lesson->n_steps);
	putc('\n', out);
	rt_plain_wrap(out, rt_str_text(&head), lesson->step[step].title);
	rt_str_fini(&head);
}

/* --- prose ------------------------------------------------------------------------------------ */

static void put_code(FILE *out, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		fputs("    ", out);
		put(out, text, len);
		putc('\n', out);
		text += len + (text[len] == '\n');
	}
}

void rt_plain_para(FILE *out, const struct rt_para *para)
{
	struct rt_str text = {0}, first = {0};

	for (size_t i = 0; i < para->n_spans; i++)
		rt_str_add(&text, para->span[i].text);
	putc('\n', out);
	if (para->kind == RT_PARA_CODE) {
		put_code(out, rt_str_text(&text));
	} else {
		int indent = para->indent * 2 - (para->marker[0] ? 2 : 0);

		rt_str_addf(&first, "%*s%s%s%s", indent > 0 ? indent : 0, "",
			    para->kind == RT_PARA_QUOTE ? "> " : "", para->marker,
			    para->marker[0] ? " " : "");
		rt_plain_wrap(out, rt_str_text(&first), rt_str_text(&text));
	}
	rt_str_fini(&first);
	rt_str_fini(&text);
}

void rt_plain_prose(FILE *out, const struct rt_step *step, size_t from, size_t upto)
{
	for (size_t i = 0; i < step->n_paras; i++) {
		size_t after = step->para[i].after_line;

		if (after <= upto && (after > from || from == upto))
			rt_plain_para(out, &step->para[i]);
	}
}

/* --- script and sockets ----------------------------------------------------------------------- */

void rt_plain_line(FILE *out, const struct rt_session *session, size_t line)
{
	const struct rt_line *script = &rt_session_lesson(session)->line[line];
	const struct rt_outcome *outcome = rt_engine_outcome(rt_session_engine(session), line);
	struct rt_str text = {0};

	rt_words_line(script, 0, &text);
	if (script->kind == RT_LINE_CALL && script->call.actor[0]) {
		put_text(out, script->call.actor);
		fputs(": ", out);
	}
	put_text(out, rt_str_text(&text));
	rt_str_clear(&text);
	rt_words_outcome(script, outcome, &text);
	fputs(script->kind == RT_LINE_CALL && outcome->how != RT_RECORDED ? "  = " : "  : ", out);
	put_text(out, rt_str_text(&text));
	putc('\n', out);
	rt_str_clear(&text);
	rt_words_differs(script, outcome, &text);
	if (!rt_words_is_same_reason(rt_session_engine(session), line))
		rt_words_not_run(outcome, &text);
	if (text.len > 0)
		rt_plain_wrap(out, "    ", rt_str_text(&text));
	rt_str_fini(&text);
}

void rt_plain_resumed(FILE *out, const struct rt_session *session, size_t upto, bool *blocked)
{
	for (size_t line = 0; line < upto; line++) {
		enum rt_outcome_how how = rt_engine_outcome(rt_session_engine(session), line)->how;

		if (blocked[line] && how == RT_RESUMED)
			rt_plain_line(out, session, line);
		blocked[line] = how == RT_BLOCKED;
	}
}

/*
 * "old.k ~: tcp FIN_WAIT2 -> TIME_WAIT, local 127.0.0.1:8000, peer 127.0.0.1:40001, owner kernel,
 * A- P-, timewait 59.9 s"; "client.c[1..200], 200 sockets: tcp CLOSE -> ESTABLISHED, local
 * 127.0.0.1:* ...".
 */
static void put_bundle(FILE *out, const struct rt_snapshot *sockets, const struct rt_bundle *bundle,
		       bool uids)
{
	static const struct {
		enum rt_column column;
		const char *before;
	} part[] = {
		{RT_COL_NAME, ""},	    {RT_COL_PROTO, ": "},     {RT_COL_STATE, " "},
		{RT_COL_LOCAL, ", local "}, {RT_COL_PEER, ", peer "}, {RT_COL_OWNER, ", owner "},
		{RT_COL_UID, ", uid "},	    {RT_COL_REUSE, ", "},     {RT_COL_TIMER, ", timer "}};
	const struct rt_row *row = bundle->row;
	struct rt_str text = {0}, cell = {0};
	int64_t now = rt_now_ms();

	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		rt_str_clear(&cell);
		rt_words_bundle_cell(part[i].column, sockets, bundle, now, &cell);
		if (part[i].column == RT_COL_NAME && row->name[0] && bundle->n > 1) {
			rt_str_add(&cell, ", ");
			rt_words_bundle_count(bundle, &cell);
		}
		/* In a table a dash holds a place; in a sentence nothing needs to. */
		if (strcmp(rt_str_text(&cell), "-") == 0 && part[i].column != RT_COL_NAME)
			continue;
		if (part[i].column == RT_COL_UID &&
		    (!uids || row->inode == 0 || row->source != RT_FROM_DIAG))
			continue;
		rt_str_addf(&text, "%s%s", part[i].before, rt_str_text(&cell));
	}
	rt_str_fini(&cell);
	rt_words_bundle_ports(bundle, &text);
	if (row->state == RT_LISTEN && row->rqueue > 0)
		rt_str_addf(&text, _(", accept queue %u"), row->rqueue);
	if (row->mark == RT_MARK_NEW)
		rt_str_add(&text, _(", new"));
	rt_plain_wrap(out, "  ", rt_str_text(&text));
	rt_str_fini(&text);
}

static void put_groups(FILE *out, const struct rt_snapshot *sockets)
{
	struct rt_str text = {0};

	rt_words_groups(sockets, &text);
	if (text.len)
		rt_plain_wrap(out, "", rt_str_text(&text));
	rt_str_fini(&text);
}

void rt_plain_sockets(FILE *out, const struct rt_session *session)
{
	const struct rt_snapshot *sockets = rt_engine_sockets(rt_session_engine(session));
	bool uids = rt_words_tell_uids(sockets);
	struct rt_bundles bundles;

	if (sockets->n == 0) {
		fprintf(out, "%s\n", rt_words_no_sockets(session));
		return;
	}
	fprintf(out, "%s\n", _("Sockets, from the kernel:"));
	rt_bundles_init(&bundles, sockets, false);
	for (size_t i = 0; i < bundles.n; i++)
		put_bundle(out, sockets, &bundles.bundle[i], uids);
	rt_bundles_fini(&bundles);
	put_groups(out, sockets);
}

void rt_plain_legend(FILE *out)
{
	putc('\n', out);
	rt_plain_wrap(out, _("Signs: "), rt_words_legend());
}

/* --- questions -------------------------------------------------------------------------------- */

static void put_choice(FILE *out, size_t number, const char *text)
{
	char first[32];

	snprintf(first, sizeof(first), "  %zu  ", number);
	wrap_marked(out, first, text);
}

void rt_plain_question(FILE *out, const struct rt_predict *predict)
{
	struct rt_str text = {0};

	putc('\n', out);
	wrap_marked(out, _("Predict: "), predict->ask);
	for (size_t i = 0; i < predict->n_choices; i++) {
		rt_str_clear(&text);
		rt_words_choice(&predict->choice[i], &text);
		put_choice(out, i + 1, rt_str_text(&text));
	}
	put_choice(out, predict->n_choices + 1, rt_words_unsure());
	rt_str_fini(&text);
}

void rt_plain_hint(FILE *out, const struct rt_predict *predict, size_t hint)
{
	if (hint < predict->n_hints)
		wrap_marked(out, _("Hint: "), predict->hint[hint]);
	else
		wrap_marked(out, "", _("There is no further hint."));
}

void rt_plain_result(FILE *out, const struct rt_session *session, const struct rt_predict *predict)
{
	const struct rt_line *line = &rt_session_lesson(session)->line[predict->line];
	const struct rt_outcome *outcome =
		rt_engine_outcome(rt_session_engine(session), predict->line);
	struct rt_str text = {0};
	bool right;

	putc('\n', out);
	rt_words_answer(predict, rt_session_answer_of(session, predict), &text);
	wrap_marked(out, _("You said:   "), rt_str_text(&text));
	rt_str_clear(&text);
	rt_words_outcome(line, outcome, &text);
	wrap_marked(out, outcome->how == RT_RECORDED ? _("The lesson: ") : _("The kernel: "),
		    rt_str_text(&text));
	fprintf(out, "[%s]\n", rt_words_verdict(session, predict, &right));
	rt_str_clear(&text);
	rt_words_not_run(outcome, &text);
	if (text.len > 0)
		rt_plain_wrap(out, "", rt_str_text(&text));
	rt_str_clear(&text);
	rt_words_why(session, predict, &text);
	for (char *part = text.s, *next; part && *part; part = next) {
		next = part + strcspn(part, "\n");
		if (*next)
			*next++ = '\0';
		putc('\n', out);
		wrap_marked(out, "", part);
	}
	putc('\n', out);
	rt_str_fini(&text);
}
