#include "lesson/explain.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "lesson/script.h"

static void add_result(const struct rt_foresight *call, struct rt_str *out)
{
	if (call->blocks)
		rt_str_add(out, _("blocks"));
	else if (call->err)
		rt_str_addf(out, "-1 %s (%s)", rt_errno_name(call->err), strerror(call->err));
	else
		rt_str_add(out, "0");
}

/* As many sockets as a person reads. */
enum { SOCKETS_MAX = 8 };

void rt_explain_tell(const struct rt_line *line, const struct rt_foresight *call,
		     rt_rules_tell_fn *tell, void *ctx)
{
	struct rt_str text = {0};

	rt_line_format(line, &text);
	if (call->run)
		rt_str_addf(&text, _(", call %d of %d"), call->run, line->call.repeat);
	rt_str_add(&text, " = ");
	add_result(call, &text);
	tell(ctx, RT_SAYS_CALL, rt_str_text(&text));
	if (!rt_foresight_agrees(call))
		tell(ctx, RT_SAYS_SURPRISE,
		     _("The kernel did not do what the rules foresee from the sockets that were "
		       "there before the call. They foresaw:"));
	rt_str_fini(&text);
	rt_rules_tell(&call->sockets, &call->query, &call->verdict, SOCKETS_MAX, tell, ctx);
}

void rt_explain_short(const struct rt_foresight *call, struct rt_str *out)
{
	if (!call->blocks && call->err == 0)
		return;
	rt_str_add(out, _("why: "));
	if (rt_foresight_agrees(call) && call->verdict.n_also == 0) {
		rt_rules_words_because(&call->sockets, &call->verdict, out);
		return;
	}
	rt_str_add(out, _("foreseen was "));
	rt_rules_words_short(&call->sockets, &call->verdict, out);
}
