/* Who owns a row, what it is called, and where its options come from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "model/cast.h"

static struct rt_addr addr(const char *text)
{
	struct rt_addr value;

	assert_int_equal(rt_addr_parse(text, strlen(text), &value, NULL), 0);
	return value;
}

/* A TCP socket as a process reports it. Its inode is 1000 more than its cookie. */
static struct rt_fd make_fd(int fd, uint64_t cookie, const char *local, int8_t reuseaddr)
{
	return (struct rt_fd){.fd = fd,
			      .cookie = cookie,
			      .inode = (uint32_t)cookie + 1000,
			      .family = AF_INET,
			      .v6only = -1,
			      .reuseaddr = reuseaddr,
			      .local = addr(local)};
}

/* A row as sock_diag gives it. */
static struct rt_row *add_row(struct rt_snapshot *snapshot, uint64_t cookie, enum rt_state state,
			      bool has_inode)
{
	struct rt_row *row = rt_snapshot_add(snapshot);

	row->cookie = cookie;
	row->inode = has_inode ? (uint32_t)cookie + 1000 : 0;
	row->state = (uint8_t)state;
	row->source = RT_FROM_DIAG;
	row->local = addr("127.0.0.1:8000");
	return row;
}

static const struct rt_row *annotated(const struct rt_cast *cast, struct rt_snapshot *snapshot,
				      uint64_t cookie)
{
	rt_cast_annotate(cast, snapshot);
	for (size_t i = 0; i < snapshot->n; i++)
		if (snapshot->row[i].cookie == cookie)
			return &snapshot->row[i];
	fail_msg("no row has the cookie %llu", (unsigned long long)cookie);
	return NULL;
}

static int new_cast(void **state)
{
	*state = rt_cast_new();
	return 0;
}

static int free_cast(void **state)
{
	rt_cast_free(*state);
	return 0;
}

/* --- actors and names ------------------------------------------------------------------------- */

static void test_actors_are_found_by_name_and_number(void **state)
{
	struct rt_cast *cast = *state;
	size_t old = rt_cast_add(cast, "old", 7), client = rt_cast_add(cast, "client", 8);

	assert_int_equal(rt_cast_find(cast, "client"), client);
	assert_int_equal(rt_cast_find_stage(cast, 7), old);
	assert_int_equal(rt_cast_find(cast, "new"), -1);
	rt_cast_end(cast, old);
	assert_int_equal(rt_cast_find(cast, "old"), old);
	assert_false(rt_cast_actor(cast, old)->alive);
	assert_int_equal(rt_cast_add(cast, "old", 9), old);
	assert_true(rt_cast_actor(cast, old)->alive);
	assert_int_equal(rt_cast_actor(cast, old)->stage_id, 9);
	assert_int_equal(rt_cast_count(cast), 2);
	rt_cast_clear(cast);
	assert_int_equal(rt_cast_count(cast), 0);
}

static void test_names_follow_the_descriptors(void **state)
{
	struct rt_cast *cast = *state;
	size_t old = rt_cast_add(cast, "old", 1), child;
	struct rt_fd fd[] = {make_fd(3, 1, "127.0.0.1:8000", 0),
			     make_fd(4, 2, "127.0.0.1:8000", 0)};

	/* Named before the report as well as after it. */
	rt_cast_name(cast, old, "s", 3);
	rt_cast_report(cast, old, fd, 2);
	rt_cast_name(cast, old, "k", 4);
	assert_int_equal(rt_cast_fd(cast, old, "s"), 3);
	assert_int_equal(rt_cast_fd(cast, old, "k"), 4);
	child = rt_cast_fork(cast, old, "child", 2);
	rt_cast_report(cast, old, fd, 1);
	assert_int_equal(rt_cast_fd(cast, old, "k"), -1);
	assert_int_equal(rt_cast_fd(cast, child, "k"), 4);
	/* The name moves; the socket that had it goes on without. */
	fd[1].cookie = 3;
	rt_cast_report(cast, old, fd, 2);
	rt_cast_name(cast, old, "s", 4);
	assert_int_equal(rt_cast_fd(cast, old, "s"), 4);
	/* A number that was given again without a name does not keep the old one. */
	fd[1].cookie = 5;
	rt_cast_report(cast, old, fd, 2);
	assert_int_equal(rt_cast_fd(cast, old, "s"), -1);
	rt_cast_end(cast, child);
	assert_int_equal(rt_cast_fd(cast, child, "k"), -1);
}

/* --- rows ------------------------------------------------------------------------------------- */

