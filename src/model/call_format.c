/* A call as strace prints it. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "model/call.h"
#include "model/constants.h"

void rt_data_format(const void *data, size_t len, struct rt_str *out)
{
	static const char letter[] = "abtnvfr"; /* of the control characters from \a to \r */
	static const char in_order[] = "\a\b\t\n\v\f\r";
	const unsigned char *byte = data;

	rt_str_addc(out, '"');
	for (size_t i = 0; i < len; i++) {
		const char *known = byte[i] ? strchr(in_order, byte[i]) : NULL;

		if (byte[i] == '"' || byte[i] == '\\')
			rt_str_addf(out, "\\%c", byte[i]);
		else if (byte[i] >= ' ' && byte[i] <= '~')
			rt_str_addc(out, (char)byte[i]);
		else if (known)
			rt_str_addf(out, "\\%c", letter[known - in_order]);
		else /* always three octal digits: one that follows is not taken for theirs */
			rt_str_addf(out, "\\%03o", byte[i]);
	}
	rt_str_addc(out, '"');
}

static void add_v4(const struct in_addr *addr, struct rt_str *out)
{
	char text[INET_ADDRSTRLEN];

	rt_str_add(out, inet_ntop(AF_INET, addr, text, sizeof(text)));
}

static void format_membership(const struct rt_arg *value, struct rt_str *out)
{
	struct ip_mreqn mreq = {0};

	memcpy(&mreq, value->data, value->data_len);
	rt_str_addc(out, '{');
	add_v4(&mreq.imr_multiaddr, out);
	rt_str_add(out, ", ");
	add_v4(&mreq.imr_address, out);
	if (mreq.imr_ifindex)
		rt_str_addf(out, ", %d", mreq.imr_ifindex);
	rt_str_addc(out, '}');
}

/* In the form of its option, where the bytes have the length of that form. */
static void format_value(const struct rt_arg *option, const struct rt_arg *value,
			 struct rt_str *out)
{
	size_t n;
	const struct rt_sockopt *all = rt_sockopts(&n);
	enum rt_value_form form = RT_FORM_INT;
	struct linger linger;
	struct in_addr addr;
	int number;

	if (option->number >= 0 && (uint64_t)option->number < n)
		form = all[option->number].form;
	if ((form == RT_FORM_INT || form == RT_FORM_INDEX) && value->data_len == sizeof(number)) {
		memcpy(&number, value->data, sizeof(number));
		rt_str_addf(out, "%d", number);
	} else if (form == RT_FORM_LINGER && value->data_len == sizeof(linger)) {
		memcpy(&linger, value->data, sizeof(linger));
		rt_str_addf(out, "{%d, %d}", linger.l_onoff, linger.l_linger);
	} else if (form == RT_FORM_ADDRESS && value->data_len == sizeof(addr)) {
		memcpy(&addr, value->data, sizeof(addr));
		add_v4(&addr, out);
	} else if (form == RT_FORM_MEMBERSHIP && (value->data_len == sizeof(struct ip_mreq) ||
						  value->data_len == sizeof(struct ip_mreqn))) {
		format_membership(value, out);
	} else {
		rt_data_format(value->data, value->data_len, out);
	}
}

/* Bare where it is one plain word, else in quotes. */
static void format_text(const struct rt_arg *arg, struct rt_str *out)
{
	bool plain = arg->data_len > 0;

	for (size_t i = 0; i < arg->data_len; i++)
		plain = plain &&
			(isalnum(arg->data[i]) || (arg->data[i] && strchr("._-+/", arg->data[i])));
	if (plain)
		rt_str_addn(out, (const char *)arg->data, arg->data_len);
	else
		rt_data_format(arg->data, arg->data_len, out);
}

static void format_option(int64_t number, struct rt_str *out)
{
	size_t n;
	const struct rt_sockopt *all = rt_sockopts(&n);

	if (number >= 0 && (uint64_t)number < n)
		rt_str_add(out, all[number].name);
	else
		rt_str_addf(out, "%lld", (long long)number);
}

static void format_address(const struct rt_call *call, const struct rt_arg *arg, struct rt_str *out)
{
	char text[RT_ADDR_TEXT];

	if (arg->is_name)
		rt_str_add(out, arg->name);
	else if (call->id == RT_CALL_ADDRESS) /* an address of the interface: it has no port */
		rt_str_add(out, rt_addr_host(&arg->addr, text));
	else
		rt_str_add(out, rt_addr_format(&arg->addr, text));
}

static void format_row(const struct rt_row_pattern *row, struct rt_str *out)
{
	char text[512];

	if (row)
		rt_str_add(out, rt_row_pattern_format(row, text, sizeof(text)));
}

const char *rt_member_name(const char *name, int64_t index, char member[RT_NAME_MAX])
{
	/* 16 letters and an index of four digits fit. */
	if (index > 0)
		snprintf(member, RT_NAME_MAX, "%.16s[%d]", name, (int)(index % 10000));
	else
		snprintf(member, RT_NAME_MAX, "%.*s", RT_NAME_MAX - 1, name);
	return member;
}

/* In a repetition the first of all is written without its number. */
static void format_fd(const struct rt_call *call, const struct rt_arg *arg, struct rt_str *out)
{
	char member[RT_NAME_MAX];
	bool bare = call->repeat && arg->number == 1;

	rt_str_add(out, rt_member_name(arg->name, bare ? 0 : arg->number, member));
}

static void format_arg(const struct rt_call *call, size_t i, struct rt_str *out)
{
	const struct rt_arg *arg = &call->arg[i];
	enum rt_arg_kind kind = rt_call_spec(call->id)->arg[i];

	switch (kind) {
	case RT_ARG_FD:
		format_fd(call, arg, out);
		break;
	case RT_ARG_PROCESS:
	case RT_ARG_SYSCTL:
		rt_str_add(out, arg->name);
		break;
	case RT_ARG_ADDRESS:
		format_address(call, arg, out);
		break;
	case RT_ARG_DATA:
		rt_data_format(arg->data, arg->data_len, out);
		break;
	case RT_ARG_OPTION:
		format_option(arg->number, out);
		break;
	case RT_ARG_VALUE:
		format_value(&call->arg[i - 1], arg, out);
		break;
	case RT_ARG_TEXT:
		format_text(arg, out);
		break;
	case RT_ARG_ROW:
		format_row(arg->row, out);
		break;
	case RT_ARG_NO:
		rt_str_add(out, rt_arg_kind_name(kind));
		break;
	default:
		rt_constant_format(kind, arg->number, out);
		break;
	}
}

void rt_call_format(const struct rt_call *call, bool with_assign, struct rt_str *out)
{
	const struct rt_call_spec *spec = rt_call_spec(call->id);
	const char *separator = "";

	if (with_assign && call->repeat)
		rt_str_addf(out, "%d x ", call->repeat);
	if (with_assign && call->assign[0])
		rt_str_addf(out, "%s = ", call->assign);
	rt_str_addf(out, "%s(", spec->name);
	for (size_t i = 0; i < spec->n_args; i++) {
		if (spec->arg_optional[i] && !call->arg[i].given)
			continue;
		rt_str_add(out, separator);
		format_arg(call, i, out);
		separator = spec->arg[i] == RT_ARG_NO ? " " : ", ";
	}
	rt_str_addc(out, ')');
}
