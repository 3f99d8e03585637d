/* The language and the characters: whose they are, and when they are taken. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/i18n.h"

/* In this order: what is taken is taken for good. */
static void test_a_program_that_says_nothing_keeps_its_locale(void **state)
{
	(void)state;
	setenv("LC_ALL", "C.UTF-8", 1);
	assert_string_equal(_("a sentence"), "a sentence");
	assert_string_equal(P_("one", "many", 1), "one");
	assert_string_equal(P_("one", "many", 0), "many");
	assert_string_equal(setlocale(LC_CTYPE, NULL), "C");
	assert_false(rt_i18n_is_utf8());
}

static void test_the_first_sentence_takes_the_characters(void **state)
{
	(void)state;
	rt_i18n_set("reuse-tutor", "/nonexistent");
	assert_string_equal(setlocale(LC_CTYPE, NULL), "C");
	assert_string_equal(_("a sentence"), "a sentence");
	assert_string_equal(setlocale(LC_CTYPE, NULL), "C.UTF-8");
	assert_true(rt_i18n_is_utf8());
	/* Once: later changes of the environment are nobody's wish. */
	setenv("LC_ALL", "C", 1);
	rt_i18n_begin();
	assert_true(rt_i18n_is_utf8());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_program_that_says_nothing_keeps_its_locale),
		cmocka_unit_test(test_the_first_sentence_takes_the_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
