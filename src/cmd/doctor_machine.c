/* The kernel, what this program runs inside of, its limits, where progress is kept, tools. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/account.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "cmd/doctor.h"
#include "stage/channel.h"
#include "stage/namespace.h"
#include "store/folder.h"

#define VERSION(major, minor, patch) (((major) << 16) + ((minor) << 8) + (patch))

/* --- kernel ----------------------------------------------------------------------------------- */

/* What releases from `from` to before `to` do otherwise. The commits stand in the manual. */
static const struct {
	unsigned from, to;
	const char *text; /* N_() */
} notes[] = {
	{0, VERSION(4, 19, 0), N_("before 4.19 net.ipv4.tcp_tw_reuse is 0 unless it was set")},
	{0, VERSION(5, 4, 0),
	 N_("before 5.4 connected UDP sockets with SO_REUSEPORT may get datagrams of others")},
	{0, VERSION(5, 7, 0), N_("before 5.7 SO_BINDTODEVICE needs a privilege")},
	{0, VERSION(5, 14, 0), N_("before 5.14 there is no net.ipv4.tcp_migrate_req")},
	{VERSION(6, 1, 0), VERSION(6, 2, 0),
	 N_("early releases of 6.1 let bind() pass over TIME_WAIT")},
	{VERSION(6, 1, 0), VERSION(6, 1, 54),
	 N_("6.1 before 6.1.54 overlooks some conflicts of IPv4 and IPv6 wildcards")},
	{VERSION(6, 2, 0), VERSION(6, 6, 0),
	 N_("6.2 to 6.5 overlook some conflicts of IPv4 and IPv6 wildcards")},
	{0, VERSION(6, 14, 0), N_("before 6.14 there is no net.ipv4.tcp_tw_reuse_delay")},
	{0, VERSION(6, 17, 0),
	 N_("before 6.17 the uid check of SO_REUSEPORT takes an orphaned socket for root's")},
	{0, VERSION(6, 18, 0),
	 N_("before 6.18 connect() passes over a port longer after an explicit bind()")},
};

static unsigned version_of(const char *release)
{
	unsigned major = 0, minor = 0, patch = 0;

	if (sscanf(release, "%u.%u.%u", &major, &minor, &patch) < 2 || major > 1000)
		return 0;
	return VERSION(major, minor > 255 ? 255 : minor, patch > 255 ? 255 : patch);
}

void rt_doctor_kernel_notes(const char *release, struct rt_str *out)
{
	unsigned version = version_of(release);

	for (size_t i = 0; version && i < RT_COUNT(notes); i++)
		if (version >= notes[i].from && version < notes[i].to)
			rt_str_addf(out, "%s%s", out->len ? "; " : "", _(notes[i].text));
}

static void find_kernel(struct rt_findings *findings)
{
	struct rt_finding *finding =
		rt_findings_add(findings, "kernel", N_("kernel"), _("every lesson"));
	struct utsname uts;

	if (uname(&uts) < 0) {
		finding->presence = RT_UNKNOWN;
		return;
	}
	rt_str_addf(&finding->found, "%s %s", uts.sysname, uts.release);
	if (version_of(uts.release) && version_of(uts.release) < VERSION(3, 9, 0)) {
		finding->presence = RT_ABSENT;
		finding->required = true;
		rt_str_add(&finding->fix, _("needs Linux 3.9, the first with SO_REUSEPORT"));
		return;
	}
	/* Not a fault: the lessons show what this kernel does, and that the author saw another. */
	rt_doctor_kernel_notes(uts.release, &finding->fix);
}

/* --- inside of what --------------------------------------------------------------------------- */

/* The first line of a file that has one of the words, or any line where there are none. */
static bool file_tells(const char *path, const char *const *word, size_t n)
{
	FILE *file = fopen(path, "re");
	char line[1024];
	bool told = false;

	if (!file)
		return false;
	while (!told && fgets(line, sizeof(line), file))
		for (size_t i = 0; !told && i < n; i++)
			told = strstr(line, word[i]) != NULL;
	fclose(file);
	return told;
}

