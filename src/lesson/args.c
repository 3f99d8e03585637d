/* The arguments of a call: one function for each kind of argument that is more than a word. */
#include "lesson/args.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/suggest.h"

enum { TEXT_MAX = 128 };

char *rt_args_usage(const struct rt_call_spec *spec)
{
	struct rt_str out = {0};
	const char *separator = "";

	rt_str_addf(&out, "%s(", spec->name);
	for (size_t i = 0; i < spec->n_args; i++) {
		const char *word = rt_arg_kind_name((enum rt_arg_kind)spec->arg[i]);

		rt_str_addf(&out, spec->arg_optional[i] ? "%s[%s]" : "%s%s", separator, word);
		separator = spec->arg[i] == RT_ARG_NO ? " " : ", ";
	}
	rt_str_addc(&out, ')');
	return rt_str_take(&out);
}

static void copy_word(struct rt_arg *arg, struct rt_word word)
{
	size_t len = word.len < sizeof(arg->name) - 1 ? word.len : sizeof(arg->name) - 1;

	memcpy(arg->name, word.s, len);
	arg->name[len] = '\0';
}

/* --- names and addresses ---------------------------------------------------------------------- */

/* Cuts `[3]` off `c[3]`. *index is 0 where none stands there. */
static int parse_index(struct rt_lex *lex, struct rt_word *word, int64_t *index)
{
	const char *bracket = word->len ? memchr(word->s, '[', word->len) : NULL;
	size_t at = bracket ? (size_t)(bracket - word->s) : word->len;
	struct rt_lex inside = {
		.text = lex->text, .at = word->at + at + 1, .mistake = lex->mistake};

	*index = 0;
	if (!bracket)
		return 0;
	if (word->s[word->len - 1] != ']' || word->len < at + 3)
		return rt_lex_expected(lex, word->at, _("a number in brackets"), _("as in c[3]"));
	inside.len = word->at + word->len - 1;
	word->len = at;
	return rt_lex_number(&inside, 1, RT_REPEAT_MAX, index);
}

static int parse_fd(struct rt_lex *lex, const struct rt_scope *scope, const struct rt_call *call,
		    struct rt_arg *arg)
{
	struct rt_word word = rt_lex_word(lex);
	const char *help = "";

	if (parse_index(lex, &word, &arg->number) < 0)
		return -1;

	if (word.len && memchr(word.s, '.', word.len))
		help = _("a line uses the names of its own process: write that process in front of "
			 "the line");
	if (!rt_word_is_name(word))
		return rt_lex_expected(lex, word.at, rt_arg_phrase(RT_ARG_FD), help);
	if (rt_scope_check_fd(lex, scope, call->actor, word) < 0 ||
	    rt_scope_check_member(lex, scope, call, word, &arg->number) < 0)
		return -1;
	copy_word(arg, word);
	return 0;
}

/* with_port: the port must be there; else it may be. */
static int parse_address(struct rt_lex *lex, const struct rt_scope *scope, bool with_port,
			 struct rt_arg *arg)
{
	struct rt_word word = rt_lex_word(lex);
	bool has_port = false;

	if (rt_word_is_name(word)) {
		arg->is_name = true;
		copy_word(arg, word);
		return rt_scope_check_address(lex, scope, word);
	}
	if (word.len == 0 || rt_addr_parse(word.s, word.len, &arg->addr, &has_port) < 0)
		return rt_lex_expected(
			lex, word.at, rt_arg_phrase(RT_ARG_ADDRESS),
			with_port ? _("addresses look like 127.0.0.1:8002 or [::1]:8002")
				  : _("addresses look like 127.0.0.5 or [::1]"));
	if (with_port && !has_port)
		return rt_lex_expected(lex, word.at, _("an address with a port"),
				       _("addresses look like 127.0.0.1:8002 or [::1]:8002"));
	return 0;
}

static int parse_process(struct rt_lex *lex, const struct rt_scope *scope, struct rt_arg *arg)
{
	struct rt_word word = rt_lex_word(lex);

	if (!rt_word_is_name(word))
		return rt_lex_expected(lex, word.at, rt_arg_phrase(RT_ARG_PROCESS), "");
	if (rt_scope_check_process(lex, scope, word, false) < 0)
		return -1;
	copy_word(arg, word);
	return 0;
}

