/* Sockets of a test, in namespaces that it entered itself, and what sock_diag says of them. */
#ifndef RT_TESTS_DIAG_FIXTURE_H
#define RT_TESTS_DIAG_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "diag/diag.h"

enum { WAIT_MS = 5000, MANY = 3000 };

/* Called once, before the tests. Where it is refused every test is skipped and says why. */
void diag_enter_user_namespace(void);

/* cmocka's setup and teardown: a network namespace without a socket, state is a struct rt_diag. */
int diag_setup(void **state);
int diag_teardown(void **state);
struct rt_diag *need_diag(void **state);

/* Sockets, CLOEXEC; a failure fails the test. bound and listener set SO_REUSEADDR. */
int bound(int type, const char *local);
int listener(const char *local);
int connected(int type, const char *peer);
int accepted(int fd);
uint64_t cookie_of(int fd);
uint32_t inode_of(int fd);

/* A snapshot, and a row of it: find gives NULL where need fails the test. */
void take(struct rt_diag *diag, struct rt_snapshot *snapshot);
const struct rt_row *find(const struct rt_snapshot *snapshot, uint64_t cookie);
const struct rt_row *need(const struct rt_snapshot *snapshot, int fd);

/*
 * Takes snapshots until the socket is in that state, at most WAIT_MS; 0: until it is not there.
 * Returns its row.
 */
const struct rt_row *wait_state(struct rt_diag *diag, struct rt_snapshot *snapshot, uint64_t cookie,
				enum rt_state state);

void expect_addr(const struct rt_addr *value, const char *expected);

/*
 * Sends the destroy request of row through a socket of its own, as the stage's init does. Returns
 * the errno of the kernel's answer.
 */
int send_destroy(const struct rt_row *row);

#endif
