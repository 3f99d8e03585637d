/* The multicast groups of /proc/net/igmp. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/groups.h"

static struct in_addr addr(const char *text)
{
	struct in_addr out;

	assert_int_equal(inet_pton(AF_INET, text, &out), 1);
	return out;
}

/* A line of the kernel for a group: its bytes as this machine's number. */
static void group_line(struct rt_str *out, const char *text, unsigned users)
{
	rt_str_addf(out, "\t\t\t\t%08X %5u 0:00000000\t\t0\n", addr(text).s_addr, users);
}

static void parse(struct rt_str *text, struct rt_groups *groups)
{
	rt_groups_parse(rt_str_text(text), text->len, "lo", groups);
	rt_str_fini(text);
}

static void test_the_groups_of_lo_alone_in_order(void **state)
{
	struct rt_str text = {0};
	struct rt_groups groups;

	(void)state;
	rt_str_add(&text, "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n");
	rt_str_add(&text, "1\tlo        :     3      V3\n");
	group_line(&text, "239.2.2.2", 1);
	group_line(&text, "239.1.1.1", 2);
	group_line(&text, "224.0.0.1", 1);
	rt_str_add(&text, "2\teth0      :     1      V3\n");
	group_line(&text, "239.3.3.3", 7);
	parse(&text, &groups);
	assert_true(groups.known);
	assert_int_equal(groups.n, 3);
	assert_int_equal(groups.group[0].addr.s_addr, addr("224.0.0.1").s_addr);
	assert_false(rt_group_is_shown(&groups.group[0]));
	assert_true(rt_group_is_shown(&groups.group[1]));
	assert_int_equal(rt_groups_users(&groups, addr("239.1.1.1")), 2);
	assert_int_equal(rt_groups_users(&groups, addr("239.2.2.2")), 1);
	assert_int_equal(rt_groups_users(&groups, addr("239.3.3.3")), 0);
}

static void test_what_is_no_table(void **state)
{
	static const char *const bad[] = {"",
					  "\n\n\n",
					  "lo",
					  "1",
					  "1\n\t010101EF 2",
					  "1 lo:\n",
					  "1\tlo\n\t\t\t\tZZ 1\n",
					  "1\tlo\n\t\t\t\t010101EF"};
	struct rt_groups groups;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		rt_groups_parse(bad[i], strlen(bad[i]), "lo", &groups);
		assert_true(groups.known);
		assert_int_equal(groups.n, 0);
	}
}

static void test_no_more_than_have_room(void **state)
{
	struct rt_str text = {0};
	struct rt_groups groups;
	char name[32];

	(void)state;
	rt_str_add(&text, "1\tlo        :    40      V3\n");
	for (int i = 40; i > 0; i--) {
		snprintf(name, sizeof(name), "239.0.0.%d", i);
		group_line(&text, name, (unsigned)i);
	}
	parse(&text, &groups);
	assert_int_equal(groups.n, RT_GROUPS_MAX);
	for (unsigned i = 0; i < RT_GROUPS_MAX; i++)
		assert_int_equal(groups.group[i].users, i + 1);
}

static void test_the_same(void **state)
{
	struct rt_groups a = {.known = true, .n = 1}, b = a;

	(void)state;
	assert_true(rt_groups_same(&a, &b));
	b.group[0].users = 1;
	assert_false(rt_groups_same(&a, &b));
	b = a;
	b.group[0].addr.s_addr = 1;
	assert_false(rt_groups_same(&a, &b));
	b = (struct rt_groups){.known = true};
	assert_false(rt_groups_same(&a, &b));
	b = (struct rt_groups){.n = 1};
	assert_false(rt_groups_same(&a, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_groups_of_lo_alone_in_order),
		cmocka_unit_test(test_what_is_no_table),
		cmocka_unit_test(test_no_more_than_have_room),
		cmocka_unit_test(test_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
