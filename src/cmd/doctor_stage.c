/* The stage itself, and what is tried without a script. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "cmd/doctor.h"
#include "diag/diag.h"
#include "stage/ids.h"
#include "stage/stage.h"

enum { REAP_MS = 2000, CAPTURE_S = 2 };

/* --- the stage itself ------------------------------------------------------------------------- */

static void no_reply(void *ctx, int actor, const struct rt_reply *reply, int child)
{
	(void)ctx;
	(void)actor;
	(void)reply;
	(void)child;
}

static void no_gone(void *ctx, int actor)
{
	(void)ctx;
	(void)actor;
}

static void no_dead(void *ctx)
{
	(void)ctx;
}

/* Both families of one protocol, of which a fresh stage has no sockets. */
static void try_diag(struct rt_diag *diag, int protocol, struct rt_finding *finding)
{
	static const int family[] = {AF_INET, AF_INET6};
	struct rt_snapshot sockets = {0};
	struct rt_error err = {0};

	for (size_t i = 0; i < RT_COUNT(family) && finding->presence == RT_PRESENT; i++) {
		if (rt_diag_dump(diag, family[i], protocol, ~0U, 0, &sockets, &err) == 0)
			continue;
		finding->presence = RT_ABSENT;
		rt_str_add(&finding->found, err.why);
		rt_str_add(&finding->fix,
			   protocol == IPPROTO_TCP
				   ? _("try: sudo modprobe tcp_diag (CONFIG_INET_TCP_DIAG)")
				   : _("try: sudo modprobe udp_diag (CONFIG_INET_UDP_DIAG)"));
	}
	rt_snapshot_fini(&sockets);
}

static void find_diag(struct rt_findings *findings, const struct rt_needs *needs,
		      const struct rt_stage *stage)
{
	static const struct {
		const char *id, *name;
		enum rt_feature feature;
		int protocol;
	} table[] = {
		{"sock-diag-tcp", N_("sock_diag, TCP"), RT_FEATURE_TCP, IPPROTO_TCP},
		{"sock-diag-udp", N_("sock_diag, UDP"), RT_FEATURE_UDP, IPPROTO_UDP},
	};
	struct rt_error err = {0};
	struct rt_diag *diag = stage ? rt_diag_new(rt_stage_diag_fd(stage), &err) : NULL;

	for (size_t i = 0; i < RT_COUNT(table); i++) {
		struct rt_finding *finding =
			rt_findings_add(findings, table[i].id, table[i].name, NULL);

		rt_needs_apply(needs, table[i].feature, finding);
		if (diag) {
			try_diag(diag, table[i].protocol, finding);
		} else {
			finding->presence = stage ? RT_ABSENT : RT_UNKNOWN;
			rt_str_add(&finding->found, err.why);
		}
	}
	rt_diag_free(diag);
}

static const char *fix_uids(void)
{
	switch (rt_ids_lack()) {
	case RT_IDS_LACK_ROOT:
		return _("needs the machine's root, or another user: this one is root of a user "
			 "namespace");
	case RT_IDS_LACK_TOOL:
		return _("try: sudo reuse-tutor, or install newuidmap and newgidmap (package "
			 "uidmap), and a range in /etc/subuid and /etc/subgid");
	case RT_IDS_LACK_RANGE:
		return _("try: sudo reuse-tutor, or: sudo usermod --add-subuids 100000-165535 "
			 "--add-subgids 100000-165535 USER (65535 ids at least, of nobody else)");
	case RT_IDS_LACK_REFUSED:
		break;
	}
	return _("try: sudo reuse-tutor. newuidmap or newgidmap refuses the range of /etc/subuid "
		 "and /etc/subgid");
}

static void find_uids(struct rt_findings *findings, const struct rt_needs *needs,
		      const struct rt_stage *stage)
{
	struct rt_finding *finding =
		rt_findings_add(findings, "several-uids", N_("several uids"), NULL);

	rt_needs_apply(needs, RT_FEATURE_UIDS, finding);
	if (!stage) {
		finding->presence = RT_UNKNOWN;
		return;
	}
	rt_str_addf(&finding->found,
		    P_("the stage has %u uid", "the stage has %u uids", rt_stage_uids(stage)),
		    rt_stage_uids(stage));
	if (rt_stage_uids(stage) > 1)
		return;
	finding->presence = RT_ABSENT;
	rt_str_add(&finding->fix, fix_uids());
}

/* Builds one, and says how long it took or why it was refused. NULL where it was. */
static struct rt_stage *find_stage(struct rt_findings *findings, struct rt_loop *loop,
				   const struct rt_stage_events *events)
{
	struct rt_finding *finding =
		rt_findings_add(findings, "stage", N_("a private stage"), _("every lesson"));
	int64_t began_us = rt_now_us();
	struct rt_error err = {0};
	struct rt_stage *stage = rt_stage_new(loop, events, NULL, &err);

	finding->required = true;
	if (stage) {
		rt_str_addf(&finding->found, _("user, network, pid namespace in %.1f ms"),
			    (double)(rt_now_us() - began_us) / 1000);
		return stage;
	}
	finding->presence = RT_ABSENT;
	rt_str_addf(&finding->found, "%s: %s", err.what, err.why);
	rt_str_add(&finding->fix, err.fix);
	return NULL;
}

/* --- capture ---------------------------------------------------------------------------------- */

enum { NO_NAMESPACE = 255 };

/* Whether a packet socket can be had in a network namespace: errno, 0 or NO_NAMESPACE. */
static int try_capture(void)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		alarm(CAPTURE_S);
		if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
			_exit(NO_NAMESPACE);
		_exit(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL)) < 0 ? errno : 0);
	}
	if (pid < 0)
		return NO_NAMESPACE;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return NO_NAMESPACE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : NO_NAMESPACE;
}

static void find_capture(struct rt_findings *findings, const struct rt_needs *needs, bool staged)
{
	struct rt_finding *finding =
		rt_findings_add(findings, "capture", N_("packet capture"), NULL);
	int sys = staged ? try_capture() : NO_NAMESPACE;

	rt_needs_apply(needs, RT_FEATURE_PACKET, finding);
	if (needs->n[RT_FEATURE_PACKET] == 0)
		rt_str_clear(&finding->need);
	rt_str_addf(&finding->need, "%s%s", finding->need.len ? ", " : "",
		    _("tcpdump in the stage"));
	if (sys == 0)
		return;
	finding->presence = sys == NO_NAMESPACE ? RT_UNKNOWN : RT_ABSENT;
	if (sys == NO_NAMESPACE)
		return;
	rt_str_addf(&finding->found, "socket(AF_PACKET): %s (%s)", rt_errno_name(sys),
		    strerror(sys));
	rt_str_add(&finding->fix, _("try: sudo modprobe af_packet (CONFIG_PACKET)"));
}

void rt_doctor_stage(struct rt_findings *findings, const struct rt_needs *needs)
{
	static const struct rt_stage_events events = {no_reply, no_gone, no_dead};
	struct rt_loop *loop = rt_loop_new();
	struct rt_stage *stage = find_stage(findings, loop, &events);
	bool staged = stage != NULL;

	find_diag(findings, needs, stage);
	find_uids(findings, needs, stage);
	rt_stage_free(stage);
	rt_stage_reap_all(loop, REAP_MS);
	rt_loop_free(loop);
	rt_doctor_scripts(findings, needs, staged);
	find_capture(findings, needs, staged);
}