static void test_a_row_gets_its_owner_name_and_options(void **state)
{
	struct rt_cast *cast = *state;
	struct rt_snapshot snapshot = {0};
	struct rt_fd fd = make_fd(3, 1, "127.0.0.1:8000", 1);
	size_t old = rt_cast_add(cast, "old", 1);
	const struct rt_row *row;

	rt_cast_report(cast, old, &fd, 1);
	rt_cast_name(cast, old, "s", 3);
	add_row(&snapshot, 1, RT_LISTEN, true);
	add_row(&snapshot, 2, RT_LISTEN, true);
	row = annotated(cast, &snapshot, 1);
	assert_int_equal(snapshot.n, 2);
	assert_int_equal(row->n_owners, 1);
	assert_string_equal(row->owner[0], "old");
	assert_string_equal(row->name, "s");
	assert_string_equal(row->name_owner, "old");
	assert_false(row->name_remembered);
	assert_int_equal(row->reuseaddr.value, 1);
	assert_int_equal(row->reuseaddr.source, RT_FROM_PROCESS);
	assert_int_equal(row->reuseport.value, 0);
	assert_int_equal(row->source, RT_FROM_DIAG);
	/* Of a process that is not of the script nothing is known. */
	row = annotated(cast, &snapshot, 2);
	assert_int_equal(row->n_owners, 0);
	assert_int_not_equal(row->inode, 0);
	assert_int_equal(row->reuseaddr.value, -1);
	assert_int_equal(row->reuseaddr.source, RT_FROM_NOWHERE);
	rt_snapshot_fini(&snapshot);
}

static void test_without_a_cookie_the_inode_finds_the_row(void **state)
{
	struct rt_cast *cast = *state;
	struct rt_snapshot snapshot = {0};
	struct rt_fd fd = make_fd(3, 1, "127.0.0.1:8000", 1);
	size_t old = rt_cast_add(cast, "old", 1);

	fd.cookie = 0;
	rt_cast_report(cast, old, &fd, 1);
	add_row(&snapshot, 1, RT_LISTEN, true);
	assert_int_equal(annotated(cast, &snapshot, 1)->n_owners, 1);
	assert_int_equal(snapshot.n, 1);
	rt_snapshot_fini(&snapshot);
}

static void test_a_fork_makes_several_owners(void **state)
{
	struct rt_cast *cast = *state;
	struct rt_snapshot snapshot = {0};
	struct rt_fd fd = make_fd(3, 1, "127.0.0.1:8000", 0);
	size_t old = rt_cast_add(cast, "old", 1), child;
	const struct rt_row *row;

	rt_cast_report(cast, old, &fd, 1);
	rt_cast_name(cast, old, "s", 3);
	child = rt_cast_fork(cast, old, "child", 2);
	add_row(&snapshot, 1, RT_LISTEN, true);
	row = annotated(cast, &snapshot, 1);
	assert_int_equal(row->n_owners, 2);
	assert_string_equal(row->owner[0], "old");
	assert_string_equal(row->owner[1], "child");
	/* One process sets the option: the socket has it, whoever else holds it. */
	fd.reuseaddr = 1;
	rt_cast_report(cast, old, &fd, 1);
	rt_cast_end(cast, old);
	row = annotated(cast, &snapshot, 1);
	assert_int_equal(row->n_owners, 1);
	assert_string_equal(row->owner[0], "child");
	assert_string_equal(row->name_owner, "child");
	assert_int_equal(row->reuseaddr.value, 1);
	assert_int_equal(row->reuseaddr.source, RT_FROM_PROCESS);
	rt_cast_end(cast, child);
	assert_int_equal(annotated(cast, &snapshot, 1)->n_owners, 0);
	rt_snapshot_fini(&snapshot);
}

static void test_more_owners_than_names(void **state)
{
	struct rt_cast *cast = *state;
	struct rt_snapshot snapshot = {0};
	struct rt_fd fd = make_fd(3, 1, "127.0.0.1:8000", 0);
	size_t first = rt_cast_add(cast, "p0", 0);
	char name[RT_NAME_MAX];

	rt_cast_report(cast, first, &fd, 1);
	for (int i = 1; i < 10; i++) {
		snprintf(name, sizeof(name), "p%d", i);
		rt_cast_fork(cast, first, name, i);
	}
	add_row(&snapshot, 1, RT_LISTEN, true);
	assert_int_equal(annotated(cast, &snapshot, 1)->n_owners, 10);
	assert_string_equal(snapshot.row[0].owner[RT_OWNERS_MAX - 1], "p5");
	rt_snapshot_fini(&snapshot);
}