static const char *container_sign(void)
{
	static const char *const file[] = {"/run/.containerenv", "/.dockerenv",
					   "/run/systemd/container"};
	static const char *const word[] = {"docker", "libpod", "lxc", "kubepods", "containerd"};

	for (size_t i = 0; i < RT_COUNT(file); i++)
		if (access(file[i], F_OK) == 0)
			return file[i];
	return file_tells("/proc/1/cgroup", word, RT_COUNT(word)) ? "/proc/1/cgroup" : NULL;
}

static void find_surroundings(struct rt_findings *findings)
{
	struct rt_finding *finding = rt_findings_add(
		findings, "no-container", N_("outside of containers"), _("the stage, at times"));
	const char *sign = container_sign();
	struct rt_refusal refusal = {0};

	rt_refusal_look(&refusal);
	if (sign)
		rt_str_addf(&finding->found, _("%s tells of a container"), sign);
	if (refusal.filtered)
		rt_str_addf(&finding->found, "%s%s", finding->found.len ? "; " : "",
			    _("a seccomp filter is on"));
	if (sign || refusal.filtered)
		finding->presence = RT_ABSENT;
	finding = rt_findings_add(findings, "no-chroot", N_("outside of a chroot"), _("the stage"));
	if (refusal.chrooted) {
		finding->presence = RT_ABSENT;
		rt_str_add(&finding->found, _("nothing is mounted at /, or there is no /proc"));
		rt_str_add(&finding->fix, _("try: run reuse-tutor outside of the chroot"));
	}
}

/* --- limits ----------------------------------------------------------------------------------- */

static void add_limit(struct rt_str *out, rlim_t limit)
{
	if (limit == RLIM_INFINITY)
		rt_str_add(out, _("unlimited"));
	else
		rt_str_addf(out, "%llu", (unsigned long long)limit);
}

static void find_limit(struct rt_findings *findings, int resource, rlim_t least, const char *id,
		       const char *name, const char *fix)
{
	struct rt_finding *finding = rt_findings_add(findings, id, name, _("the stage"));
	struct rlimit limit;

	if (getrlimit((__rlimit_resource_t)resource, &limit) < 0) {
		finding->presence = RT_UNKNOWN;
		return;
	}
	/* A process of the stage raises what it may: the hard limit of open files counts. */
	add_limit(&finding->found, resource == RLIMIT_NOFILE ? limit.rlim_max : limit.rlim_cur);
	if ((resource == RLIMIT_NOFILE ? limit.rlim_max : limit.rlim_cur) >= least)
		return;
	finding->presence = RT_ABSENT;
	rt_str_add(&finding->fix, fix);
}

/* --- progress --------------------------------------------------------------------------------- */

static void add_user(struct rt_str *out, uid_t uid)
{
	const struct passwd *user = rt_account(uid);

	if (user)
		rt_str_add(out, user->pw_name);
	else
		rt_str_addf(out, _("uid %u"), uid);
}

/* The folder, or what is there of the way to it. */
static void nearest(const char *path, char *there, size_t size, struct stat *st)
{
	snprintf(there, size, "%s", path);
	while (stat(there, st) < 0) {
		char *slash = strrchr(there, '/');

		if (!slash || slash == there) {
			snprintf(there, size, "/");
			if (stat(there, st) < 0)
				memset(st, 0, sizeof(*st));
			return;
		}
		*slash = '\0';
	}
}

/*
 * A disk that is full, or a quota, is only known from what is written. Of that nothing stays: the
 * file never has a name. Returns 0, or the errno; 0 also where there are no such files.
 */
static int try_to_write(const char *folder)
{
	static const char bytes[4096];
	int fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600), sys = 0;

	if (fd < 0)
		return errno == ENOSPC || errno == EDQUOT ? errno : 0;
	if (write(fd, bytes, sizeof(bytes)) != (ssize_t)sizeof(bytes))
		sys = errno == EDQUOT ? EDQUOT : ENOSPC;
	close(fd);
	return sys;
}

