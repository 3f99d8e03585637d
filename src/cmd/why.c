/*
 * why [PROTO:]ADDR:PORT: may a socket be bound there, on this machine? It looks, and makes no call
 * of the kind that it tells about.
 */
#include "cmd/why.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "diag/diag.h"
#include "diag/holders.h"

enum { LOOKS = 3 };

/* Whether this kernel has the family: a socket is made, and nothing is done with it. */
static bool has_family(int family)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static int find_device(struct rt_why *why, struct rt_error *err)
{
	why->ifindex = why->device[0] ? if_nametoindex(why->device) : 0;
	if (why->ifindex || !why->device[0])
		return 0;
	rt_error_set(err, RT_ERR_USAGE, _("there is no interface \"%s\""), why->device);
	rt_error_fix(err, "%s", _("`ip link` names those of this machine"));
	return RT_ERR_USAGE;
}

/* Whether a socket has no process though all processes could be looked at: it may have ended. */
static bool may_have_ended(const struct rt_why *why)
{
	size_t n;

	if (why->holders.sys || why->holders.unreadable)
		return false;
	for (size_t i = 0; i < why->sockets.n; i++)
		if (why->sockets.row[i].inode &&
		    !rt_holders_of(&why->holders, why->sockets.row[i].inode, &n))
			return true;
	return false;
}

/*
 * The tables and /proc are read one after the other, and a socket may end in between. Then its
 * process is missing, and both are read again.
 */
static int look(struct rt_diag *diag, struct rt_why *why, struct rt_error *err)
{
	for (int i = 0; i < LOOKS; i++) {
		if (rt_diag_port(diag, why->proto, why->addr.port, &why->sockets, err) < 0)
			return -1;
		rt_holders_find(&why->sockets, &why->holders);
		if (!may_have_ended(why))
			break;
	}
	rt_holders_options(&why->holders, &why->sockets);
	return 0;
}

/* Status 1 is an answer, so where there is none it is 3. */
static int gather(struct rt_why *why, struct rt_error *err)
{
	struct rt_diag *diag = rt_diag_new(-1, err);
	int rc = diag ? look(diag, why, err) : -1;

	rt_diag_free(diag);
	if (rc < 0) {
		err->kind = RT_ERR_STAGE;
		if (!diag)
			rt_error_fix(err, "%s",
				     _("a container, a seccomp filter or a security module may "
				       "refuse it: try outside of that"));
		return RT_ERR_STAGE;
	}
	rt_why_look_around(why);
	return 0;
}

int rt_cmd_why(int argc, char **argv, const struct rt_options *options, struct rt_error *err)
{
	bool six = has_family(AF_INET6);
	struct rt_why why = {0};
	int status;

	if (argc != 1) {
		rt_error_set(err, RT_ERR_USAGE, "%s", _("why takes one address with a port"));
		rt_error_fix(err, "%s", _("as in `reuse-tutor why 127.0.0.1:8000`"));
		return RT_ERR_USAGE;
	}
	status = rt_why_parse(argv[0], six, &why, err);
	if (status == 0)
		status = find_device(&why, err);
	if (status == 0 && !has_family(why.addr.family)) {
		rt_error_set(err, RT_ERR_USAGE, _("this kernel has no %s"),
			     why.addr.family == AF_INET6 ? "IPv6" : "IPv4");
		status = RT_ERR_USAGE;
	}
	if (status == 0)
		status = gather(&why, err);
	if (status == 0) {
		rt_why_judge(&why);
		if (options->json)
			rt_json_why(stdout, &why);
		else
			rt_plain_why(stdout, &why);
		status = rt_why_is_free(&why) ? 0 : RT_ERR_FAILED;
	}
	rt_why_fini(&why);
	return status;
}
