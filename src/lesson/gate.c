#include "lesson/gate.h"

#include <errno.h>
#include <stdio.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/mem.h"

/*
 * The versions and commits of what came later stand in the manual of the lesson language. A sysctl
 * without one has been there since before Linux 3.9, but an old kernel may give it to the whole
 * machine alone, and not to a network namespace.
 */
static const struct rt_gate table[] = {
	{"several-uids", NULL, N_("the stage has one uid here"),
	 N_("root has several, and so has a user of newuidmap(1)"), RT_GATE_UIDS, 0},
	{"bound-rows", NULL, N_("sock_diag shows no socket here that is bound and nothing else"),
	 N_("it does since Linux 6.8"), RT_GATE_BOUND, 0},
	{"ipv6", NULL, N_("there is no IPv6 here"),
	 N_("see reuse-tutor doctor for how to allow it"), RT_GATE_IPV6, 0},
	{"packet-socket", NULL, N_("there are no AF_PACKET sockets here"),
	 N_("try: sudo modprobe af_packet"), RT_GATE_PACKET, 0},
	{"tcp_migrate_req", "net.ipv4.tcp_migrate_req",
	 N_("there is no net.ipv4.tcp_migrate_req here"),
	 N_("before Linux 5.14 connections in the queue of a listener that closes are reset"),
	 RT_GATE_SYSCTL, 0},
	{"tcp_tw_reuse_delay", "net.ipv4.tcp_tw_reuse_delay",
	 N_("there is no net.ipv4.tcp_tw_reuse_delay here"),
	 N_("before Linux 6.14 the delay is one second, and fixed"), RT_GATE_SYSCTL, 0},
	{"tcp_tw_reuse", "net.ipv4.tcp_tw_reuse",
	 N_("a network namespace has no net.ipv4.tcp_tw_reuse of its own here"),
	 N_("older kernels have one for the whole machine, which a lesson does not touch"),
	 RT_GATE_SYSCTL, 0},
	{"tcp_max_tw_buckets", "net.ipv4.tcp_max_tw_buckets",
	 N_("a network namespace has no net.ipv4.tcp_max_tw_buckets of its own here"),
	 N_("older kernels have one for the whole machine, which a lesson does not touch"),
	 RT_GATE_SYSCTL, 0},
	{"tcp_fin_timeout", "net.ipv4.tcp_fin_timeout",
	 N_("a network namespace has no net.ipv4.tcp_fin_timeout of its own here"),
	 N_("older kernels have one for the whole machine, which a lesson does not touch"),
	 RT_GATE_SYSCTL, 0},
	{"tcp_timestamps", "net.ipv4.tcp_timestamps",
	 N_("a network namespace has no net.ipv4.tcp_timestamps of its own here"),
	 N_("older kernels have one for the whole machine, which a lesson does not touch"),
	 RT_GATE_SYSCTL, 0},
	{"tcp_rfc1337", "net.ipv4.tcp_rfc1337",
	 N_("a network namespace has no net.ipv4.tcp_rfc1337 of its own here"),
	 N_("older kernels have one for the whole machine, which a lesson does not touch"),
	 RT_GATE_SYSCTL, 0},
	{"ip_autobind_reuse", "net.ipv4.ip_autobind_reuse",
	 N_("there is no net.ipv4.ip_autobind_reuse here"),
	 N_("before Linux 5.7 bind() to port 0 never gives a port that is in use"), RT_GATE_SYSCTL,
	 0},
	{"ip_local_port_range", "net.ipv4.ip_local_port_range",
	 N_("a network namespace has no net.ipv4.ip_local_port_range of its own here"),
	 N_("older kernels have one for the whole machine, which a lesson does not touch"),
	 RT_GATE_SYSCTL, 0},
	{"bindv6only", "net.ipv6.bindv6only", N_("there is no net.ipv6.bindv6only here"),
	 N_("it comes with IPv6: see reuse-tutor doctor for how to allow it"), RT_GATE_SYSCTL, 0},
};

_Static_assert(RT_COUNT(table) <= 32, "a feature is a bit of struct rt_gates");

const struct rt_gate *rt_gate_table(size_t *n)
{
	*n = RT_COUNT(table);
	return table;
}

void rt_gates_add(struct rt_gates *gates, const struct rt_gates *other)
{
	gates->features |= other->features;
	if (gates->version < other->version)
		gates->version = other->version;
}

bool rt_gates_any(const struct rt_gates *gates)
{
	return gates->features || gates->version;
}

bool rt_gates_within(const struct rt_gates *gates, const struct rt_gates *in)
{
	return (gates->features & ~in->features) == 0 && gates->version <= in->version;
}

bool rt_gates_open(const struct rt_gates *gates,
		   int (*probe)(void *ctx, const struct rt_gate *gate), void *ctx,
		   struct rt_gate *first, int *sys)
{
	for (size_t i = 0; i < RT_COUNT(table); i++) {
		if (!(gates->features & UINT32_C(1) << i))
			continue;
		*first = table[i];
		*sys = probe(ctx, first);
		if (*sys)
			return false;
	}
	if (!gates->version)
		return true;
	*first = (struct rt_gate){.word = "", .probe = RT_GATE_LINUX, .version = gates->version};
	*sys = probe(ctx, first);
	return *sys == 0;
}

void rt_gate_why(const struct rt_gate *gate, int sys, struct rt_str *out)
{
	if (gate->probe == RT_GATE_LINUX)
		rt_str_addf(out, _("needs Linux %u.%u or later"), gate->version >> 16,
			    gate->version & 0xffff);
	else if (gate->probe == RT_GATE_SYSCTL && sys != ENOENT)
		/* It is there: what the kernel does without it would be beside the point. */
		rt_str_addf(out, _("%s cannot be set here: %s"), gate->arg, rt_errno_name(sys));
	else
		rt_str_addf(out, "%s; %s", _(gate->missing), _(gate->remedy));
}

uint32_t rt_gate_version(const char *release)
{
	unsigned major = 0, minor = 0;

	if (sscanf(release, "%4u.%4u", &major, &minor) != 2)
		return 0;
	return (uint32_t)(major << 16 | minor);
}
