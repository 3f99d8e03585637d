/*
 * capture and inject: segments on the stage's lo, kept and sent by its init. The stage has no other
 * device, so nothing that is made here can leave it. packet(7), raw(7).
 *
 * init keeps no state but descriptors, at places that are always the same. The segments stay in the
 * ring of their packet socket, which the kernel fills and which is as large as it ever gets: what
 * comes when it is full is not kept.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stage/actor.h"
#include "stage/segment.h"

enum {
	CAPTURES_MAX = 4,
	/* Below the channel, above all descriptors that a script can have. */
	LO_FD = 990,		/* sees that lo has carried what was sent */
	CAPTURE_FD = LO_FD + 1, /* the first of CAPTURES_MAX */
	FRAMES = 256,
	FRAME_BYTES = RT_SEGMENT_MAX,
	BLOCK_BYTES = 64 * 1024, /* a multiple of the page on every machine */
	RING_BYTES = FRAMES * FRAME_BYTES,
	/* What inject sends carries this mark, so that it is not captured in turn. */
	MARK = 0x7275,
	ETHERTYPE = 0x88b5, /* for experiments within one network: IEEE 802, clause 9.2.3 */
	CARRY_MS = 1000,
};

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

void rt_capture_close(void)
{
	for (int fd = LO_FD; fd < CAPTURE_FD + CAPTURES_MAX; fd++)
		close(fd);
}

/* Gives fd its place; closes fd. Returns an errno. */
static int place_fd(int fd, int place)
{
	int sys = dup3(fd, place, O_CLOEXEC) < 0 ? errno : 0;

	close(fd);
	return sys;
}

static int bind_to_lo(int fd, uint16_t protocol)
{
	const struct sockaddr_ll lo = {.sll_family = AF_PACKET,
				       .sll_protocol = htons(protocol),
				       .sll_ifindex = (int)if_nametoindex("lo")};

	return bind(fd, (const struct sockaddr *)&lo, sizeof(lo)) < 0 ? errno : 0;
}

/* --- what is kept: a classic BPF program ------------------------------------------------------ */

struct filter {
	struct sock_filter code[64];
	unsigned short n;
};

static void add(struct filter *filter, unsigned code, uint32_t k, unsigned jt, unsigned jf)
{
	filter->code[filter->n++] = (struct sock_filter){
		.code = (uint16_t)code, .jt = (uint8_t)jt, .jf = (uint8_t)jf, .k = k};
}

/* Drops the packet unless the value at `at` is (or, not: is not) k. */
static void demand(struct filter *filter, unsigned size, uint32_t at, uint32_t k, bool not )
{
	add(filter, BPF_LD | BPF_ABS | size, at, 0, 0);
	add(filter, BPF_JMP | BPF_JEQ | BPF_K, k, !not, not );
	add(filter, BPF_RET | BPF_K, 0, 0, 0);
}

/* Keeps what goes from one end to the other; goes on behind its own end with the rest. */
static void keep(struct filter *filter, const struct rt_addr_pattern *from,
		 const struct rt_addr_pattern *to)
{
	const struct {
		bool any;
		unsigned size;
		uint32_t at, k;
	} part[] = {{from->any_host, BPF_W, 12, ntohl(from->addr.v4.s_addr)},
		    {to->any_host, BPF_W, 16, ntohl(to->addr.v4.s_addr)},
		    {from->any_port, BPF_H, 20, from->addr.port},
		    {to->any_port, BPF_H, 22, to->addr.port}};
	const size_t parts = sizeof(part) / sizeof(part[0]);
	unsigned left = 0;

	for (size_t i = 0; i < parts; i++)
		left += !part[i].any;
	for (size_t i = 0; i < parts; i++) {
		if (part[i].any)
			continue;
		left--;
		add(filter, BPF_LD | BPF_ABS | part[i].size, part[i].at, 0, 0);
		add(filter, BPF_JMP | BPF_JEQ | BPF_K, part[i].k, 0, 2 * left + 1);
	}
	add(filter, BPF_RET | BPF_K, UINT32_MAX, 0, 0);
}

static int attach_filter(int fd, const struct rt_order *order)
{
	struct filter filter = {.n = 0};
	struct sock_fprog program = {.filter = filter.code};

	demand(&filter, BPF_B, 0, 0x45, false); /* IPv4 without options */
	demand(&filter, BPF_B, 9, IPPROTO_TCP, false);
	demand(&filter, BPF_W, (uint32_t)(SKF_AD_OFF + SKF_AD_MARK), MARK, true);
	keep(&filter, &order->local, &order->peer);
	keep(&filter, &order->peer, &order->local);
	add(&filter, BPF_RET | BPF_K, 0, 0, 0);
	program.len = filter.n;
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) < 0 ? errno
											   : 0;
}

static int make_ring(int fd)
{
	const struct tpacket_req ring = {.tp_block_size = BLOCK_BYTES,
					 .tp_block_nr = RING_BYTES / BLOCK_BYTES,
					 .tp_frame_size = FRAME_BYTES,
					 .tp_frame_nr = FRAMES};
	int version = TPACKET_V2;

	if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) < 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &ring, sizeof(ring)) < 0)
		return errno;
	return 0;
}

/* SOCK_DGRAM: the packet begins with its IP header. Without a protocol it receives nothing yet. */
static int open_packet(int *fd)
{
	*fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return *fd < 0 ? errno : 0;
}

