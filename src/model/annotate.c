/* What the cast knows, written into a snapshot of sock_diag. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "model/cast_private.h"
#include "model/index.h"

struct places {
	struct rt_snapshot *snapshot;
	struct rt_index index; /* every row under its cookie, and under its inode */
};

/* Apart from the cookie of the same number. */
static uint64_t inode_hash(uint32_t inode)
{
	return rt_index_hash(~(uint64_t)inode);
}

static void put_row(struct places *places, size_t pos)
{
	const struct rt_row *row = &places->snapshot->row[pos];

	if (row->cookie)
		rt_index_put(&places->index, rt_index_hash(row->cookie), pos);
	if (row->inode)
		rt_index_put(&places->index, inode_hash(row->inode), pos);
}

static struct rt_row *find_cookie(const struct places *places, uint64_t cookie)
{
	uint64_t probe = rt_index_hash(cookie);
	size_t pos;

	while (cookie && (pos = rt_index_next(&places->index, &probe)) != SIZE_MAX)
		if (places->snapshot->row[pos].cookie == cookie)
			return &places->snapshot->row[pos];
	return NULL;
}

static struct rt_row *find_inode(const struct places *places, uint32_t inode)
{
	uint64_t probe = inode_hash(inode);
	size_t pos;

	while (inode && (pos = rt_index_next(&places->index, &probe)) != SIZE_MAX)
		if (places->snapshot->row[pos].inode == inode)
			return &places->snapshot->row[pos];
	return NULL;
}

/*
 * The state of a socket that sock_diag does not show. TCP: since Linux 6.8 it shows bound ones, so
 * this one is not bound (its connection may have died, which leaves getsockname(2) with the port it
 * had); before, a port that nothing else explains is taken as bound.
 */
static enum rt_state unseen_state(const struct rt_fd *fd, bool has_bound)
{
	if (fd->proto == RT_UDP)
		return fd->peer.family != AF_UNSPEC ? RT_ESTABLISHED : RT_CLOSE;
	if (has_bound || fd->local.port == 0 || fd->peer.family != AF_UNSPEC || fd->listening)
		return RT_CLOSE;
	return RT_BOUND;
}

static struct rt_row *add_unseen(struct places *places, const struct rt_fd *fd)
{
	struct rt_row *row = rt_snapshot_add(places->snapshot);

	row->cookie = fd->cookie;
	row->inode = fd->inode;
	row->uid = fd->uid;
	row->proto = fd->proto;
	row->state = (uint8_t)unseen_state(fd, places->snapshot->has_bound);
	row->v6only = fd->v6only;
	row->source = RT_FROM_PROCESS;
	row->local = fd->local;
	if (row->state != RT_CLOSE)
		row->peer = fd->peer;
	row->reuseaddr.value = row->reuseport.value = -1;
	put_row(places, places->snapshot->n - 1);
	return row;
}

static void copy_name(char to[RT_NAME_MAX], const char *from)
{
	snprintf(to, RT_NAME_MAX, "%s", from);
}

static void add_owner(struct rt_row *row, const char *owner)
{
	size_t named = row->n_owners < RT_OWNERS_MAX ? row->n_owners : RT_OWNERS_MAX;

	for (size_t i = 0; i < named; i++)
		if (strcmp(row->owner[i], owner) == 0)
			return; /* two descriptors of one process */
	if (row->n_owners < RT_OWNERS_MAX)
		copy_name(row->owner[row->n_owners], owner);
	if (row->n_owners < UINT8_MAX)
		row->n_owners++;
}

static struct rt_flag flag(int8_t value, enum rt_source source)
{
	return (struct rt_flag){value, (uint8_t)(value < 0 ? RT_FROM_NOWHERE : source)};
}

/* sock_diag reports it of listening and of bound sockets alone; the kernel asks it of all. */
static void add_v6only(struct rt_row *row, int8_t v6only)
{
	if (row->local.family == AF_INET6 && row->v6only < 0)
		row->v6only = v6only;
}

static void add_name(struct rt_row *row, const char *name, const char *owner)
{
	if (!name[0] || row->name[0])
		return;
	copy_name(row->name, name);
	copy_name(row->name_owner, owner);
}

/*
 * After shutdown(2) a process can still hold a socket whose place a TIME_WAIT record has taken: the
 * same cookie, no inode (tcp_time_wait()). The record is the kernel's alone; its options are those
 * of the socket.
 */
static bool is_record_of(const struct rt_row *row, const struct rt_fd *fd)
{
	return row->source == RT_FROM_DIAG && row->inode == 0 && fd->inode != 0;
}

static void add_player(struct places *places, const struct rt_player *player)
{
	for (size_t i = 0; i < player->n_fds; i++) {
		const struct rt_fd *fd = &player->fd[i];
		struct rt_row *row = find_cookie(places, fd->cookie);
		bool record;

		if (!row)
			row = find_inode(places, fd->inode);
		if (!row)
			row = add_unseen(places, fd);
		record = is_record_of(row, fd);
		if (record)
			row->name_remembered = true;
		else
			add_owner(row, player->actor.name);
		row->reuseaddr = flag(fd->reuseaddr, record ? RT_FROM_MEMORY : RT_FROM_PROCESS);
		row->reuseport = flag(fd->reuseport, record ? RT_FROM_MEMORY : RT_FROM_PROCESS);
		add_v6only(row, fd->v6only);
		add_name(row, rt_player_name(player, fd->fd), player->actor.name);
	}
}

static void add_memory(const struct places *places, const struct rt_memory *memory)
{
	struct rt_row *row = find_cookie(places, memory->cookie);

	if (!row || row->n_owners > 0)
		return;
	row->reuseaddr = flag(memory->reuseaddr, RT_FROM_MEMORY);
	row->reuseport = flag(memory->reuseport, RT_FROM_MEMORY);
	add_v6only(row, memory->v6only);
	row->name[0] = row->name_owner[0] = '\0';
	add_name(row, memory->name, memory->owner);
	row->name_remembered = row->name[0] != '\0';
}

static void forget_row(struct rt_row *row)
{
	row->n_owners = 0;
	row->name_remembered = false;
	row->name[0] = row->name_owner[0] = '\0';
	memset((char *)row + offsetof(struct rt_row, owner), 0,
	       sizeof(*row) - offsetof(struct rt_row, owner));
	row->reuseaddr = row->reuseport = (struct rt_flag){-1, RT_FROM_NOWHERE};
}

void rt_cast_annotate(const struct rt_cast *cast, struct rt_snapshot *snapshot)
{
	struct places places = {.snapshot = snapshot};
	size_t before = snapshot->n, fds = 0;
	size_t first =
		cast->n_remembered > RT_MEMORIES_MAX ? cast->n_remembered - RT_MEMORIES_MAX : 0;

	for (size_t i = 0; i < cast->n; i++)
		fds += cast->player[i].n_fds;
	rt_index_init(&places.index, 2 * (snapshot->n + fds));
	for (size_t i = 0; i < snapshot->n; i++) {
		forget_row(&snapshot->row[i]);
		put_row(&places, i);
	}
	for (size_t i = 0; i < cast->n; i++)
		add_player(&places, &cast->player[i]);
	for (size_t i = first; i < cast->n_remembered; i++)
		add_memory(&places, &cast->memory[i % RT_MEMORIES_MAX]);
	rt_index_fini(&places.index);
	if (snapshot->n > before)
		rt_snapshot_sort(snapshot);
}
