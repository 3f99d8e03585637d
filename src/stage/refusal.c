/* Why this machine builds no stage, and what to do about it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "stage/namespace.h"

static long read_setting(const char *path)
{
	char text[32];

	return rt_read_start(path, text, sizeof(text)) > 0 ? strtol(text, NULL, 10) : -1;
}

/*
 * After chroot(2) into a plain folder no mount is at "/", or there is no /proc; there user
 * namespaces are refused.
 */
static bool is_chrooted(void)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char line[4096], at[4096];
	bool found = false;

	if (!file)
		return true;
	while (!found && fgets(line, sizeof(line), file))
		found = sscanf(line, "%*s %*s %*s %*s %4095s", at) == 1 && strcmp(at, "/") == 0;
	fclose(file);
	return !found;
}

void rt_refusal_look(struct rt_refusal *refusal)
{
	char status[4096] = "";
	const char *seccomp;

	refusal->root = geteuid() == 0;
	refusal->chrooted = is_chrooted();
	rt_read_start("/proc/self/status", status, sizeof(status));
	seccomp = strstr(status, "\nSeccomp:");
	refusal->filtered = seccomp && strtol(seccomp + strlen("\nSeccomp:"), NULL, 10) != 0;
	refusal->userns_clone = read_setting("/proc/sys/kernel/unprivileged_userns_clone");
	refusal->apparmor = read_setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns");
	refusal->max_user = read_setting("/proc/sys/user/max_user_namespaces");
	refusal->max_net = read_setting("/proc/sys/user/max_net_namespaces");
	refusal->max_pid = read_setting("/proc/sys/user/max_pid_namespaces");
}

static const char *const what[RT_STEPS] = {
	[RT_STEP_CHANNEL] = N_("cannot make a channel to the stage"),
	[RT_STEP_CLONE] = N_("cannot create a private network namespace"),
	[RT_STEP_MAP] = N_("cannot map the user ids of the private user namespace"),
	[RT_STEP_FILES] = N_("cannot set up the descriptors of the stage's first process"),
	[RT_STEP_LO] = N_("cannot bring up lo in the private network namespace"),
	[RT_STEP_IDS] = N_("cannot become user 0 of the private user namespace"),
	[RT_STEP_DIAG] = N_("cannot open a sock_diag socket in the private network namespace"),
	[RT_STEP_ANSWER] = N_("the first process of the stage did not answer"),
};

static int explain_limit(const struct rt_refusal *refusal, const char *name, struct rt_error *err)
{
	if (!refusal->root) {
		rt_error_why(err, _("%s (user.%s is too low)"), rt_errno_name(refusal->sys), name);
		return rt_error_fix(err, _("try: sudo sysctl user.%s=10000"), name);
	}
	rt_error_why(err, _("%s (user.%s is too low)"), rt_errno_name(refusal->sys), name);
	return rt_error_fix(err, _("try: sysctl user.%s=10000"), name);
}

/*
 * ENOSPC, before Linux 4.9 EUSERS: a limit of namespaces(7), or 32 user namespaces inside one
 * another.
 */
static int explain_full(const struct rt_refusal *refusal, struct rt_error *err)
{
	if (refusal->max_net == 0)
		return explain_limit(refusal, "max_net_namespaces", err);
	if (refusal->max_pid == 0)
		return explain_limit(refusal, "max_pid_namespaces", err);
	if (refusal->max_user == 0)
		return explain_limit(refusal, "max_user_namespaces", err);
	rt_error_why(err, _("%s (a limit of namespaces is reached, or they are nested too deep)"),
		     rt_errno_name(refusal->sys));
	return rt_error_fix(err, _("see: sysctl user.max_user_namespaces user.max_net_namespaces "
				   "user.max_pid_namespaces"));
}

