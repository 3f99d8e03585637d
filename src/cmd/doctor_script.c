/* What can be done in a stage, tried as scripts: each in a fresh one. */
#include <errno.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cmd/doctor.h"
#include "lesson/engine.h"
#include "lesson/script.h"

enum { PATIENCE_MS = 250, LINES_MAX = 16 };

static const char *fix_sysctl(int sys)
{
	if (sys == EROFS)
		return _("try: start the container with a /proc/sys that can be written "
			 "(docker: --security-opt systempaths=unconfined, podman: --security-opt "
			 "unmask=ALL)");
	return _("try: run reuse-tutor outside of the container");
}

static const char *fix_ipv6(int sys)
{
	if (sys == EADDRNOTAVAIL)
		return _("try: sudo sysctl net.ipv6.conf.all.disable_ipv6=0 "
			 "net.ipv6.conf.default.disable_ipv6=0");
	return _("try: sudo modprobe ipv6, or start the kernel without ipv6.disable=1");
}

static const char *fix_destroy(int sys)
{
	(void)sys;
	return _("needs Linux 4.5 with CONFIG_INET_DIAG_DESTROY; without it a TIME_WAIT record "
		 "lasts its minute");
}

static const char *fix_multicast(int sys)
{
	(void)sys;
	return _("needs a kernel with CONFIG_IP_MULTICAST");
}

static const char *fix_bound(int sys)
{
	(void)sys;
	return _("comes with Linux 6.8; before it such rows are those that the process tells "
		 "(SOURCE says so)");
}

static const char *fix_time_wait(int sys)
{
	(void)sys;
	return _("early releases of Linux 6.1 let bind() pass over TIME_WAIT: update the kernel "
		 "(mended by commit 936a192f9740, in 6.2 and later 6.1)");
}

struct probe {
	const char *id;
	const char *name;
	const char *const *script;
	const char *(*fix)(int sys);
	enum rt_feature feature;
	bool optional; /* lessons that use it run without it, too */
};

static const char *const bound_script[] = {
	"a: s = socket(AF_INET, SOCK_STREAM)",
	"a: bind(s, 127.0.0.1:8000)",
	NULL,
};

static const char *const destroy_script[] = {
	"a: s = socket(AF_INET, SOCK_STREAM)",
	"a: bind(s, 127.0.0.1:8000)",
	"a: listen(s, 8)",
	"destroy(tcp 127.0.0.1:8000 LISTEN)",
	"expect no tcp 127.0.0.1:8000 LISTEN",
	NULL,
};

static const char *const sysctl_script[] = {
	"sysctl(net.ipv4.tcp_fin_timeout, 59)",
	NULL,
};

static const char *const ipv6_script[] = {
	"a: s = socket(AF_INET6, SOCK_STREAM)", "a: bind(s, [::1]:8000)",    "a: listen(s, 8)",
	"c: c = socket(AF_INET6, SOCK_STREAM)", "c: connect(c, [::1]:8000)", NULL,
};

static const char *const multicast_script[] = {
	"a: s = socket(AF_INET, SOCK_DGRAM)",
	"a: bind(s, 239.1.1.1:8000)",
	"a: setsockopt(s, IP_ADD_MEMBERSHIP, {239.1.1.1, 127.0.0.1})",
	"c: c = socket(AF_INET, SOCK_DGRAM)",
	"c: setsockopt(c, IP_MULTICAST_IF, 127.0.0.1)",
	"c: sendto(c, \"m\", 239.1.1.1:8000)",
	"a: recv(s, MSG_DONTWAIT) = \"m\"",
	NULL,
};

static const char *const time_wait_script[] = {
	"old: s = socket(AF_INET, SOCK_STREAM)",
	"old: bind(s, 127.0.0.1:8000)",
	"old: listen(s, 8)",
	"c: c = socket(AF_INET, SOCK_STREAM)",
	"c: connect(c, 127.0.0.1:8000)",
	"old: k = accept(s)",
	"old: close(s)",
	"old: close(k)",
	"c: close(c)",
	"expect tcp 127.0.0.1:8000 TIME_WAIT",
	"new: n = socket(AF_INET, SOCK_STREAM)",
	"new: bind(n, 127.0.0.1:8000) = EADDRINUSE",
	NULL,
};

