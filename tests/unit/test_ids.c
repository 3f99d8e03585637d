/* The uids of a stage: what is read of uid_map, of /etc/subuid and of /etc/passwd. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/account.h"
#include "stage/ids.h"

static void test_outside(void **state)
{
	static const char whole[] = "         0          0 4294967295\n";
	static const char two[] =
		"         0       1000          1\n         1     100000      65535\n";
	unsigned outside = 7;

	(void)state;
	assert_true(rt_ids_outside(whole, 0, &outside));
	assert_int_equal(outside, 0);
	assert_true(rt_ids_outside(two, 0, &outside));
	assert_int_equal(outside, 1000);
	assert_true(rt_ids_outside(two, 1, &outside));
	assert_int_equal(outside, 100000);
	assert_true(rt_ids_outside(two, 65535, &outside));
	assert_int_equal(outside, 165534);
	assert_false(rt_ids_outside(two, 65536, &outside));
	assert_false(rt_ids_outside("", 0, &outside));
	assert_false(rt_ids_outside(NULL, 0, &outside));
}

static void test_range(void **state)
{
	static const char text[] = "# subuid\n"
				   "anna:100000:1000\n"
				   "annabel:200000:65536\n"
				   "anna:300000:65535\n"
				   "1001:400000:65536\n"
				   "broken\n"
				   "carl:500000:65536";
	unsigned start = 7;

	(void)state;
	assert_true(rt_ids_range(text, "anna", 1000, 65535, &start));
	assert_int_equal(start, 300000);
	assert_true(rt_ids_range(text, "anna", 1000, 1000, &start));
	assert_int_equal(start, 100000);
	assert_true(rt_ids_range(text, "bert", 1001, 65535, &start));
	assert_int_equal(start, 400000);
	assert_true(rt_ids_range(text, NULL, 1001, 65535, &start));
	assert_true(rt_ids_range(text, "carl", 1002, 65535, &start));
	assert_int_equal(start, 500000);
	assert_false(rt_ids_range(text, "ann", 1003, 65535, &start));
	assert_false(rt_ids_range(text, NULL, 1003, 65535, &start));
	assert_false(rt_ids_range("", "anna", 1000, 1, &start));
	assert_false(rt_ids_range(NULL, "anna", 1000, 1, &start));
}

/* Each line of the file is found by its uid, and who is in none is nobody. */
static void test_account(void **state)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *user;
	uid_t uid[512];
	size_t n = 0;

	(void)state;
	assert_non_null(file);
	while (n < 512 && (user = fgetpwent(file)))
		uid[n++] = user->pw_uid;
	fclose(file);
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++) {
		user = rt_account(uid[i]);
		assert_non_null(user);
		assert_int_equal(user->pw_uid, uid[i]);
	}
	assert_string_equal(rt_account(0)->pw_name, "root");
	assert_null(rt_account((uid_t)-2));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outside),
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_account),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