/* A reply that tells of few descriptors leaves the others as they are. */
static void test_a_brief_report_changes_what_it_names(void **state)
{
	struct rt_cast *cast = *state;
	size_t a = rt_cast_add(cast, "a", 1), b;
	struct rt_fd fd[] = {make_fd(3, 11, "127.0.0.1:8000", 0),
			     make_fd(4, 12, "127.0.0.1:8000", 1)};
	struct rt_snapshot snapshot = {0};

	rt_cast_name(cast, a, "c[1]", 3);
	rt_cast_report_some(cast, a, -1, &fd[0], 1);
	b = rt_cast_fork(cast, a, "b", 2);
	rt_cast_name(cast, a, "c[2]", 4);
	rt_cast_report_some(cast, a, 3, fd, 2);
	assert_int_equal(rt_cast_fd(cast, a, "c[1]"), 3);
	assert_int_equal(rt_cast_fd(cast, a, "c[2]"), 4);
	/* Another option of a socket that two processes hold. */
	fd[0].reuseaddr = 1;
	rt_cast_report_some(cast, a, 3, fd, 1);
	/* Descriptor 4 is closed. */
	rt_cast_report_some(cast, a, 4, NULL, 0);
	assert_int_equal(rt_cast_fd(cast, a, "c[2]"), -1);
	rt_cast_report_some(cast, a, 3, NULL, 0);
	assert_int_equal(rt_cast_fd(cast, b, "c[1]"), 3);
	add_row(&snapshot, 11, RT_LISTEN, true);
	add_row(&snapshot, 12, RT_TIME_WAIT, false);
	assert_int_equal(annotated(cast, &snapshot, 11)->reuseaddr.value, 1);
	assert_int_equal(annotated(cast, &snapshot, 11)->n_owners, 1);
	assert_string_equal(annotated(cast, &snapshot, 12)->name, "c[2]");
	assert_true(annotated(cast, &snapshot, 12)->name_remembered);
	rt_snapshot_fini(&snapshot);
}

static void test_a_time_wait_row_remembers_the_socket(void **state)
{
	struct rt_cast *cast = *state;
	struct rt_snapshot snapshot = {0};
	struct rt_fd fd = make_fd(4, 1, "127.0.0.1:8000", 1);
	size_t old = rt_cast_add(cast, "old", 1);
	const struct rt_row *row;

	rt_cast_name(cast, old, "k", 4);
	rt_cast_report(cast, old, &fd, 1);
	rt_cast_report(cast, old, NULL, 0);
	add_row(&snapshot, 1, RT_TIME_WAIT, false);
	row = annotated(cast, &snapshot, 1);
	assert_int_equal(row->n_owners, 0);
	assert_string_equal(row->name, "k");
	assert_string_equal(row->name_owner, "old");
	assert_true(row->name_remembered);
	assert_int_equal(row->reuseaddr.value, 1);
	assert_int_equal(row->reuseaddr.source, RT_FROM_MEMORY);
	assert_int_equal(snapshot.n, 1);
	rt_cast_clear(cast);
	assert_int_equal(annotated(cast, &snapshot, 1)->reuseaddr.value, -1);
	rt_snapshot_fini(&snapshot);
}

/* The rules of bind ask for both, and sock_diag leaves them out. */
static void test_v6only_and_uid_come_from_the_process(void **state)
{
	struct rt_cast *cast = *state;
	struct rt_snapshot snapshot = {0};
	struct rt_fd fd = make_fd(4, 1, "[::1]:8000", 0);
	size_t old = rt_cast_add(cast, "old", 1);
	struct rt_row *row = add_row(&snapshot, 1, RT_ESTABLISHED, true);

	fd.family = AF_INET6;
	fd.v6only = 1;
	fd.uid = 20;
	row->local = addr("[::1]:8000");
	row->v6only = -1;
	rt_cast_report(cast, old, &fd, 1);
	assert_int_equal(annotated(cast, &snapshot, 1)->v6only, 1);
	/* Not bound: sock_diag has no row. */
	rt_snapshot_clear(&snapshot);
	assert_int_equal(annotated(cast, &snapshot, 1)->uid, 20);
	/* Dead: remembered. */
	rt_cast_report(cast, old, NULL, 0);
	rt_snapshot_clear(&snapshot);
	row = add_row(&snapshot, 1, RT_TIME_WAIT, false);
	row->local = addr("[::1]:8000");
	row->v6only = -1;
	assert_int_equal(annotated(cast, &snapshot, 1)->v6only, 1);
	rt_snapshot_fini(&snapshot);
}

static void test_a_record_is_the_kernels_though_a_process_holds_its_socket(void **state)
{
	struct rt_cast *cast = *state;
	struct rt_snapshot snapshot = {0};
	struct rt_fd fd = make_fd(4, 1, "127.0.0.1:8000", 1);
	size_t old = rt_cast_add(cast, "old", 1);
	const struct rt_row *row;

	rt_cast_name(cast, old, "k", 4);
	rt_cast_report(cast, old, &fd, 1);
	add_row(&snapshot, 1, RT_TIME_WAIT, false);
	row = annotated(cast, &snapshot, 1);
	assert_int_equal(row->n_owners, 0);
	assert_true(row->name_remembered);
	assert_int_equal(row->reuseaddr.source, RT_FROM_MEMORY);
	rt_snapshot_fini(&snapshot);
}

