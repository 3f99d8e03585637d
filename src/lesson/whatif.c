#include "lesson/whatif.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/words.h"

/* --- changes ---------------------------------------------------------------------------------- */

/* The line that is to be changed, and what was found so far. */
struct subject {
	struct rt_draft *draft;
	size_t at;
	const struct rt_line *line;
	struct rt_changes *out;
};

void rt_changes_fini(struct rt_changes *changes)
{
	for (size_t i = 0; i < changes->n; i++) {
		free(changes->change[i].words);
		free(changes->change[i].text);
	}
	free(changes->change);
	memset(changes, 0, sizeof(*changes));
}

static void add(struct rt_changes *out, enum rt_change_kind kind, const char *words,
		const char *text)
{
	RT_GROW(out->change, out->n, out->cap);
	out->change[out->n++] = (struct rt_change){
		.kind = kind, .words = rt_strdup(words), .text = text ? rt_strdup(text) : NULL};
}

/* Offers the line, where it could stand there and is another one. */
static void offer(struct subject *subject, enum rt_change_kind kind, const struct rt_line *line,
		  const char *words)
{
	struct rt_mistake mistake = {0};
	struct rt_str text = {0}, present = {0};

	rt_line_format(line, &text);
	rt_line_format(subject->line, &present);
	if ((kind == RT_CHANGE_INSERT || strcmp(text.s, present.s) != 0) &&
	    rt_draft_try(subject->draft, subject->at, text.s, &mistake) == 1)
		add(subject->out, kind, words, text.s);
	else
		rt_mistake_fini(&mistake);
	rt_str_fini(&text);
	rt_str_fini(&present);
}

/* A copy whose call can be changed; rt_call_fini() ends it. */
static struct rt_line copy_of(const struct rt_line *line)
{
	struct rt_line copy = *line;

	rt_call_copy(&copy.call, &line->call);
	return copy;
}

static int64_t option_index(const char *name)
{
	size_t n;
	const struct rt_sockopt *all = rt_sockopts(&n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].name, name) == 0)
			return (int64_t)i;
	return -1;
}

static bool is_int_option(const struct rt_call *call)
{
	size_t n;
	const struct rt_sockopt *all = rt_sockopts(&n);

	return all[call->arg[1].number].form == RT_FORM_INT && call->arg[2].data_len == sizeof(int);
}

/* On or off, and the other of the two options that all this is about. */
static void offer_option(struct subject *subject)
{
	struct rt_line line = copy_of(subject->line);
	struct rt_arg *option = &line.call.arg[1], *value = &line.call.arg[2];
	int64_t addr = option_index("SO_REUSEADDR"), port = option_index("SO_REUSEPORT");
	size_t n;
	const char *name = rt_sockopts(&n)[option->number].name;
	struct rt_str words = {0};
	int on;

	if (is_int_option(&line.call)) {
		memcpy(&on, value->data, sizeof(on));
		rt_str_addf(&words, on ? _("%s off") : _("%s on"), name);
		on = !on;
		memcpy(value->data, &on, sizeof(on));
		offer(subject, RT_CHANGE_REPLACE, &line, words.s);
		on = !on;
		memcpy(value->data, &on, sizeof(on));
	}
	if (option->number == addr || option->number == port) {
		option->number = option->number == addr ? port : addr;
		rt_str_clear(&words);
		rt_str_addf(&words, _("%s in its place"), rt_sockopts(&n)[option->number].name);
		offer(subject, RT_CHANGE_REPLACE, &line, words.s);
	}
	rt_str_fini(&words);
	rt_call_fini(&line.call);
}

static void offer_addresses(struct subject *subject, size_t arg)
{
	static const char *const four[] = {"127.0.0.1:1", "127.0.0.2:1", "0.0.0.0:1"};
	static const char *const six[] = {"[::1]:1", "[::]:1", "[::ffff:127.0.0.1]:1"};
	struct rt_line line = copy_of(subject->line);
	struct rt_addr *addr = &line.call.arg[arg].addr, first = *addr, host;
	const char *const *hosts = addr->family == AF_INET6 ? six : four;
	struct rt_str words = {0};
	char text[RT_ADDR_TEXT];
	bool has_port;

	for (size_t i = 0; i < RT_COUNT(four) && !line.call.arg[arg].is_name; i++) {
		if (rt_addr_parse(hosts[i], strlen(hosts[i]), &host, &has_port) < 0)
			continue;
		host.port = first.port;
		*addr = host;
		rt_str_clear(&words);
		rt_str_addf(&words, _("the address %s"), rt_addr_host(addr, text));
		offer(subject, RT_CHANGE_REPLACE, &line, words.s);
	}
	*addr = first;
	if (!line.call.arg[arg].is_name && first.port > 0 && first.port < UINT16_MAX) {
		addr->port++;
		rt_str_clear(&words);
		rt_str_addf(&words, _("port %u"), addr->port);
		offer(subject, RT_CHANGE_REPLACE, &line, words.s);
	}
	rt_str_fini(&words);
	rt_call_fini(&line.call);
}

