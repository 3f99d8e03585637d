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

static void need_uids(void)
{
	if (pairs_have_uids())
		return;
	print_message("skip: only root has two uids\n");
	skip();
}

static void report(const char *what, const struct pair_count *count)
{
	print_message("# %zu %s, %zu calls, %zu either, %zu mismatches\n", count->pairs, what,
		      count->calls, count->either, count->mismatches);
}

static void report_triples(const char *what, const struct triple_count *count)
{
	report(what, &count->all);
	print_message("# of the either: %zu by the cache of the port, %zu by the order of UDP; the "
		      "kernel let %zu pass, refused %zu\n",
		      count->by_cache, count->by_order, count->passed, count->refused);
}

static void expect_triples(const struct triple_count *count)
{
	assert_int_equal(count->all.mismatches, 0);
	assert_in_range(count->all.pairs, LEAST_TRIPLES, SIZE_MAX);
	assert_int_equal(count->all.either, count->by_cache + count->by_order);
	/* An either that always ends one way would be a rule that nobody has found. */
	assert_in_range(count->passed, 1, SIZE_MAX);
	assert_in_range(count->refused, 1, SIZE_MAX);
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

/* As root: the sockets of two users. Each call that SO_REUSEPORT decides asks for the owner. */
static void test_every_pair_of_two_users(void **state)
{
	struct pair_count count = {0};
	struct pair_place place;

	(void)state;
	need_namespaces();
	need_uids();
	pair_place_init(&place);
	pairs_each(&place, 10, PAIR_UID, visit, &count);
	pair_place_fini(&place);
	report("pairs of two users", &count);
	assert_int_equal(count.mismatches, 0);
	assert_int_equal(count.either, 0);
	assert_in_range(count.pairs, LEAST_PAIRS, SIZE_MAX);
}

/*
 * The rows that the pairs are judged over, against whole snapshots and the sockets themselves: one
 * pair of each first side.
 */
struct rows_seen {
	struct rt_diag *diag;
	struct rt_snapshot snapshot;
	size_t n;
};

static void expect_options(int fd, const struct rt_row *row)
{
	int value = -1;
	socklen_t len = sizeof(value);

	if (fd < 0)
		return;
	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &value, &len), 0);
	assert_int_equal(value, row->reuseaddr.value);
	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &value, &len), 0);
	assert_int_equal(value, row->reuseport.value);
	if (row->local.family != AF_INET6)
		return;
	assert_int_equal(getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &value, &len), 0);
	assert_int_equal(value, row->v6only);
}

static void expect_row(const struct rows_seen *seen, const struct rt_row *row)
{
	const struct rt_row *found = row; /* where there is none, n says so */
	size_t n = 0;

	for (size_t i = 0; i < seen->snapshot.n; i++) {
		if (seen->snapshot.row[i].local.port != row->local.port)
			continue;
		found = &seen->snapshot.row[i];
		n++;
	}
	if (n == 0 && row->state == RT_BOUND && !seen->snapshot.has_bound)
		return;
	assert_int_equal(n, 1);
	assert_int_equal(found->proto, row->proto);
	assert_int_equal(found->state, row->state);
	assert_int_equal(found->timer == RT_TIMER_TIME_WAIT, row->timer == RT_TIMER_TIME_WAIT);
	assert_true(rt_addr_equal(&found->local, &row->local));
	assert_int_equal(found->inode == 0, row->inode == 0);
	if (found->v6only >= 0)
		assert_int_equal(found->v6only, row->v6only);
}

static void see_rows(struct pair_place *place, const struct pair *pair, void *arg)
{
	struct rows_seen *seen = arg;
	struct pair_fds fds;
	struct rt_row row;
	struct rt_error err;

	if (pair->second.addr.family != AF_INET || pair->second.addr.v4.s_addr != 0 ||
	    pair->second.reuseaddr || pair->second.reuseport)
		return;
	pair_first(place, pair, &fds);
	pair_row_first(place, pair, &fds, &row);
	assert_int_equal(rt_diag_snapshot(seen->diag, &seen->snapshot, &err), 0);
	expect_row(seen, &row);
	expect_options(fds.first, &row);
	pair_end(&fds);
	seen->n++;
}

static void test_rows_are_those_of_a_snapshot(void **state)
{
	struct rows_seen seen = {0};
	struct pair_place place;
	struct rt_error err;

	(void)state;
	need_namespaces();
	pair_place_init(&place);
	seen.diag = rt_diag_new(-1, &err);
	assert_non_null(seen.diag);
	pairs_each(&place, 0, 0, see_rows, &seen);
	rt_snapshot_fini(&seen.snapshot);
	rt_diag_free(seen.diag);
	pair_place_fini(&place);
	assert_in_range(seen.n, 300, SIZE_MAX);
}

/* --- triples ---------------------------------------------------------------------------------- */

static void test_every_triple(void **state)
{
	struct triple_count count = {0};
	struct pair_place place;

	(void)state;
	need_namespaces();
	pair_place_init(&place);
	triples_each(&place, (const uint32_t[]){0, 0, 0}, &count);
	pair_place_fini(&place);
	report_triples("triples", &count);
	expect_triples(&count);
}

static void test_every_triple_of_two_users(void **state)
{
	static const uint32_t uids[][3] = {
		{10, 10, PAIR_UID}, {10, PAIR_UID, 10}, {10, PAIR_UID, PAIR_UID}};
	struct triple_count count = {0};
	struct pair_place place;

	(void)state;
	need_namespaces();
	need_uids();
	pair_place_init(&place);
	for (size_t i = 0; i < RT_COUNT(uids); i++)
		triples_each(&place, uids[i], &count);
	pair_place_fini(&place);
	report_triples("triples of two users", &count);
	expect_triples(&count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_pair),
		cmocka_unit_test(test_every_pair_of_two_users),
		cmocka_unit_test(test_rows_are_those_of_a_snapshot),
		cmocka_unit_test(test_every_triple),
		cmocka_unit_test(test_every_triple_of_two_users),
	};

	refused = pairs_enter();
	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
