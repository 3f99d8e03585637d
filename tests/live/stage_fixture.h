/* A stage for a test: what it told is kept, so that a test can wait for it, always with a bound. */
#ifndef RT_TESTS_STAGE_FIXTURE_H
#define RT_TESTS_STAGE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/call.h"
#include "stage/stage.h"

enum { WAIT_MS = 5000 };

struct fixture {
	struct rt_loop *loop;
	struct rt_stage *stage;
	int fds_before;
	uint32_t serial;
	int dead; /* how many times it was told */
	struct told {
		int replies, gone;
		int gone_after; /* replies that had come when gone came */
		int child;	/* of the last reply */
		struct rt_reply reply;
	} actor[RT_STAGE_ACTORS_MAX];
};

/*
 * cmocka's setup and teardown: state is a struct fixture with a stage. The teardown fails where a
 * descriptor or a child is left.
 */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/*
 * Skips the test, saying why, where this machine refuses namespaces to everybody; fails where it
 * refuses only the stage.
 */
void fixture_require(struct rt_error *err, bool built);

/* A new process; fails the test where there is none. */
int fixture_spawn(struct fixture *f);

/* Sends an order and does not wait. */
void fixture_send(struct fixture *f, int actor, struct rt_order order);

/* Sends an order, waits for its reply. Valid until the next reply of this process. */
const struct rt_reply *fixture_call(struct fixture *f, int actor, struct rt_order order);

/*
 * The same, for orders that must succeed, and for those that must fail with sys. The first returns
 * what the call returned.
 */
int fixture_ok(struct fixture *f, int actor, struct rt_order order);
void fixture_fails(struct fixture *f, int actor, struct rt_order order, int sys);

/*
 * Waits for one more reply, for the end of a process, until it is asleep in the call of its order.
 */
const struct rt_reply *fixture_reply(struct fixture *f, int actor, int replies);
void fixture_gone(struct fixture *f, int actor);
void fixture_asleep(struct fixture *f, int actor);

/* Orders. */
struct rt_order order_socket(int family, int type);
struct rt_order order_fd(enum rt_call_id call, int fd);
struct rt_order order_int(enum rt_call_id call, int fd, int number);
struct rt_order order_addr(enum rt_call_id call, int fd, const char *addr);
struct rt_order order_data(enum rt_call_id call, int fd, const char *data);
struct rt_order order_option(enum rt_call_id call, int fd, int level, int option, int value);
struct rt_order order_sysctl(const char *name, const char *value);

/* A listener of actor at addr; its descriptor. */
int fixture_listener(struct fixture *f, int actor, const char *addr);

/* The number of descriptors that this process has open. */
int count_fds(void);

/* Reads the beginning of /proc/PID/name (pid 0: self) into text; the test fails where it cannot. */
void read_proc(int pid, const char *name, char *text, size_t size);

/* The user to whom /proc/PID belongs: its own, or root where the process may not be looked at. */
unsigned proc_owner(int pid);

/* The uid of the machine that uid id of the stage is. */
unsigned fixture_uid(const struct fixture *f, unsigned id);

#endif
