/*
 * The rules of bind and listen against this kernel, exhaustively: every pair of sockets on a port,
 * every order of three, and two owners. Each call is judged over what a snapshot would show, then
 * made.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "diag/diag.h"
#include "pairs.h"

enum { LEAST_PAIRS = 12000, LEAST_TRIPLES = 1700 };

static const char *refused;

static void need_namespaces(void)
{
	if (!refused)
		return;
	print_message("skip: %s\n", refused);
	skip();
}

static void report(const char *what, const struct pair_count *count)
{
	print_message("# %zu %s, %zu calls, %zu either, %zu mismatches\n", count->pairs, what,
		      count->calls, count->either, count->mismatches);
}

/* --- pairs ------------------------------------------------------------------------------------ */

static void visit(struct pair_place *place, const struct pair *pair, void *arg)
{
	pair_check(place, pair, arg);
}

static void test_every_pair(void **state)
{
	struct pair_count count = {0};
	struct pair_place place;

	(void)state;
	need_namespaces();
	pair_place_init(&place);
	pairs_each(&place, 0, 0, visit, &count);
	pair_place_fini(&place);
	report("pairs of sockets", &count);
	assert_int_equal(count.mismatches, 0);
	/* The cache of the port needs a third socket. */
	assert_int_equal(count.either, 0);
	assert_in_range(count.pairs, LEAST_PAIRS, SIZE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_pair),
	};

	refused = pairs_enter();
	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
