#include "fake_world.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"

static void deliver(void *ctx, int fd, short revents)
{
	struct fake *fake = ctx;
	uint64_t count;

	(void)revents;
	if (read(fd, &count, sizeof(count)) < 0)
		return;
	while (fake->n_queue > 0) {
		struct fake_reply first = fake->queue[0];

		memmove(fake->queue, fake->queue + 1, --fake->n_queue * sizeof(fake->queue[0]));
		if (!fake->world.events)
			continue;
		if (first.gone)
			fake->world.events->gone(fake->world.events_ctx, first.process);
		else
			fake->world.events->reply(fake->world.events_ctx, first.process,
						  &first.reply, first.child);
	}
}

static struct fake_reply *queue(struct fake *fake)
{
	uint64_t one = 1;

	RT_GROW(fake->queue, fake->n_queue, fake->cap_queue);
	memset(&fake->queue[fake->n_queue], 0, sizeof(fake->queue[0]));
	fake->queue[fake->n_queue].child = -1;
	if (write(fake->event_fd, &one, sizeof(one)) < 0)
		abort();
	return &fake->queue[fake->n_queue++];
}

static int fresh(void *self, struct rt_error *err)
{
	struct fake *fake = self;

	if (fake->refuse_stage)
		return rt_error_sys(err, RT_ERR_STAGE, fake->refuse_stage, "no stage");
	fake->stages++;
	fake->processes = 0;
	fake->next_fd = 3;
	memset(fake->closed, 0, sizeof(fake->closed));
	memset(fake->reuseaddr, 0, sizeof(fake->reuseaddr));
	memset(fake->reuseport, 0, sizeof(fake->reuseport));
	memset(fake->sleeps, 0, sizeof(fake->sleeps));
	fake->n_queue = 0;
	return 0;
}

static int spawn(void *self, struct rt_error *err)
{
	struct fake *fake = self;

	(void)err;
	fake->processes++;
	return fake->processes;
}

/* All sockets of the stage: who asks has them all, which no test here minds. */
static void report(const struct fake *fake, const struct rt_order *order, struct rt_reply *reply)
{
	reply->brief = order->brief;
	for (int fd = 3; fd < fake->next_fd; fd++)
		if (!fake->closed[fd] && (!order->brief || fd == order->fd || fd == reply->ret))
			reply->fd[reply->n_fds++] =
				(struct rt_fd){.fd = fd,
					       .cookie = (uint64_t)fd,
					       .family = AF_INET,
					       .reuseaddr = fake->reuseaddr[fd],
					       .reuseport = fake->reuseport[fd]};
}

/* Of the two options alone, which the rules ask. */
static void set_option(struct fake *fake, const struct rt_order *order)
{
	int value;

	if (order->level != SOL_SOCKET || order->value_len != sizeof(value))
		return;
	memcpy(&value, order->value, sizeof(value));
	if (order->option == SO_REUSEADDR)
		fake->reuseaddr[order->fd] = value != 0;
	if (order->option == SO_REUSEPORT)
		fake->reuseport[order->fd] = value != 0;
}

static void answer(struct fake *fake, int process, const struct rt_order *order, int err)
{
	struct fake_reply *reply = queue(fake);
	const struct rt_call_spec *spec = rt_call_spec(order->call);

	fake->sleeps[process] = false;
	reply->process = process;
	reply->reply.serial = order->serial;
	reply->reply.err = err;
	reply->reply.ret = err ? -1 : spec->gives == RT_GIVES_FD ? fake->next_fd++ : 0;
	if (order->call == RT_CALL_FORK && !err)
		reply->child = ++fake->processes;
	if (order->call == RT_CALL_CLOSE && !err)
		fake->closed[order->fd] = true;
	if (order->call == RT_CALL_SETSOCKOPT && !err)
		set_option(fake, order);
	reply->gone = order->call == RT_CALL_EXIT;
	report(fake, order, &reply->reply);
	fake->briefs += order->brief != 0;
}

static int order(void *self, int process, const struct rt_order *order, struct rt_error *err)
{
	struct fake *fake = self;

	(void)err;
	fake->orders[order->call]++;
	if (order->fd >= 0 && order->fd < RT_FDS_MAX && fake->closed[order->fd]) {
		answer(fake, process, order, EBADF);
		return 0;
	}
	if (fake->silent[order->call] ||
	    (fake->quiet_from[order->call] &&
	     fake->orders[order->call] > fake->quiet_from[order->call])) {
		fake->held = *order;
		fake->held_by = process;
		fake->sleeps[process] = true;
		return 0;
	}
	answer(fake, process, order,
	       fake->orders[order->call] > fake->good[order->call] ? fake->answer[order->call] : 0);
	return 0;
}