static const struct probe probes[] = {
	{"bound-rows", N_("bound-only rows"), bound_script, fix_bound, RT_FEATURE_BOUND, true},
	{"time-wait", N_("TIME_WAIT holds a port"), time_wait_script, fix_time_wait,
	 RT_FEATURE_TIME_WAIT, false},
	{"sock-destroy", N_("SOCK_DESTROY"), destroy_script, fix_destroy, RT_FEATURE_DESTROY,
	 false},
	{"sysctl", N_("sysctls of the stage"), sysctl_script, fix_sysctl, RT_FEATURE_SYSCTL, false},
	{"ipv6", N_("IPv6"), ipv6_script, fix_ipv6, RT_FEATURE_IPV6, false},
	{"multicast", N_("multicast on lo"), multicast_script, fix_multicast, RT_FEATURE_MULTICAST,
	 false},
};

/* Reads the lines of a script. Returns how many, or -1 where one is wrong. */
static int parse(const char *const *script, struct rt_line *line)
{
	struct rt_scope *scope = rt_scope_new();
	struct rt_mistake mistake = {0};
	int n = 0;

	for (; n < LINES_MAX && script[n]; n++) {
		if (rt_script_parse(script[n], strlen(script[n]), scope, &line[n], &mistake) != 1)
			break;
		line[n].fresh = n == 0;
	}
	if (n == LINES_MAX || script[n]) {
		rt_mistake_fini(&mistake);
		while (n > 0)
			rt_line_fini(&line[--n]);
		n = -1;
	}
	rt_scope_free(scope);
	return n;
}

/* The first line of which something else came than it wants; n where there is none. */
static int first_refused(const struct rt_engine *engine, int n)
{
	int i = 0;

	while (i < n && rt_engine_outcome(engine, (size_t)i)->as_wanted)
		i++;
	return i;
}

static void say_refused(const struct rt_line *line, const struct rt_outcome *outcome,
			struct rt_finding *finding)
{
	rt_line_format(line, &finding->found);
	if (outcome->how == RT_UNABLE)
		rt_str_addf(&finding->found, ": %s", outcome->why);
	else if (outcome->how == RT_BLOCKED)
		rt_str_addf(&finding->found, ": %s", _("blocks"));
	else if (outcome->err)
		rt_str_addf(&finding->found, ": %s (%s)", rt_errno_name(outcome->err),
			    strerror(outcome->err));
	else
		rt_str_addf(&finding->found, ": %s", _("the result is another"));
}

static bool shows_bound(const struct rt_snapshot *sockets)
{
	for (size_t i = 0; i < sockets->n; i++)
		if (sockets->row[i].state == RT_BOUND && sockets->row[i].source == RT_FROM_DIAG)
			return true;
	return false;
}

static void run_probe(struct rt_engine *engine, const struct probe *probe,
		      struct rt_finding *finding)
{
	struct rt_line line[LINES_MAX] = {{0}};
	int n = parse(probe->script, line), refused;
	const struct rt_outcome *outcome;
	struct rt_error err = {0};

	if (n < 0) {
		finding->presence = RT_UNKNOWN;
		return;
	}
	rt_engine_load(engine, line, (size_t)n);
	rt_engine_go(engine, (size_t)n);
	if (rt_engine_settle(engine, &err) < 0) {
		finding->presence = RT_UNKNOWN;
		rt_str_addf(&finding->found, "%s: %s", err.what, err.why);
	} else if ((refused = first_refused(engine, n)) < n) {
		outcome = rt_engine_outcome(engine, (size_t)refused);
		finding->presence = RT_ABSENT;
		say_refused(&line[refused], outcome, finding);
		rt_str_add(&finding->fix, probe->fix(outcome->err));
	} else if (probe->feature == RT_FEATURE_BOUND && !shows_bound(rt_engine_sockets(engine))) {
		finding->presence = RT_ABSENT;
		rt_str_add(&finding->fix, probe->fix(0));
	}
	rt_engine_load(engine, NULL, 0);
	while (n > 0)
		rt_line_fini(&line[--n]);
}

void rt_doctor_scripts(struct rt_findings *findings, const struct rt_needs *needs, bool staged)
{
	struct rt_loop *loop = rt_loop_new();
	struct rt_world *world = rt_world_live_new(loop);
	struct rt_engine *engine = rt_engine_new(world, PATIENCE_MS);

	for (size_t i = 0; i < RT_COUNT(probes); i++) {
		struct rt_finding *finding =
			rt_findings_add(findings, probes[i].id, probes[i].name, NULL);

		rt_needs_apply(needs, probes[i].feature, finding);
		if (probes[i].optional)
			finding->required = false;
		if (staged)
			run_probe(engine, &probes[i], finding);
		else
			finding->presence = RT_UNKNOWN;
	}
	rt_engine_free(engine);
	rt_world_free(world);
	rt_loop_free(loop);
}
