/* doctor [--json]: what this machine can do for the lessons, and how to mend the rest. */
#include "cmd/doctor.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "lesson/catalog.h"

void rt_findings_fini(struct rt_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++) {
		rt_str_fini(&findings->finding[i].need);
		rt_str_fini(&findings->finding[i].found);
		rt_str_fini(&findings->finding[i].fix);
	}
	free(findings->finding);
	memset(findings, 0, sizeof(*findings));
}

struct rt_finding *rt_findings_add(struct rt_findings *findings, const char *id, const char *name,
				   const char *need)
{
	struct rt_finding *finding;

	RT_GROW(findings->finding, findings->n, findings->cap);
	finding = &findings->finding[findings->n++];
	*finding = (struct rt_finding){.id = id, .name = name};
	if (need)
		rt_str_add(&finding->need, need);
	return finding;
}

int rt_findings_status(const struct rt_findings *findings)
{
	int status = 0;

	for (size_t i = 0; i < findings->n; i++) {
		const struct rt_finding *finding = &findings->finding[i];

		if (finding->presence != RT_ABSENT || !finding->required)
			continue;
		if (strcmp(finding->id, "stage") == 0)
			return RT_ERR_STAGE;
		status = RT_ERR_FAILED;
	}
	return status;
}

int rt_cmd_doctor(int argc, char **argv, const struct rt_options *options, struct rt_error *err)
{
	struct rt_findings findings = {0};
	struct rt_needs needs = {0};
	struct rt_error no_lessons = {0};
	struct rt_catalog *catalog;
	int status;

	if (argc > 0) {
		rt_error_set(err, RT_ERR_USAGE, _("doctor takes no \"%.40s\""), argv[0]);
		rt_error_fix(err, "%s", _("`reuse-tutor doctor` looks at everything"));
		return RT_ERR_USAGE;
	}
	catalog = rt_catalog_new(&no_lessons);
	rt_needs_find(&needs, catalog);
	rt_doctor_stage(&findings, &needs);
	rt_doctor_machine(&findings);
	rt_doctor_lessons(&findings, &needs, catalog, &no_lessons);
	rt_doctor_terminal(&findings);
	rt_doctor_tools(&findings);
	if (options->json)
		rt_doctor_print_json(stdout, &findings);
	else
		rt_doctor_print(stdout, &findings);
	status = rt_findings_status(&findings);
	rt_findings_fini(&findings);
	rt_needs_fini(&needs);
	rt_catalog_free(catalog);
	return status;
}