static void test_a_connection_that_nobody_accepted_is_unknown(void **state)
{
	struct rt_cast *cast = *state;
	struct rt_snapshot snapshot = {0};
	const struct rt_row *row;

	rt_cast_add(cast, "old", 1);
	add_row(&snapshot, 1, RT_ESTABLISHED, false);
	row = annotated(cast, &snapshot, 1);
	assert_int_equal(row->n_owners, 0);
	assert_string_equal(row->name, "");
	assert_int_equal(row->reuseaddr.value, -1);
	assert_int_equal(row->reuseport.value, -1);
	rt_snapshot_fini(&snapshot);
}

static void expect_unseen(struct rt_cast *cast, struct rt_fd fd, bool has_bound,
			  enum rt_state expected)
{
	struct rt_snapshot snapshot = {.has_bound = has_bound};
	size_t old = rt_cast_add(cast, "old", 1);
	const struct rt_row *row;

	rt_cast_report(cast, old, &fd, 1);
	row = annotated(cast, &snapshot, fd.cookie);
	assert_int_equal(row->state, expected);
	assert_int_equal(row->source, RT_FROM_PROCESS);
	assert_int_equal(row->n_owners, 1);
	assert_true(rt_addr_equal(&row->local, &fd.local));
	rt_snapshot_fini(&snapshot);
}

static void test_sockets_that_sock_diag_does_not_show(void **state)
{
	struct rt_cast *cast = *state;
	struct rt_fd dead = make_fd(3, 4, "127.0.0.1:40000", 0),
		     listener = make_fd(3, 5, "127.0.0.1:8000", 0);

	dead.peer = addr("127.0.0.1:8000");
	listener.listening = 1;
	expect_unseen(cast, make_fd(3, 1, "0.0.0.0:0", 0), true, RT_CLOSE);
	expect_unseen(cast, make_fd(3, 1, "0.0.0.0:0", 0), false, RT_CLOSE);
	expect_unseen(cast, make_fd(3, 2, "127.0.0.1:8000", 0), false, RT_BOUND);
	/*
	 * From Linux 6.8 a bound one would have been shown: what has a port all the same lost its
	 * connection.
	 */
	expect_unseen(cast, make_fd(3, 3, "127.0.0.1:8000", 0), true, RT_CLOSE);
	expect_unseen(cast, dead, false, RT_CLOSE);
	expect_unseen(cast, listener, false, RT_CLOSE);
}

static void test_memory_is_bounded_and_drops_the_oldest(void **state)
{
	enum { MANY = 10000, KEPT = 4096 };
	struct rt_cast *cast = *state;
	struct rt_snapshot snapshot = {0};
	size_t old = rt_cast_add(cast, "old", 1);

	for (uint64_t cookie = 1; cookie <= MANY; cookie++) {
		struct rt_fd fd = make_fd(3, cookie, "127.0.0.1:8000", 1);

		rt_cast_report(cast, old, &fd, 1);
		add_row(&snapshot, cookie, RT_TIME_WAIT, false);
	}
	rt_cast_end(cast, old);
	assert_int_equal(annotated(cast, &snapshot, MANY)->reuseaddr.value, 1);
	assert_int_equal(annotated(cast, &snapshot, MANY - KEPT + 1)->reuseaddr.value, 1);
	assert_int_equal(annotated(cast, &snapshot, MANY - KEPT)->reuseaddr.value, -1);
	rt_snapshot_fini(&snapshot);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, new_cast, free_cast)
	const struct CMUnitTest tests[] = {
		TEST(test_actors_are_found_by_name_and_number),
		TEST(test_names_follow_the_descriptors),
		TEST(test_a_row_gets_its_owner_name_and_options),
		TEST(test_without_a_cookie_the_inode_finds_the_row),
		TEST(test_a_fork_makes_several_owners),
		TEST(test_more_owners_than_names),
		TEST(test_a_brief_report_changes_what_it_names),
		TEST(test_a_time_wait_row_remembers_the_socket),
		TEST(test_v6only_and_uid_come_from_the_process),
		TEST(test_a_record_is_the_kernels_though_a_process_holds_its_socket),
		TEST(test_a_connection_that_nobody_accepted_is_unknown),
		TEST(test_sockets_that_sock_diag_does_not_show),
		TEST(test_memory_is_bounded_and_drops_the_oldest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