/* An option that the same process sets on the same socket right before. */
static void offer_option_before(struct subject *subject, const char *name)
{
	const struct rt_call *call = &subject->line->call;
	struct rt_str text = {0}, words = {0};
	struct rt_mistake mistake = {0};
	char member[RT_NAME_MAX];

	if (call->repeat)
		rt_str_addf(&text, "%s: %d x setsockopt(%s, %s, 1)", call->actor, call->repeat,
			    call->arg[0].name, name);
	else
		rt_str_addf(&text, "%s: setsockopt(%s, %s, 1)", call->actor,
			    rt_member_name(call->arg[0].name, call->arg[0].number, member), name);
	rt_str_addf(&words, _("set %s before it"), name);
	if (rt_draft_try(subject->draft, subject->at, text.s, &mistake) == 1)
		add(subject->out, RT_CHANGE_INSERT, words.s, text.s);
	else
		rt_mistake_fini(&mistake);
	rt_str_fini(&text);
	rt_str_fini(&words);
}

static void offer_type(struct subject *subject)
{
	struct rt_line line = copy_of(subject->line);
	int64_t *type = &line.call.arg[1].number, flags = *type & ~(int64_t)0xf;
	bool stream = (*type & 0xf) == SOCK_STREAM;

	*type = flags | (stream ? SOCK_DGRAM : SOCK_STREAM);
	offer(subject, RT_CHANGE_REPLACE, &line, stream ? _("UDP") : _("TCP"));
	rt_call_fini(&line.call);
}

static void offer_process(void *ctx, const char *name)
{
	struct subject *subject = ctx;
	struct rt_line line = copy_of(subject->line);
	struct rt_str words = {0};

	memcpy(line.call.actor, name, strlen(name) + 1);
	rt_str_addf(&words, _("by the process %s"), name);
	offer(subject, RT_CHANGE_REPLACE, &line, words.s);
	rt_str_fini(&words);
	rt_call_fini(&line.call);
}

struct names {
	char (*name)[RT_NAME_MAX];
	size_t n, cap;
};

static void note_name(void *ctx, const char *name)
{
	struct names *names = ctx;

	RT_GROW(names->name, names->n, names->cap);
	memset(names->name[names->n], 0, RT_NAME_MAX);
	memcpy(names->name[names->n++], name, strnlen(name, RT_NAME_MAX - 1));
}

/* The names are noted first: trying a line moves the scope. */
static void offer_processes(struct subject *subject)
{
	struct names names = {0};

	rt_scope_each(rt_draft_scope(subject->draft, subject->at), RT_NAMES_PROCESS, "", note_name,
		      &names);
	for (size_t i = 0; i < names.n; i++)
		offer_process(subject, names.name[i]);
	free(names.name);
}

static void offer_for_call(struct subject *subject)
{
	switch (subject->line->call.id) {
	case RT_CALL_SETSOCKOPT:
		offer_option(subject);
		break;
	case RT_CALL_SOCKET:
		offer_type(subject);
		break;
	case RT_CALL_BIND:
	case RT_CALL_CONNECT:
		offer_option_before(subject, "SO_REUSEADDR");
		offer_option_before(subject, "SO_REUSEPORT");
		offer_addresses(subject, 1);
		break;
	case RT_CALL_LISTEN:
		offer_option_before(subject, "SO_REUSEADDR");
		offer_option_before(subject, "SO_REUSEPORT");
		break;
	case RT_CALL_SENDTO:
		offer_addresses(subject, 2);
		break;
	default:
		break;
	}
	if (subject->line->call.actor[0])
		offer_processes(subject);
}

void rt_changes_of(struct rt_draft *draft, size_t at, struct rt_changes *changes)
{
	const struct rt_draft_line *line = rt_draft_line(draft, at);
	struct subject subject = {.draft = draft, .at = at, .out = changes};

	rt_changes_fini(changes);
	if (line->kind == RT_DRAFT_SCRIPT) {
		subject.line = &rt_draft_lesson(draft, NULL)->line[line->index];
		if (subject.line->kind == RT_LINE_CALL)
			offer_for_call(&subject);
	}
	add(changes, RT_CHANGE_REMOVE, _("without this line"), NULL);
}

void rt_change_make(struct rt_draft *draft, size_t at, const struct rt_change *change)
{
	struct rt_mistake mistake = {0};

	if (change->kind == RT_CHANGE_REMOVE)
		rt_draft_remove(draft, at);
	else if (change->kind == RT_CHANGE_INSERT)
		(void)rt_draft_insert(draft, at, change->text, &mistake);
	else
		(void)rt_draft_replace(draft, at, change->text, &mistake);
	rt_mistake_fini(&mistake);
}

/* --- what came of it -------------------------------------------------------------------------- */

size_t rt_whatif_count(const struct rt_whatif *whatif)
{
	return rt_draft_count(whatif->draft) + whatif->end - whatif->first;
}

