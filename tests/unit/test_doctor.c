/* The doctor's pure parts: kernels, cursor reports, the exit status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "cmd/doctor.h"

static const char *notes_of(const char *release, struct rt_str *out)
{
	rt_str_clear(out);
	rt_doctor_kernel_notes(release, out);
	return rt_str_text(out);
}

static void test_kernels(void **state)
{
	struct rt_str out = {0};

	(void)state;
	assert_string_equal(notes_of("6.18.0", &out), "");
	assert_string_equal(notes_of("6.18.44-fc-v657", &out), "");
	assert_string_equal(notes_of("7.0", &out), "");
	assert_string_equal(notes_of("6.17.9", &out),
			    "before 6.18 connect() passes over a port longer after an explicit "
			    "bind()");
	assert_non_null(strstr(notes_of("6.16.300-rc1", &out), "before 6.17"));
	assert_null(strstr(notes_of("6.14.0", &out), "tcp_tw_reuse_delay"));
	assert_non_null(strstr(notes_of("6.13.12", &out), "tcp_tw_reuse_delay"));
	assert_non_null(strstr(notes_of("6.1.20-amd64", &out), "pass over TIME_WAIT"));
	assert_non_null(strstr(notes_of("6.1.53", &out), "wildcards"));
	assert_null(strstr(notes_of("6.1.54", &out), "wildcards"));
	assert_non_null(strstr(notes_of("6.5.13", &out), "wildcards"));
	assert_null(strstr(notes_of("6.6.0", &out), "wildcards"));
	assert_null(strstr(notes_of("5.15.0-91-generic", &out), "TIME_WAIT"));
	assert_null(strstr(notes_of("5.14.0", &out), "tcp_migrate_req"));
	assert_non_null(strstr(notes_of("5.10.0", &out), "tcp_migrate_req"));
	assert_non_null(strstr(notes_of("4.18.0-553.el8", &out), "before 4.19"));
	assert_null(strstr(notes_of("4.19.0", &out), "before 4.19"));
	/* What is no version tells nothing. */
	assert_string_equal(notes_of("", &out), "");
	assert_string_equal(notes_of("six", &out), "");
	assert_string_equal(notes_of("99999999999.1", &out), "");
	rt_str_fini(&out);
}

static int column(const char *text)
{
	return rt_doctor_report_column(text, strlen(text));
}

static void test_reports(void **state)
{
	(void)state;
	assert_int_equal(column("\033[1;2R"), 2);
	assert_int_equal(column("\033[24;3R"), 3);
	assert_int_equal(column("\033[100;120R"), 120);
	/* Keys that were typed before it do not matter. */
	assert_int_equal(column("qqR\033[1\033[5;2R"), 2);
	assert_int_equal(column("\033[5;2"), 0);
	assert_int_equal(column("R"), 0);
	assert_int_equal(column(""), 0);
	assert_int_equal(column("\033[;2R"), 0);
	assert_int_equal(column("\033[5;R"), 0);
	assert_int_equal(column("5;2R"), 0);
	assert_int_equal(column("[5;2R"), 0);
	assert_int_equal(column(";2R"), 0);
	assert_int_equal(column("\033[1;99999999999999999999R"), 0);
}

static void test_status(void **state)
{
	struct rt_findings findings = {0};
	struct rt_finding *finding;

	(void)state;
	assert_int_equal(rt_findings_status(&findings), 0);
	rt_findings_add(&findings, "stage", "a stage", NULL)->required = true;
	assert_int_equal(rt_findings_status(&findings), 0);
	rt_findings_add(&findings, "nc", "nc", NULL)->presence = RT_ABSENT;
	assert_int_equal(rt_findings_status(&findings), 0);
	finding = rt_findings_add(&findings, "ipv6", "IPv6", NULL);
	finding->required = true;
	finding->presence = RT_UNKNOWN;
	assert_int_equal(rt_findings_status(&findings), 0);
	findings.finding[2].presence = RT_ABSENT;
	assert_int_equal(rt_findings_status(&findings), RT_ERR_FAILED);
	findings.finding[0].presence = RT_ABSENT;
	assert_int_equal(rt_findings_status(&findings), RT_ERR_STAGE);
	rt_findings_fini(&findings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernels),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
