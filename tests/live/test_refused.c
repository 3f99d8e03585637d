/*
 * A machine that refuses namespaces: each test makes this process such a machine, in a child, and
 * reads what it is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stage/namespace.h"
#include "stage/stage.h"

enum { CANNOT = 99 };

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

static const struct rt_stage_events events = {no_reply, no_gone, no_dead};

/*
 * Runs prepare in a child, then builds a stage there. Fails unless the kernel refuses with sys, and
 * what is told has why and fix. Skips where the preparation itself is refused.
 */
static void expect_refusal(int (*prepare)(void), int sys, const char *why, const char *fix)
{
	struct rt_error err = {0};
	int pipe_fd[2], status = 0;
	ssize_t len;
	pid_t pid;

	assert_int_equal(pipe2(pipe_fd, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		struct rt_loop *loop = rt_loop_new();

		if (prepare() < 0)
			_exit(CANNOT);
		if (!rt_stage_new(loop, &events, NULL, &err) &&
		    write(pipe_fd[1], &err, sizeof(err)) < 0)
			_exit(1);
		_exit(0);
	}
	close(pipe_fd[1]);
	len = read(pipe_fd[0], &err, sizeof(err));
	close(pipe_fd[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == CANNOT) {
		print_message("skip: this machine cannot be made to refuse in this way\n");
		skip();
	}
	assert_int_equal(status, 0);
	assert_int_equal(len, sizeof(err)); /* 0: a stage was built */
	assert_int_equal(err.kind, RT_ERR_STAGE);
	assert_int_equal(err.sys, sys);
	if (!strstr(err.why, why) || !strstr(err.fix, fix))
		fail_msg("why: %s; fix: %s", err.why, err.fix);
}

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return len < 0 ? -1 : 0;
}

/* Root of a user namespace with one id, which is that of the caller. */
static int enter_as_is(int more)
{
	char uid_map[32], gid_map[32];

	snprintf(uid_map, sizeof(uid_map), "0 %u 1", geteuid());
	snprintf(gid_map, sizeof(gid_map), "0 %u 1", getegid());
	if (unshare(CLONE_NEWUSER | more) < 0 || write_text("/proc/self/setgroups", "deny") < 0)
		return -1;
	return write_text("/proc/self/uid_map", uid_map) < 0
		       ? -1
		       : write_text("/proc/self/gid_map", gid_map);
}

/* The same, but never with the machine's root: that one gets no stage. */
static int enter(int more)
{
	const uid_t nobody = 65534;

	if (geteuid() == 0 &&
	    (setresgid(nobody, nobody, nobody) < 0 || setresuid(nobody, nobody, nobody) < 0 ||
	     prctl(PR_SET_DUMPABLE, 1) < 0))
		return -1;
	return enter_as_is(more);
}

static int no_net(void)
{
	return enter(0) < 0 ? -1 : write_text("/proc/sys/user/max_net_namespaces", "0");
}

static int no_user(void)
{
	return enter(0) < 0 ? -1 : write_text("/proc/sys/user/max_user_namespaces", "0");
}

static int no_pid(void)
{
	return enter(0) < 0 ? -1 : write_text("/proc/sys/user/max_pid_namespaces", "0");
}

static void test_limits(void **state)
{
	(void)state;
	expect_refusal(no_net, ENOSPC, "user.max_net_namespaces",
		       "sysctl user.max_net_namespaces=");
	expect_refusal(no_user, ENOSPC, "user.max_user_namespaces",
		       "sysctl user.max_user_namespaces=");
	expect_refusal(no_pid, ENOSPC, "user.max_pid_namespaces",
		       "sysctl user.max_pid_namespaces=");
}

static int in_chroot(void)
{
	char dir[] = "/tmp/rt-refused-XXXXXX";

	if (enter(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -1;
	/* A file system of this mount namespace alone: nothing stays. */
	if (mount("none", "/tmp", "tmpfs", 0, NULL) < 0 || !mkdtemp(dir) || chdir(dir) < 0 ||
	    mkdir("proc", 0700) < 0)
		return -1;
	if (mount("/proc", "proc", NULL, MS_BIND | MS_REC, NULL) < 0)
		return -1;
	return chroot(".");
}

static void test_chroot(void **state)
{
	(void)state;
	expect_refusal(in_chroot, EPERM, "chroot", "outside of the chroot");
}

/* As the default profiles of container engines do it. */
static int with_filter(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_NEWUSER, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof(code) / sizeof(code[0]), code};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static void test_container(void **state)
{
	(void)state;
	expect_refusal(with_filter, EPERM, "seccomp", "seccomp=unconfined");
}

static int few_files(void)
{
	struct rlimit limit = {500, 500};

	return setrlimit(RLIMIT_NOFILE, &limit);
}

static void test_few_descriptors(void **state)
{
	(void)state;
	expect_refusal(few_files, EMFILE, "open files", "ulimit -n 1024");
}

static bool is_real_root(void)
{
	unsigned inside = 1, outside = 1, count = 0;
	FILE *file = fopen("/proc/self/uid_map", "re");
	int fields = file ? fscanf(file, "%u %u %u", &inside, &outside, &count) : 0;

	if (file)
		fclose(file);
	/* Here root of a user namespace that has few ids may be anybody. */
	return geteuid() == 0 && fields == 3 && inside == 0 && outside == 0 && count == UINT32_MAX;
}

/* Real root whose CAP_SETUID is gone: its one uid would be the machine's root. */
static int root_without_setuid(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3];
	const uint32_t setuid_bit = 1U << CAP_SETUID;

	if (!is_real_root() || syscall(SYS_capget, &header, caps) < 0 ||
	    !(caps[0].effective & setuid_bit))
		return -1;
	caps[0].effective &= ~setuid_bit;
	caps[0].permitted &= ~setuid_bit;
	return (int)syscall(SYS_capset, &header, caps);
}

static void test_never_the_machines_root(void **state)
{
	(void)state;
	expect_refusal(root_without_setuid, EPERM, "CAP_SETUID", "as an ordinary user");
}

/* As `unshare -Ur` by root makes it, and inside of it once more. */
static int root_in_a_namespace(void)
{
	return is_real_root() ? enter_as_is(0) : -1;
}

static int root_in_two_namespaces(void)
{
	return root_in_a_namespace() < 0 ? -1 : enter_as_is(0);
}

static void test_not_through_a_namespace_of_its_own(void **state)
{
	(void)state;
	expect_refusal(root_in_a_namespace, EPERM, "machine's root", "as an ordinary user");
	expect_refusal(root_in_two_namespaces, EPERM, "machine's root", "as an ordinary user");
}

static void expect_words(struct rt_refusal refusal, const char *what, const char *why,
			 const char *fix)
{
	struct rt_error err = {0};

	assert_int_equal(rt_refusal_explain(&refusal, &err), -1);
	assert_int_equal(err.kind, RT_ERR_STAGE);
	if (!strstr(err.what, what) || !strstr(err.why, why) || !strstr(err.fix, fix))
		fail_msg("%s: %s; %s", err.what, err.why, err.fix);
}

/* What this machine cannot be made to be. */
static void test_words_for_other_machines(void **state)
{
	const struct rt_refusal plain = {
		.userns_clone = -1, .apparmor = -1, .max_user = 9, .max_net = 9, .max_pid = 9};
	struct rt_refusal refusal = plain;

	(void)state;
	refusal.step = RT_STEP_LO;
	refusal.sys = EPERM;
	refusal.apparmor = 1;
	expect_words(refusal, "bring up lo", "EPERM (AppArmor restricts",
		     "try: sudo reuse-tutor, or: sudo sysctl "
		     "kernel.apparmor_restrict_unprivileged_userns=0");
	refusal.step = RT_STEP_CLONE;
	refusal.sys = EACCES;
	expect_words(refusal, "private network namespace", "EACCES (AppArmor", "sudo reuse-tutor");
	refusal = plain;
	refusal.step = RT_STEP_CLONE;
	refusal.sys = EPERM;
	refusal.userns_clone = 0;
	expect_words(refusal, "private network namespace", "kernel.unprivileged_userns_clone is 0",
		     "try: sudo reuse-tutor, or: sudo sysctl kernel.unprivileged_userns_clone=1");
	refusal.root = true;
	expect_words(refusal, "private network namespace", "container", "outside of the container");
	refusal = plain;
	refusal.step = RT_STEP_CLONE;
	refusal.sys = ENOSPC;
	expect_words(refusal, "private network namespace", "nested too deep",
		     "user.max_user_namespaces");
	refusal.sys = EINVAL;
	expect_words(refusal, "private network namespace", "built without", "CONFIG_USER_NS");
	refusal.step = RT_STEP_DIAG;
	refusal.sys = EPROTONOSUPPORT;
	expect_words(refusal, "sock_diag", "no sock_diag", "modprobe inet_diag");
	refusal.step = RT_STEP_FILES;
	refusal.sys = EPERM;
	expect_words(refusal, "descriptors", "EPERM (Operation", "");
	refusal.step = RT_STEP_ANSWER;
	refusal.sys = ETIMEDOUT;
	expect_words(refusal, "did not answer", "ETIMEDOUT", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_chroot),
		cmocka_unit_test(test_container),
		cmocka_unit_test(test_few_descriptors),
		cmocka_unit_test(test_never_the_machines_root),
		cmocka_unit_test(test_not_through_a_namespace_of_its_own),
		cmocka_unit_test(test_words_for_other_machines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
