#include "lesson/complete.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/draft.h"

enum { ERRNO_LAST = 133 };

/* A place in the line: what is to be completed there. */
struct place {
	struct rt_completion *out;
	const struct rt_scope *scope;
	const struct rt_snapshot *sockets;
	const char *word; /* as far as it was typed */
	size_t len;
	const char *tail; /* what follows each word: ": ", "(" */
};

void rt_completion_fini(struct rt_completion *completion)
{
	free(completion->word);
	memset(completion, 0, sizeof(*completion));
}

static void offer(void *ctx, const char *word)
{
	const struct place *place = ctx;
	struct rt_completion *out = place->out;
	char whole[RT_COMPLETE_BYTES];

	if (strncmp(word, place->word, place->len) != 0 ||
	    (size_t)snprintf(whole, sizeof(whole), "%s%s", word, place->tail) >= sizeof(whole))
		return;
	for (size_t i = 0; i < out->n; i++)
		if (strcmp(out->word[i], whole) == 0)
			return;
	RT_GROW(out->word, out->n, out->cap);
	memcpy(out->word[out->n++], whole, sizeof(whole));
}

static void offer_with(struct place *place, const char *tail, const char *word)
{
	place->tail = tail;
	offer(place, word);
}

static void offer_all(struct place *place, const char *tail, const char *const *words)
{
	for (; *words; words++)
		offer_with(place, tail, *words);
}

/* --- in front of a call ----------------------------------------------------------------------- */

static void offer_calls(struct place *place, bool of_process, bool gives)
{
	for (enum rt_call_id id = 0; id < RT_CALLS; id++) {
		const struct rt_call_spec *spec = rt_call_spec(id);

		if ((spec->by == RT_BY_ACTOR) == of_process &&
		    (!gives || spec->gives == RT_GIVES_FD || spec->gives == RT_GIVES_ACTOR ||
		     spec->gives == RT_GIVES_ADDR))
			offer_with(place, "(", spec->name);
	}
}

static void offer_first(struct place *place)
{
	const char *help, *name;

	place->tail = ": ";
	rt_scope_each(place->scope, RT_NAMES_PROCESS, "", offer, place);
	offer_with(place, " ", "expect");
	offer_calls(place, false, false);
	offer_with(place, "", "fresh");
	for (enum rt_draft_word word = RT_WORD_WHY; (name = rt_draft_word_name(word, &help));
	     word++)
		offer_with(place, word == RT_WORD_SAVE ? " " : "", name);
}

/* --- arguments -------------------------------------------------------------------------------- */

static void offer_addresses(struct place *place)
{
	static const char *const usual[] = {"127.0.0.1:8000", "0.0.0.0:8000", "[::1]:8000",
					    "[::]:8000", NULL};
	char text[RT_ADDR_TEXT];
	const char *tail = place->tail;

	rt_scope_each(place->scope, RT_NAMES_ADDRESS, "", offer, place);
	for (size_t i = 0; place->sockets && i < place->sockets->n; i++) {
		const struct rt_row *row = &place->sockets->row[i];

		if (row->mark != RT_MARK_GONE && row->local.port)
			offer(place, rt_addr_format(&row->local, text));
	}
	offer_all(place, tail, usual);
}

/* What a row is written with; any of it may come next. */
static void offer_row(struct place *place)
{
	static const char *const words[] = {"tcp", "udp", "->", "owner", "kernel", NULL};

	offer_all(place, " ", words);
	for (int state = 1; state < RT_STATES; state++)
		if (rt_state_name(RT_TCP, (enum rt_state)state))
			offer_with(place, " ", rt_state_name(RT_TCP, (enum rt_state)state));
	rt_scope_each(place->scope, RT_NAMES_PROCESS, "", offer, place);
	offer_addresses(place);
}

static void offer_constants(struct place *place, enum rt_arg_kind kind)
{
	size_t n;
	const struct rt_constant *all = rt_constants(&n);

	for (size_t i = 0; i < n; i++)
		if (all[i].kind == kind)
			offer(place, all[i].name);
}

static void offer_options(struct place *place)
{
	size_t n;
	const struct rt_sockopt *all = rt_sockopts(&n);

	for (size_t i = 0; i < n; i++)
		offer(place, all[i].name);
}

static void offer_sysctls(struct place *place)
{
	size_t n;
	const struct rt_gate *table = rt_gate_table(&n);

	for (size_t i = 0; i < n; i++)
		if (table[i].arg)
			offer(place, table[i].arg);
}

static void offer_kind(struct place *place, enum rt_arg_kind kind, const char *actor)
{
	switch (kind) {
	case RT_ARG_FD:
		rt_scope_each(place->scope, RT_NAMES_FD, actor, offer, place);
		break;
	case RT_ARG_ADDRESS:
		offer_addresses(place);
		break;
	case RT_ARG_OPTION:
		offer_options(place);
		break;
	case RT_ARG_PROCESS:
		rt_scope_each(place->scope, RT_NAMES_PROCESS, "", offer, place);
		break;
	case RT_ARG_SYSCTL:
		offer_sysctls(place);
		break;
	case RT_ARG_NO:
		offer_with(place, " ", "no");
		break;
	case RT_ARG_ROW:
		offer_row(place);
		break;
	default:
		offer_constants(place, kind);
	}
}