/*
 * net.ipv4 and net.ipv6 belong to the network namespace; nothing else can be set. No way leads out
 * of them: no empty part.
 */
static int parse_sysctl(struct rt_lex *lex, struct rt_arg *arg)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-.";
	const char *help = _("it begins with net.ipv4. or net.ipv6., as in net.ipv4.tcp_tw_reuse");
	size_t prefix = strlen("net.ipv4.");
	struct rt_word word = rt_lex_word(lex);

	copy_word(arg, word);
	if (word.len <= prefix ||
	    (memcmp(word.s, "net.ipv4.", prefix) != 0 && memcmp(word.s, "net.ipv6.", prefix) != 0))
		return rt_lex_expected(lex, word.at, rt_arg_phrase(RT_ARG_SYSCTL), help);
	if (strlen(arg->name) != word.len)
		return rt_lex_fail(lex, word.at, "",
				   _("the name of a sysctl has at most %d letters"),
				   RT_WORD_MAX - 1);
	if (strspn(arg->name, letters) != word.len || strstr(arg->name, "..") ||
	    word.s[word.len - 1] == '.')
		return rt_lex_expected(lex, word.at, rt_arg_phrase(RT_ARG_SYSCTL), help);
	return 0;
}

/* --- bytes ------------------------------------------------------------------------------------ */

static void take_bytes(struct rt_arg *arg, const void *bytes, size_t len)
{
	arg->data = (uint8_t *)rt_strndup(bytes, len);
	arg->data_len = len;
}

static int parse_v4(struct rt_lex *lex, struct in_addr *v4)
{
	struct rt_word word = rt_lex_word(lex);
	struct rt_addr addr;
	bool has_port = false;

	if (word.len == 0 || rt_addr_parse(word.s, word.len, &addr, &has_port) < 0 || has_port ||
	    addr.family != AF_INET)
		return rt_lex_expected(lex, word.at, _("an IPv4 address without a port"),
				       _("as in 127.0.0.1"));
	*v4 = addr.v4;
	return 0;
}

static int parse_sign(struct rt_lex *lex, char sign, const char *help)
{
	char text[4] = {'"', sign, '"'};

	return rt_lex_take(lex, sign) ? 0 : rt_lex_expected(lex, lex->at, text, help);
}

static int parse_linger(struct rt_lex *lex, struct rt_arg *arg)
{
	const char *help = _("as in {1, 0}: on, and the seconds to linger");
	struct linger linger;
	int64_t onoff, seconds;

	if (parse_sign(lex, '{', help) < 0 || rt_lex_number(lex, 0, INT32_MAX, &onoff) < 0 ||
	    parse_sign(lex, ',', help) < 0 || rt_lex_number(lex, 0, INT32_MAX, &seconds) < 0 ||
	    parse_sign(lex, '}', help) < 0)
		return -1;
	linger = (struct linger){.l_onoff = (int)onoff, .l_linger = (int)seconds};
	take_bytes(arg, &linger, sizeof(linger));
	return 0;
}

static int parse_membership(struct rt_lex *lex, struct rt_arg *arg)
{
	const char *help =
		_("as in {239.1.1.1, 127.0.0.1}: the group, and the address of the interface");
	struct ip_mreq mreq;

	if (parse_sign(lex, '{', help) < 0 || parse_v4(lex, &mreq.imr_multiaddr) < 0 ||
	    parse_sign(lex, ',', help) < 0 || parse_v4(lex, &mreq.imr_interface) < 0 ||
	    parse_sign(lex, '}', help) < 0)
		return -1;
	take_bytes(arg, &mreq, sizeof(mreq));
	return 0;
}