static const struct rt_draft_line *line_of(const struct rt_whatif *whatif,
					   const struct rt_whatif_row *row)
{
	return row->at < 0 ? NULL : rt_draft_line(whatif->draft, (size_t)row->at);
}

const struct rt_outcome *rt_whatif_before(const struct rt_whatif *whatif,
					  const struct rt_whatif_row *row)
{
	return row->before < 0 ? NULL : rt_engine_outcome(whatif->before, (size_t)row->before);
}

const struct rt_outcome *rt_whatif_now(const struct rt_whatif *whatif,
				       const struct rt_whatif_row *row)
{
	const struct rt_draft_line *line = line_of(whatif, row);

	return line && line->kind == RT_DRAFT_SCRIPT ? rt_engine_outcome(whatif->now, line->index)
						     : NULL;
}

/* Whether the line of the draft still is what the lesson has. */
static bool is_as_it_was(const struct rt_whatif *whatif, const struct rt_draft_line *line)
{
	struct rt_str text = {0};
	bool same;

	rt_draft_write_line(&whatif->lesson->line[line->origin], &text);
	same = strcmp(text.s, line->text) == 0;
	rt_str_fini(&text);
	return same;
}

static struct rt_whatif_row row_of(const struct rt_whatif *whatif, size_t at)
{
	const struct rt_draft_line *line = rt_draft_line(whatif->draft, at);
	struct rt_whatif_row row = {.before = line->origin, .at = (int)at};
	const struct rt_outcome *before, *now;

	if (line->kind == RT_DRAFT_WRONG) {
		row.mark = RT_WHATIF_LEFT_OUT;
		row.differs = true;
		return row;
	}
	row.mark = line->origin < 0		? RT_WHATIF_ADDED
		   : is_as_it_was(whatif, line) ? RT_WHATIF_SAME
						: RT_WHATIF_CHANGED;
	before = rt_whatif_before(whatif, &row);
	now = rt_whatif_now(whatif, &row);
	row.differs = before && now && now->how != RT_NOT_RUN &&
		      !rt_outcome_same(&whatif->changed->line[line->index], before, now);
	return row;
}

/* The lesson's lines from *next to before `end`, which the draft no longer has. */
static size_t add_removed(size_t *next, size_t end, struct rt_whatif_row *rows)
{
	size_t n = 0;

	for (; *next < end; ++*next)
		rows[n++] = (struct rt_whatif_row){
			.mark = RT_WHATIF_REMOVED, .before = (int)*next, .at = -1};
	return n;
}

size_t rt_whatif_rows(const struct rt_whatif *whatif, struct rt_whatif_row *rows)
{
	size_t n = 0, next = whatif->first;

	for (size_t at = 0; at < rt_draft_count(whatif->draft); at++) {
		int origin = rt_draft_line(whatif->draft, at)->origin;

		if (origin >= 0) {
			n += add_removed(&next, (size_t)origin, rows + n);
			next = (size_t)origin + 1;
		}
		rows[n++] = row_of(whatif, at);
	}
	return n + add_removed(&next, whatif->end, rows + n);
}

/* --- words ------------------------------------------------------------------------------------ */

static void add_result(const struct rt_line *line, const struct rt_outcome *outcome,
		       struct rt_str *out)
{
	rt_words_outcome_short(line, outcome, out);
}

static void add_difference(const struct rt_whatif *whatif, const struct rt_whatif_row *row,
			   struct rt_str *out)
{
	const struct rt_draft_line *line = line_of(whatif, row);
	struct rt_str was = {0}, is = {0}, text = {0};

	rt_str_addf(out, _("First difference, line %d: "), row->at + 1);
	if (row->mark == RT_WHATIF_LEFT_OUT) {
		rt_str_addf(out, _("%s can no longer run: %s."), line->text, line->mistake.what);
		return;
	}
	rt_line_format(&whatif->changed->line[line->index], &text);
	add_result(&whatif->lesson->line[row->before], rt_whatif_before(whatif, row), &was);
	add_result(&whatif->changed->line[line->index], rt_whatif_now(whatif, row), &is);
	rt_str_addf(out, _("%s was %s, and is %s now."), text.s,
		    rt_str_text(&was) + strspn(rt_str_text(&was), "= "),
		    rt_str_text(&is) + strspn(rt_str_text(&is), "= "));
	rt_str_fini(&was);
	rt_str_fini(&is);
	rt_str_fini(&text);
}

void rt_whatif_words(const struct rt_whatif *whatif, const struct rt_whatif_row *rows, size_t n,
		     struct rt_str *out)
{
	if (!rt_draft_is_edited(whatif->draft)) {
		rt_str_add(out, _("Nothing is changed yet. Choose a call with Up and Down; Enter "
				  "shows what could be otherwise."));
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (!rows[i].differs)
			continue;
		add_difference(whatif, &rows[i], out);
		return;
	}
	rt_str_add(out, _("No difference: each call gave what it gave in the lesson."));
}