static int explain_denied(const struct rt_refusal *refusal, struct rt_error *err)
{
	const char *sys = rt_errno_name(refusal->sys);

	/* These steps ask for no privilege of a namespace. */
	if (refusal->step == RT_STEP_CHANNEL || refusal->step == RT_STEP_FILES ||
	    refusal->step == RT_STEP_ANSWER)
		return -1;
	if (refusal->chrooted) {
		rt_error_why(err, _("%s (user namespaces are refused inside a chroot)"), sys);
		return rt_error_fix(err, _("try: run reuse-tutor outside of the chroot"));
	}
	if (!refusal->root && refusal->userns_clone == 0) {
		rt_error_why(err, _("%s (kernel.unprivileged_userns_clone is 0)"), sys);
		return rt_error_fix(err, _("try: sudo reuse-tutor, or: sudo sysctl "
					   "kernel.unprivileged_userns_clone=1"));
	}
	if (!refusal->root && refusal->apparmor > 0) {
		rt_error_why(err, _("%s (AppArmor restricts user namespaces)"), sys);
		return rt_error_fix(
			err, _("try: sudo reuse-tutor, or: "
			       "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"));
	}
	if (refusal->filtered) {
		rt_error_why(err, _("%s (a seccomp filter is on, as in a container)"), sys);
		return rt_error_fix(
			err, _("try: start the container with --security-opt seccomp=unconfined, "
			       "or run reuse-tutor outside of it"));
	}
	if (refusal->root && refusal->step == RT_STEP_MAP) {
		rt_error_why(err,
			     _("%s (root without CAP_SETUID; the stage never runs as the machine's "
			       "root)"),
			     sys);
		return rt_error_fix(err, _("try: run reuse-tutor as an ordinary user"));
	}
	if (refusal->root) {
		rt_error_why(err,
			     _("%s (a container or a security module refuses user namespaces)"),
			     sys);
		return rt_error_fix(err, _("try: run reuse-tutor outside of the container"));
	}
	rt_error_why(err, _("%s (a security module or a container refuses user namespaces)"), sys);
	return rt_error_fix(err, _("try: sudo reuse-tutor"));
}

int rt_refusal_explain(const struct rt_refusal *refusal, struct rt_error *err)
{
	rt_error_sys(err, RT_ERR_STAGE, refusal->sys, "%s", _(what[refusal->step]));
	switch (refusal->sys) {
	case ENOSPC:
	case EUSERS:
		return explain_full(refusal, err);
	case EPERM:
	case EACCES:
		return explain_denied(refusal, err);
	case ENOSYS:
		if (refusal->filtered)
			return explain_denied(refusal, err);
		break;
	case EMFILE:
		rt_error_why(err, _("EMFILE (the hard limit of open files is below 1024)"));
		return rt_error_fix(err, _("try: ulimit -n 1024"));
	case EAGAIN:
		if (refusal->step != RT_STEP_CLONE)
			break;
		rt_error_why(err, _("EAGAIN (the limit of processes is reached: ulimit -u)"));
		return rt_error_fix(err, _("try: ulimit -u 512; where that is refused, "
					   "/etc/security/limits.conf"));
	case EINVAL:
		if (refusal->step != RT_STEP_CLONE)
			break;
		rt_error_why(err, _("EINVAL (this kernel was built without user, network or pid "
				    "namespaces)"));
		return rt_error_fix(err, _("see: CONFIG_USER_NS, CONFIG_NET_NS, CONFIG_PID_NS"));
	case EPROTONOSUPPORT:
		if (refusal->step != RT_STEP_DIAG)
			break;
		rt_error_why(err, _("EPROTONOSUPPORT (this kernel has no sock_diag)"));
		return rt_error_fix(err, _("try: sudo modprobe inet_diag"));
	}
	return -1;
}

int rt_namespace_refused(enum rt_step step, int sys, struct rt_error *err)
{
	struct rt_refusal refusal = {.step = step, .sys = sys};

	rt_refusal_look(&refusal);
	return rt_refusal_explain(&refusal, err);
}