/* Argument number `at` of a call: of its kind, or where it can be left out, of the next one's. */
static void offer_argument(struct place *place, const struct rt_call_spec *spec, size_t at,
			   const char *actor)
{
	for (; at < spec->n_args; at++) {
		place->tail = at + 1 < spec->n_required		 ? ", "
			      : at + 1 == spec->n_args && at > 0 ? ")"
								 : "";
		if (spec->n_args == 1)
			place->tail = ")";
		offer_kind(place, (enum rt_arg_kind)spec->arg[at], actor);
		if (!spec->arg_optional[at])
			return;
	}
}

/* --- behind a call ---------------------------------------------------------------------------- */

static void offer_results(struct place *place)
{
	static const char *const words[] = {"success", "blocks", NULL};

	offer_all(place, "", words);
	for (int sys = 1; sys <= ERRNO_LAST; sys++)
		if (rt_errno_name(sys)[1] != '?')
			offer(place, rt_errno_name(sys));
}

static void offer_features(struct place *place)
{
	size_t n;
	const struct rt_gate *table = rt_gate_table(&n);

	for (size_t i = 0; i < n; i++)
		offer_with(place, "", table[i].word);
	offer_with(place, "", "linux >= ");
}

/* --- where it is ------------------------------------------------------------------------------ */

/* What stands before the end of the text, as far as it matters there. */
struct line {
	const char *call; /* its name, while its ( is open; NULL elsewhere */
	size_t call_len;
	size_t commas;	     /* of its arguments */
	bool quoted, closed; /* in a string; behind the ) */
	bool comment;
	char sign; /* the last of : = that stands in front of the call or behind it */
	char actor[RT_NAME_MAX];
};

static void take_actor(struct line *line, const char *text, const char *colon)
{
	size_t len;

	text += strspn(text, " \t");
	len = (size_t)(colon - text);
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	if (len < RT_NAME_MAX)
		memcpy(line->actor, text, len);
}

/* The letters that end before s. */
static void take_call(struct line *line, const char *text, const char *s)
{
	line->call = s;
	while (line->call > text &&
	       (isalnum((unsigned char)line->call[-1]) || line->call[-1] == '_'))
		line->call--;
	line->call_len = (size_t)(s - line->call);
}

static void scan(const char *text, struct line *line)
{
	int depth = 0;

	for (const char *s = text; *s && !line->comment; s++) {
		if (line->quoted) {
			if (*s == '\\' && s[1])
				s++;
			else
				line->quoted = *s != '"';
		} else if (*s == '"') {
			line->quoted = true;
		} else if (*s == '#') {
			line->comment = true;
		} else if (*s == '(' && !line->call) {
			take_call(line, text, s);
		} else if (*s == '{' || *s == '}') {
			depth += *s == '{' ? 1 : -1;
		} else if (*s == ')' && line->call) {
			line->closed = true;
		} else if (*s == ',' && line->call && depth == 0) {
			line->commas++;
		} else if ((*s == ':' || *s == '=') && (!line->call || line->closed)) {
			if (*s == ':' && !line->sign)
				take_actor(line, text, s);
			line->sign = *s;
		}
	}
}

static bool ends_with_when(const char *text, size_t len)
{
	while (len > 0 && text[len - 1] == ' ')
		len--;
	return len >= 5 && memcmp(text + len - 5, " when", 5) == 0;
}

static void offer_behind(struct place *place, const char *text, const struct line *line)
{
	if (ends_with_when(text, place->out->from))
		offer_features(place);
	else if (line->sign == '=' && text[strcspn(text, ")")] == ')' &&
		 strchr(text + strcspn(text, ")"), '='))
		offer_results(place);
	else
		offer_with(place, " ", "when");
}

void rt_complete(const char *text, const struct rt_scope *scope, const struct rt_snapshot *sockets,
		 struct rt_completion *completion)
{
	size_t from = strlen(text), blank = strspn(text, " \t");
	struct place place = {.out = completion, .scope = scope, .sockets = sockets, .tail = ""};
	const struct rt_call_spec *spec;
	struct line line = {0};

	completion->n = 0;
	scan(text, &line);
	while (from > 0 &&
	       !strchr(line.call || strncmp(text + blank, "expect ", 7) == 0 ? " \t(,|={}"
									     : " \t(,|={}:",
		       text[from - 1]))
		from--;
	completion->from = from;
	place.word = text + from;
	place.len = strlen(place.word);
	if (line.quoted || line.comment)
		return;
	if (line.call && !line.closed) {
		spec = rt_call_find(line.call, line.call_len, NULL);
		if (spec)
			offer_argument(&place, spec, line.commas, line.actor);
	} else if (line.call) {
		offer_behind(&place, text, &line);
	} else if (strncmp(text + blank, "expect ", 7) == 0) {
		offer_with(&place, " ", "no");
		offer_row(&place);
	} else if (line.sign) {
		offer_calls(&place, true, line.sign == '=');
	} else if (from == blank) {
		offer_first(&place);
	}
}

void rt_completion_apply(const struct rt_completion *completion, const char *text,
			 struct rt_str *out)
{
	size_t same;

	if (completion->n == 0) {
		rt_str_add(out, text);
		return;
	}
	same = strlen(completion->word[0]);
	for (size_t i = 1; i < completion->n; i++) {
		size_t k = 0;

		while (k < same && completion->word[i][k] == completion->word[0][k])
			k++;
		same = k;
	}
	rt_str_addn(out, text, completion->from);
	rt_str_addn(out, completion->word[0], same);
}