static int parse_value(struct rt_lex *lex, const struct rt_arg *option, struct rt_arg *arg)
{
	size_t n;
	const struct rt_sockopt *all = rt_sockopts(&n);
	struct in_addr v4;
	int64_t number;
	int value;

	switch (all[option->number].form) {
	case RT_FORM_LINGER:
		return parse_linger(lex, arg);
	case RT_FORM_MEMBERSHIP:
		return parse_membership(lex, arg);
	case RT_FORM_ADDRESS:
		if (parse_v4(lex, &v4) < 0)
			return -1;
		take_bytes(arg, &v4, sizeof(v4));
		return 0;
	case RT_FORM_INT:
	case RT_FORM_INDEX:
		break;
	}
	if (rt_lex_number(lex, INT32_MIN, INT32_MAX, &number) < 0)
		return -1;
	value = (int)number;
	take_bytes(arg, &value, sizeof(value));
	return 0;
}

/* A bare word, or a string without control characters: a sysctl takes a line of text. */
static int parse_text(struct rt_lex *lex, struct rt_arg *arg)
{
	struct rt_word word;

	if (rt_lex_peek(lex) == '"') {
		size_t from = lex->at;

		if (rt_lex_string(lex, TEXT_MAX, &arg->data, &arg->data_len) < 0)
			return -1;
		for (size_t i = 0; i < arg->data_len; i++)
			if (arg->data[i] < ' ' || arg->data[i] > '~')
				return rt_lex_fail(lex, from, "",
						   _("this value may hold printable ASCII alone"));
		return 0;
	}
	word = rt_lex_word(lex);
	for (size_t i = 0; i < word.len; i++)
		if (word.s[i] < ' ' || word.s[i] > '~')
			word.len = 0;
	if (word.len == 0 || word.len > TEXT_MAX)
		return rt_lex_expected(
			lex, word.at, rt_arg_phrase(RT_ARG_TEXT),
			_("as in 1; a value with blanks stands in quotes: \"40000 40003\""));
	take_bytes(arg, word.s, word.len);
	return 0;
}

/* --- all of them ------------------------------------------------------------------------------ */

static int parse_arg(struct rt_lex *lex, const struct rt_scope *scope, struct rt_call *call,
		     size_t i)
{
	enum rt_arg_kind kind = (enum rt_arg_kind)rt_call_spec(call->id)->arg[i];
	struct rt_arg *arg = &call->arg[i];

	arg->given = true;
	switch (kind) {
	case RT_ARG_FD:
		return parse_fd(lex, scope, call, arg);
	case RT_ARG_ADDRESS:
		return parse_address(lex, scope, call->id != RT_CALL_ADDRESS, arg);
	case RT_ARG_INT:
		return rt_lex_number(lex, INT32_MIN, INT32_MAX, &arg->number);
	case RT_ARG_DATA:
		return rt_lex_string(lex, RT_DATA_MAX, &arg->data, &arg->data_len);
	case RT_ARG_OPTION:
		return rt_option_parse(lex, arg);
	case RT_ARG_VALUE:
		return parse_value(lex, &call->arg[i - 1], arg);
	case RT_ARG_PROCESS:
		return parse_process(lex, scope, arg);
	case RT_ARG_SYSCTL:
		return parse_sysctl(lex, arg);
	case RT_ARG_TEXT:
		return parse_text(lex, arg);
	case RT_ARG_ROW:
		arg->row = rt_calloc(1, sizeof(*arg->row));
		return rt_row_parse(lex, scope, arg->row);
	default:
		return rt_constants_parse(lex, kind, arg);
	}
}

/* `no` stands in front of the next argument without a comma. */
static void take_no(struct rt_lex *lex, struct rt_arg *arg)
{
	size_t from = lex->at;

	arg->given = rt_word_is(rt_lex_word(lex), rt_arg_kind_name(RT_ARG_NO));
	if (!arg->given)
		lex->at = from;
}

/* The help of these two is how the call is written. Only a mistake has a need for it. */
static int expected(struct rt_lex *lex, const char *what, const struct rt_call_spec *spec)
{
	char *usage = rt_args_usage(spec);

	rt_lex_expected(lex, lex->at, what, usage);
	free(usage);
	return -1;
}