static int open_capture(const struct rt_order *order, int place)
{
	int fd, sys = open_packet(&fd);

	if (sys)
		return sys;
	sys = attach_filter(fd, order);
	if (!sys)
		sys = make_ring(fd);
	/* ETH_P_IP, not ETH_P_ALL: so lo gives each packet once, as it comes in. */
	if (!sys)
		sys = bind_to_lo(fd, ETH_P_IP);
	if (!sys)
		return place_fd(fd, place);
	close(fd);
	return sys;
}

static int open_lo(void)
{
	int fd, sys;

	if (is_open(LO_FD))
		return 0;
	sys = open_packet(&fd);
	if (sys)
		return sys;
	sys = bind_to_lo(fd, ETHERTYPE);
	if (!sys)
		return place_fd(fd, LO_FD);
	close(fd);
	return sys;
}

static bool is_v4(const struct rt_addr_pattern *end)
{
	return end->any_host || end->addr.family == AF_INET;
}

void rt_run_capture(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	int place = CAPTURE_FD;

	(void)pass;
	while (place < CAPTURE_FD + CAPTURES_MAX && is_open(place))
		place++;
	if (!is_v4(&order->local) || !is_v4(&order->peer))
		reply->err = EAFNOSUPPORT;
	else if (place == CAPTURE_FD + CAPTURES_MAX)
		reply->err = EMFILE;
	else
		reply->err = open_lo();
	if (!reply->err)
		reply->err = open_capture(order, place);
}

/* --- what was kept ---------------------------------------------------------------------------- */

/* Reads the frames in their order, and stops at the first that the kernel has not filled. */
static size_t read_ring(const uint8_t *ring, struct rt_flow *flow)
{
	size_t i = 0;

	for (; i < FRAMES; i++) {
		const struct tpacket2_hdr *frame =
			(const struct tpacket2_hdr *)(const void *)(ring + i * FRAME_BYTES);
		struct rt_segment segment;

		if (!(__atomic_load_n(&frame->tp_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
			break;
		if (rt_segment_read((const uint8_t *)frame + frame->tp_net, frame->tp_snaplen,
				    &segment) == 0)
			rt_flow_take(flow, &segment);
	}
	return i;
}

/* Forges out of one capture. ENOENT: it knows nothing of these ends. */
static int forge_from(int fd, const struct rt_order *order, uint8_t *packet, size_t *len)
{
	const enum rt_forgery forgery = (enum rt_forgery)order->i[0];
	struct rt_flow flow = {.from = order->local.addr, .to = order->peer.addr};
	void *ring = mmap(NULL, RING_BYTES, PROT_READ, MAP_SHARED, fd, 0);
	size_t frames;
	int sys;

	if (ring == MAP_FAILED)
		return errno;
	frames = read_ring(ring, &flow);
	sys = rt_flow_forge(&flow, forgery, packet, len);
	/* What came last is not known any more: the numbers may be old. */
	if (!sys && frames == FRAMES && forgery != RT_FORGE_REPLAY)
		sys = ENOBUFS;
	munmap(ring, RING_BYTES);
	return sys;
}

/* --- sending ---------------------------------------------------------------------------------- */

static int send_raw(const struct rt_order *order, const uint8_t *packet, size_t len)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr = order->peer.addr.v4};
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW), mark = MARK, sys = 0;

	if (fd < 0)
		return errno;
	if (setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", sizeof("lo")) < 0 ||
	    sendto(fd, packet, len, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		sys = errno;
	close(fd);
	return sys;
}

/*
 * On a busy machine what was sent on lo may wait in the queue of its processor (netif_rx() in
 * net/core/dev.c). A frame of ours goes behind it and is waited for: then the segment is with its
 * socket, and the next line sees what came of it.
 */
static void await_carried(void)
{
	const struct sockaddr_ll lo = {.sll_family = AF_PACKET,
				       .sll_protocol = htons(ETHERTYPE),
				       .sll_halen = ETH_ALEN,
				       .sll_ifindex = (int)if_nametoindex("lo")};
	char byte = 0;

	while (recv(LO_FD, &byte, sizeof(byte), MSG_DONTWAIT) >= 0)
		;
	if (sendto(LO_FD, &byte, sizeof(byte), 0, (const struct sockaddr *)&lo, sizeof(lo)) >= 0)
		poll(&(struct pollfd){.fd = LO_FD, .events = POLLIN}, 1, CARRY_MS);
}

/* Both frames from one processor, or they wait in two queues. */
static int send_and_await(const struct rt_order *order, const uint8_t *packet, size_t len)
{
	cpu_set_t all, one;
	int cpu = sched_getcpu(), sys;
	bool pinned = false;

	if (cpu >= 0 && cpu < CPU_SETSIZE && sched_getaffinity(0, sizeof(all), &all) == 0) {
		CPU_ZERO(&one);
		CPU_SET((unsigned)cpu, &one);
		pinned = sched_setaffinity(0, sizeof(one), &one) == 0;
	}
	sys = send_raw(order, packet, len);
	if (!sys)
		await_carried();
	if (pinned)
		sched_setaffinity(0, sizeof(all), &all);
	return sys;
}

void rt_run_inject(const struct rt_order *order, struct rt_reply *reply, int *pass)
{
	uint8_t packet[RT_SEGMENT_MAX];
	size_t len = 0;

	(void)pass;
	if (order->local.addr.family != AF_INET || order->peer.addr.family != AF_INET) {
		reply->err = EAFNOSUPPORT;
		return;
	}
	reply->err = ENOENT;
	for (int i = 0; i < CAPTURES_MAX && reply->err == ENOENT; i++)
		if (is_open(CAPTURE_FD + i))
			reply->err = forge_from(CAPTURE_FD + i, order, packet, &len);
	if (!reply->err)
		reply->err = send_and_await(order, packet, len);
}
