/* The lessons that are here, and what they use, read from their scripts. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cmd/doctor.h"
#include "lesson/catalog.h"
#include "model/call.h"

enum { NAMED_MAX = 2 }; /* more lessons are counted */

static bool row_uses(const struct rt_row_pattern *row, enum rt_feature feature)
{
	switch (feature) {
	case RT_FEATURE_TCP:
		return row->proto == RT_TCP;
	case RT_FEATURE_UDP:
		return row->proto == RT_UDP;
	case RT_FEATURE_BOUND:
		return row->state == RT_BOUND;
	case RT_FEATURE_TIME_WAIT:
		return row->state == RT_TIME_WAIT;
	default:
		return false;
	}
}

static bool arg_uses(enum rt_arg_kind kind, const struct rt_arg *arg, enum rt_feature feature)
{
	const int type_mask = 0xf; /* SOCK_TYPE_MASK of the kernel: without SOCK_NONBLOCK ... */
	const struct rt_sockopt *option;
	size_t n;

	if (!arg->given)
		return false;
	switch (kind) {
	case RT_ARG_FAMILY:
		return feature == RT_FEATURE_IPV6 && arg->number == AF_INET6;
	case RT_ARG_TYPE:
		return (feature == RT_FEATURE_UDP && (arg->number & type_mask) == SOCK_DGRAM) ||
		       (feature == RT_FEATURE_TCP && (arg->number & type_mask) == SOCK_STREAM);
	case RT_ARG_OPTION:
		option = rt_sockopts(&n);
		return feature == RT_FEATURE_MULTICAST && (size_t)arg->number < n &&
		       option[arg->number].form == RT_FORM_MEMBERSHIP;
	case RT_ARG_ROW:
		return row_uses(arg->row, feature);
	default:
		return false;
	}
}

static bool call_uses(const struct rt_call *call, enum rt_feature feature)
{
	const struct rt_call_spec *spec = rt_call_spec(call->id);

	switch (call->id) {
	case RT_CALL_DESTROY:
	case RT_CALL_WAIT:
		/* A wait that is replayed ends the record instead. */
		if (feature == RT_FEATURE_DESTROY)
			return true;
		break;
	case RT_CALL_SYSCTL:
		if (feature == RT_FEATURE_SYSCTL)
			return true;
		break;
	case RT_CALL_SETEUID:
	case RT_CALL_FCHOWN:
		if (feature == RT_FEATURE_UIDS)
			return true;
		break;
	case RT_CALL_CAPTURE:
	case RT_CALL_INJECT:
		if (feature == RT_FEATURE_PACKET)
			return true;
		break;
	default:
		break;
	}
	for (size_t i = 0; i < spec->n_args; i++)
		if (arg_uses((enum rt_arg_kind)spec->arg[i], &call->arg[i], feature))
			return true;
	return false;
}

/* Whether the line says itself that it needs the feature, and is left out where it is missing. */
static bool is_gated(const struct rt_line *line, enum rt_feature feature)
{
	static const struct {
		enum rt_feature feature;
		enum rt_gate_probe probe;
	} same[] = {
		{RT_FEATURE_UIDS, RT_GATE_UIDS},     {RT_FEATURE_BOUND, RT_GATE_BOUND},
		{RT_FEATURE_IPV6, RT_GATE_IPV6},     {RT_FEATURE_SYSCTL, RT_GATE_SYSCTL},
		{RT_FEATURE_PACKET, RT_GATE_PACKET},
	};
	size_t n;
	const struct rt_gate *table = rt_gate_table(&n);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < RT_COUNT(same); k++)
			if (line->gates.features & UINT32_C(1) << i &&
			    table[i].probe == same[k].probe && feature == same[k].feature)
				return true;
	return false;
}

/* Whether the lesson uses it at all, and with *always whether it does so where it is missing. */
static bool lesson_uses(const struct rt_lesson *lesson, enum rt_feature feature, bool *always)
{
	bool uses = false;

	*always = false;
	for (size_t i = 0; i < lesson->n_lines; i++) {
		const struct rt_line *line = &lesson->line[i];

		if (line->kind == RT_LINE_CALL ? !call_uses(&line->call, feature)
		    : line->expect.is_group    ? feature != RT_FEATURE_MULTICAST
					       : !row_uses(&line->expect.row, feature))
			continue;
		uses = true;
		*always = *always || !is_gated(line, feature);
	}
	return uses;
}

void rt_needs_find(struct rt_needs *needs, const struct rt_catalog *catalog)
{
	for (size_t i = 0; catalog && i < catalog->n; i++) {
		struct rt_mistakes mistakes = {0};
		struct rt_error ignored;
		struct rt_lesson *lesson =
			rt_lesson_load(catalog->head[i]->path, &mistakes, &ignored);

		needs->n_lessons += lesson != NULL;
		for (int feature = 0; lesson && feature < RT_FEATURES; feature++) {
			struct rt_str *lessons = &needs->lessons[feature];
			bool always;

			if (!lesson_uses(lesson, (enum rt_feature)feature, &always))
				continue;
			needs->without[feature] += !always;
			rt_str_addf(lessons, "%s%s", lessons->len ? ", " : "", lesson->id);
			needs->n[feature]++;
		}
		rt_lesson_free(lesson);
		rt_mistakes_fini(&mistakes);
	}
}

void rt_needs_fini(struct rt_needs *needs)
{
	for (size_t i = 0; i < RT_FEATURES; i++)
		rt_str_fini(&needs->lessons[i]);
	memset(needs, 0, sizeof(*needs));
}

void rt_needs_apply(const struct rt_needs *needs, enum rt_feature feature,
		    struct rt_finding *finding)
{
	finding->required = needs->n[feature] > needs->without[feature];
	finding->spared = needs->n[feature] > 0 && !finding->required;
	rt_str_clear(&finding->need);
	if (needs->n[feature] == 0)
		rt_str_add(&finding->need, _("no lesson here"));
	else if (needs->n[feature] == needs->n_lessons)
		rt_str_add(&finding->need, _("every lesson"));
	else if (needs->n[feature] <= NAMED_MAX)
		rt_str_add(&finding->need, rt_str_text(&needs->lessons[feature]));
	else
		rt_str_addf(&finding->need, _("%zu of %zu lessons"), needs->n[feature],
			    needs->n_lessons);
}

void rt_doctor_lessons(struct rt_findings *findings, const struct rt_needs *needs,
		       const struct rt_catalog *catalog, const struct rt_error *err)
{
	struct rt_finding *finding =
		rt_findings_add(findings, "lessons", N_("lessons"), _("every lesson"));

	finding->required = true;
	if (!catalog) {
		finding->presence = RT_ABSENT;
		rt_str_add(&finding->found, err->why);
		rt_str_add(&finding->fix, err->fix);
		return;
	}
	rt_str_addf(&finding->found, P_("%zu in %s", "%zu in %s", catalog->n), catalog->n,
		    catalog->dir);
	if (needs->n_lessons < catalog->n) {
		finding->presence = RT_ABSENT;
		rt_str_addf(&finding->fix,
			    P_("%zu of them has mistakes: reuse-tutor check names them",
			       "%zu of them have mistakes: reuse-tutor check names them",
			       catalog->n - needs->n_lessons),
			    catalog->n - needs->n_lessons);
	}
}