static int fail_end(struct rt_lex *lex, const struct rt_call_spec *spec)
{
	size_t from = lex->at;
	char *usage;

	if (!rt_lex_take(lex, ','))
		return expected(lex, "\")\"", spec);
	usage = rt_args_usage(spec);
	rt_lex_fail(lex, from, usage,
		    spec->n_args == 0 ? _("%s takes no arguments")
				      : _("%s has all its arguments already"),
		    spec->name);
	free(usage);
	return -1;
}

/* F_SETFD and F_SETFL say what to set; F_GETFD and F_GETFL have nothing to say. */
static int check_fcntl(struct rt_lex *lex, size_t at, const struct rt_call *call)
{
	const char *name = NULL;
	size_t n;
	const struct rt_constant *all = rt_constants(&n);
	bool sets;

	for (size_t i = 0; i < n; i++)
		if (all[i].kind == RT_ARG_COMMAND && all[i].value == call->arg[1].number)
			name = all[i].name;
	sets = name && strncmp(name, "F_SET", 5) == 0;
	if (sets && !call->arg[2].given)
		return rt_lex_fail(lex, at, _("as in fcntl(s, F_SETFD, FD_CLOEXEC)"),
				   _("%s needs flags to set"), name);
	if (!sets && call->arg[2].given)
		return rt_lex_fail(lex, at, _("as in fcntl(s, F_GETFD)"), _("%s takes no flags"),
				   name);
	return 0;
}

/* A connection is two ends; what else a row may say has no meaning for its segments. */
static int check_ends(struct rt_lex *lex, size_t at, const struct rt_call *call)
{
	const char *help = _("as in 127.0.0.1:9000 -> 127.0.0.1:8000");
	const struct rt_row_pattern *row = call->arg[0].row;
	const struct rt_addr_pattern *end[] = {&row->local, &row->peer};
	const char *name = rt_call_spec(call->id)->name;

	if (row->proto != RT_TCP || !row->has_peer)
		return rt_lex_fail(lex, at, help, _("%s needs both ends of a TCP connection"),
				   name);
	if (row->state || row->check_owner || row->check_uid || row->check_timer ||
	    row->check_queue)
		return rt_lex_fail(lex, at, help, _("%s takes two ends and nothing else"), name);
	for (size_t i = 0; i < RT_COUNT(end); i++) {
		if (end[i]->addr.family == AF_INET6)
			return rt_lex_fail(lex, at, help, _("%s knows IPv4 alone"), name);
		if (call->id == RT_CALL_INJECT && (end[i]->any_host || end[i]->any_port))
			return rt_lex_fail(lex, at, help, _("%s needs both ends without *"), name);
	}
	return 0;
}

static int check_call(struct rt_lex *lex, size_t first, size_t last, const struct rt_call *call)
{
	switch (call->id) {
	case RT_CALL_FCNTL:
		return check_fcntl(lex, last, call);
	case RT_CALL_CAPTURE:
	case RT_CALL_INJECT:
		return check_ends(lex, first, call);
	default:
		return 0;
	}
}

int rt_args_parse(struct rt_lex *lex, const struct rt_scope *scope, struct rt_call *call)
{
	const struct rt_call_spec *spec = rt_call_spec(call->id);
	size_t n = 0, from = lex->at, first;

	if (!rt_lex_take(lex, '('))
		return expected(lex, "\"(\"", spec);
	rt_lex_peek(lex);
	first = lex->at;
	for (size_t i = 0; i < spec->n_args; i++) {
		if (spec->arg[i] == RT_ARG_NO) {
			take_no(lex, &call->arg[i]);
			continue;
		}
		if (n > 0 && !rt_lex_take(lex, ',')) {
			if (spec->arg_optional[i])
				break;
			return expected(lex, "\",\"", spec);
		}
		if (rt_lex_peek(lex) == ')' && !(n == 0 && spec->arg_optional[i]))
			return expected(lex, rt_arg_phrase(spec->arg[i]), spec);
		if (rt_lex_peek(lex) == ')')
			break;
		from = lex->at;
		if (parse_arg(lex, scope, call, i) < 0)
			return -1;
		n++;
	}
	if (!rt_lex_take(lex, ')'))
		return fail_end(lex, spec);
	return check_call(lex, first, from, call);
}