void fake_wake(struct fake *fake, int err)
{
	answer(fake, fake->held_by, &fake->held, err);
}

void fake_die(struct fake *fake, int process)
{
	struct fake_reply *reply = queue(fake);

	reply->process = process;
	reply->gone = true;
}

static int asleep(void *self, int process)
{
	struct fake *fake = self;

	return fake->sleeps[process] && !fake->awake;
}

static int kill_process(void *self, int process, int signo, struct rt_error *err)
{
	(void)signo;
	(void)err;
	fake_die(self, process);
	return 0;
}

static int destroy(void *self, const struct rt_row *row, uint32_t serial, struct rt_error *err)
{
	struct fake *fake = self;
	struct fake_reply *reply;

	(void)err;
	reply = queue(fake);
	reply->process = RT_WORLD_INIT;
	reply->reply.serial = serial;
	reply->reply.err = fake->destroy_refused ? 1 : 0;
	if (fake->destroy_refused)
		return 0;
	fake->destroyed++;
	for (size_t i = 0; i < fake->tables.n && !fake->destroy_kept; i++) {
		if (fake->tables.row[i].cookie != row->cookie)
			continue;
		fake->tables.row[i] = fake->tables.row[--fake->tables.n];
	}
	return 0;
}

static void pass(struct rt_snapshot *tables)
{
	for (size_t i = tables->n; i-- > 0;) {
		if (tables->row[i].state == RT_FIN_WAIT1)
			tables->row[i].state = RT_FIN_WAIT2;
		else if (tables->row[i].state == RT_LISTEN)
			tables->row[i] = tables->row[--tables->n];
	}
}

static int snapshot(void *self, struct rt_snapshot *out, struct rt_error *err)
{
	struct fake *fake = self;

	(void)err;
	fake->looks++;
	if (fake->passing > 0 && --fake->passing == 0)
		pass(&fake->tables);
	rt_snapshot_copy(out, &fake->tables);
	return 0;
}

static int pid(void *self)
{
	(void)self;
	return 1;
}

static unsigned uids(void *self)
{
	(void)self;
	return 1;
}

static int feature(void *self, const struct rt_gate *gate)
{
	const struct fake *fake = self;
	size_t n;
	const struct rt_gate *table = rt_gate_table(&n);

	if (gate->probe == RT_GATE_LINUX)
		return fake->version && fake->version < gate->version ? ENOSYS : 0;
	for (size_t i = 0; i < n; i++)
		if (strcmp(table[i].word, gate->word) == 0)
			return (fake->missing & UINT32_C(1) << i) ? ENOENT : 0;
	return ENOENT;
}

static void take_turns(void *self, bool on)
{
	struct fake *fake = self;

	fake->in_turns = on;
	fake->replays += on;
}

static void nothing(void *self)
{
	(void)self;
}

struct fake *fake_new(struct rt_loop *loop)
{
	static const struct rt_world_ops ops = {fresh,	      spawn,   order,	   asleep,
						kill_process, destroy, snapshot,   pid,
						uids,	      feature, take_turns, nothing};
	struct fake *fake = rt_calloc(1, sizeof(*fake));

	fake->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	fake->held_by = -1;
	fake->world = (struct rt_world){.ops = &ops, .self = fake, .loop = loop};
	rt_loop_add(loop, fake->event_fd, POLLIN, deliver, fake);
	return fake;
}

void fake_free(struct fake *fake)
{
	rt_loop_remove(fake->world.loop, fake->event_fd);
	close(fake->event_fd);
	rt_snapshot_fini(&fake->tables);
	free(fake->queue);
	free(fake);
}

struct rt_row *fake_row(struct fake *fake, enum rt_state state, const char *local, const char *peer)
{
	struct rt_row *row = rt_snapshot_add(&fake->tables);

	row->cookie = 1000 + fake->tables.n;
	row->proto = RT_TCP;
	row->state = (uint8_t)state;
	row->source = RT_FROM_DIAG;
	row->v6only = -1;
	rt_addr_parse(local, strlen(local), &row->local, NULL);
	if (peer)
		rt_addr_parse(peer, strlen(peer), &row->peer, NULL);
	return row;
}