/* Whether something can be kept in the folder, or in what is to be made below it: 0, or an errno. */
static int may_keep(const char *folder)
{
	if (faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) < 0)
		return errno;
	return try_to_write(folder);
}

/* A folder of what lasts, whose it is, and whether something can be kept there. */
static void find_folder(struct rt_findings *findings, enum rt_folder_of of, const char *id,
			const char *name, const char *need)
{
	struct rt_finding *finding = rt_findings_add(findings, id, name, need);
	const char *sudo = getenv("SUDO_USER");
	struct rt_folder folder;
	struct rt_error err = {0};
	struct stat st = {0};
	char there[4096];
	int sys;

	if (rt_folder_find(&folder, of, &err) < 0) {
		finding->presence = RT_ABSENT;
		rt_str_addf(&finding->found, "%s: %s", err.what, err.why);
		rt_str_add(&finding->fix, err.fix);
		return;
	}
	nearest(folder.path, there, sizeof(there), &st);
	rt_str_addf(&finding->found, _("%s, of "), folder.path);
	add_user(&finding->found, st.st_uid);
	sys = may_keep(there);
	if (sys) {
		finding->presence = RT_ABSENT;
		rt_str_addf(&finding->fix, _("%s cannot be written: %s. The lessons go on without"),
			    there, strerror(sys));
	} else if (sudo && sudo[0] && geteuid() == 0) {
		rt_str_addf(&finding->fix,
			    _("this is what sudo keeps; without sudo reuse-tutor takes that of %s"),
			    sudo);
	}
	rt_folder_fini(&folder);
}

void rt_doctor_machine(struct rt_findings *findings)
{
	find_kernel(findings);
	find_surroundings(findings);
	find_limit(findings, RLIMIT_NOFILE, RT_CHANNEL_FD + 1, "open-files", N_("open files"),
		   _("try: ulimit -n 1024; where that is refused, /etc/security/limits.conf"));
	find_limit(findings, RLIMIT_NPROC, 64, "processes", N_("processes"),
		   _("try: ulimit -u 512; where that is refused, /etc/security/limits.conf"));
	find_folder(findings, RT_FOLDER_STATE, "progress", N_("keeping progress"),
		    _("resuming a lesson"));
	find_folder(findings, RT_FOLDER_CONFIG, "settings", N_("keeping settings"), _("the theme"));
}

/* --- tools ------------------------------------------------------------------------------------ */

/* Finds an executable file in PATH. */
static bool find_in_path(const char *name, char *path, size_t size)
{
	const char *dir = getenv("PATH");

	while (dir && *dir) {
		size_t len = strcspn(dir, ":");
		struct stat st;

		if (len > 0 && snprintf(path, size, "%.*s/%s", (int)len, dir, name) < (int)size &&
		    stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0)
			return true;
		dir += len + (dir[len] == ':');
	}
	return false;
}

static bool has_several_uids(const struct rt_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++)
		if (strcmp(findings->finding[i].id, "several-uids") == 0)
			return findings->finding[i].presence == RT_PRESENT;
	return false;
}

void rt_doctor_tools(struct rt_findings *findings)
{
	static const struct {
		const char *name, *package;
	} tool[] = {{"ss", "iproute2"}, {"tcpdump", "tcpdump"}, {"nc", "netcat-openbsd"}};
	bool several = has_several_uids(findings);

	for (size_t i = 0; i < RT_COUNT(tool); i++) {
		struct rt_finding *finding = rt_findings_add(findings, tool[i].name, tool[i].name,
							     _("the stage's shell"));
		char path[4096];

		if (!find_in_path(tool[i].name, path, sizeof(path))) {
			finding->presence = RT_ABSENT;
			rt_str_addf(&finding->fix, _("try: install the package %s"),
				    tool[i].package);
			continue;
		}
		rt_str_add(&finding->found, path);
		/* It becomes another user before it captures: capabilities(7). */
		if (strcmp(tool[i].name, "tcpdump") == 0 && !several)
			rt_str_add(&finding->fix,
				   _("works only in a stage with several uids: sudo reuse-tutor"));
	}
}
