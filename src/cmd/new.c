/* new LESSON: the beginning of a lesson, which runs as it is and shows how lessons are written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "lesson/lesson.h"

/* %s is the id. */
static const char skeleton[] = N_(
	"---\n"
	"id: %s\n"
	"title: \"A lesson of my own\"\n"
	"minutes: 3\n"
	"question: \"When is a port free again?\"\n"
	"belief: \"When the process that bound it has ended.\"\n"
	"---\n"
	"\n"
	"<!-- Comments such as this one are for you, who write the lesson; no reader sees them.\n"
	"Three kinds of them belong to the language: the id of a step, the instructor's note, and\n"
	"what a step needs of the machine, as in `when: several-uids`.\n"
	"reuse-tutor-lesson(5) describes all of it. This lesson shows each part once and passes\n"
	"`reuse-tutor check` as it is. Change it bit by bit, and check it again. -->\n"
	"\n"
	"## Two want one port\n"
	"<!-- step: two -->\n"
	"<!-- note: What an instructor should know: what to ask the room, what to point at, what\n"
	"goes wrong, how long it takes. Every step has one. Here: ask before anything runs who of\n"
	"the two gets the port. 1 minute. -->\n"
	"\n"
	"<!-- What stands above the calls is read before they run. It must not tell the answer, "
	"and\n"
	"it must fit its panel: `reuse-tutor check --size 80x24` finds what does not. -->\n"
	"\n"
	"Process `one` listens on *one* address and port. Then `two` wants **the same**:\n"
	"\n"
	"- the address is 127.0.0.1, which every machine has;\n"
	"- the port is 8000, which on the stage is always free.\n"
	"\n"
	"<!-- A question is about the line below that has its label, @second. It is asked right\n"
	"before that line runs. The kernel decides which choice was right. -->\n"
	"\n"
	"```predict second\n"
	"ask What does `bind(s, 127.0.0.1:8000)` of `two` return?\n"
	"choice 0: it succeeds\n"
	"why It would, on another address or port. These two are the same, and no socket option\n"
	"    was set. (A line that begins with a blank goes on with the one above.)\n"
	"choice EADDRINUSE: address already in use\n"
	"why The socket of `one` has this address and port.\n"
	"hint Is 127.0.0.1:8000 in the sockets panel?\n"
	"```\n"
	"\n"
	"```lab\n"
	"# process: name = call(arguments)        = result       @label  # comment\n"
	"one: s = socket(AF_INET, SOCK_STREAM)\n"
	"one: bind(s, 127.0.0.1:8000)             # no result stated: it must succeed\n"
	"one: listen(s, 8)\n"
	"two: s = socket(AF_INET, SOCK_STREAM)    # each process has names of its own\n"
	"two: bind(s, 127.0.0.1:8000)             = EADDRINUSE   @second\n"
	"expect 1 tcp 127.0.0.1:8000 LISTEN owner one\n"
	"expect no tcp 127.0.0.1:8000 BOUND       when bound-rows  # not run where it is missing\n"
	"```\n"
	"\n"
	"What stands below the calls is shown when they have run. Here you explain what\n"
	"was to be seen: `two` has a socket, and the socket has no address.\n"
	"\n"
	"## The port that outlives its process\n"
	"<!-- step: outlives -->\n"
	"<!-- note: Let somebody say what fork() copies before the question comes. 1 minute. -->\n"
	"\n"
	"<!-- `lab fresh` below throws the stage away: no process and no socket of before is "
	"left.\n"
	"A question can be about an expect line, too: then it is asked before the call that "
	"brings\n"
	"the state about, here kill(). -->\n"
	"\n"
	"A fresh stage. `server` listens on a port that the kernel chooses, serves one\n"
	"client, and forks. Then `server` is killed.\n"
	"\n"
	"```predict left\n"
	"ask `server` is killed, its `child` lives. What becomes of the listener?\n"
	"choice LISTEN: it still listens\n"
	"why `fork()` gave `child` a descriptor of the same socket. A socket ends with its last\n"
	"    descriptor, not with the process that made it.\n"
	"choice none: it is gone\n"
	"why It would be, if `server` had been the only owner. Look at the column OWNER.\n"
	"```\n"
	"\n"
	"```lab fresh\n"
	"server: s = socket(AF_INET, SOCK_STREAM)\n"
	"server: bind(s, 127.0.0.1:0)\n"
	"server: listen(s, 8)\n"
	"server: a = getsockname(s)               = 127.0.0.1:*  # a is this address from now on\n"
	"client: c = socket(AF_INET, SOCK_STREAM)\n"
	"client: connect(c, a)\n"
	"server: k = accept(s)\n"
	"server: child = fork()                   # child has all descriptors of server\n"
	"child:  recv(k)                          = blocks       # until the client sends\n"
	"client: send(c, \"hello\")                 = 5\n"
	"kill(server, SIGKILL)\n"
	"expect tcp a LISTEN owner child          @left\n"
	"```\n"
	"\n"
	"> When is a port free again? When the last descriptor of its socket is closed.\n"
	"\n"
	"### Where it stands\n"
	"\n"
	"Say where a reader finds the rule: bind(2), fork(2), `inet_csk_get_port()`. Code\n"
	"that is to be shown and not to be run stands in a block of another kind:\n"
	"\n"
	"```c\n"
	"if (bind(s, (struct sockaddr *)&address, sizeof(address)) < 0)\n"
	"\tperror(\"bind\");\n"
	"```\n");

static int check_id(int argc, char **argv, struct rt_error *err)
{
	size_t len;

	if (argc != 1) {
		rt_error_set(err, RT_ERR_USAGE,
			     argc ? _("new makes one lesson") : _("new which lesson?"));
		return rt_error_fix(err, "%s", _("give its id, as in: reuse-tutor new my-lesson"));
	}
	if (rt_lesson_is_id(argv[0]))
		return 0;
	len = strlen(argv[0]);
	rt_error_set(err, RT_ERR_USAGE, _("\"%.80s\" cannot be the id of a lesson"), argv[0]);
	if (len > 3 && strcmp(argv[0] + len - 3, ".md") == 0)
		return rt_error_fix(err, _("give the id without .md: reuse-tutor new %.*s"),
				    (int)(len - 3 < 80 ? len - 3 : 80), argv[0]);
	return rt_error_fix(err, "%s",
			    _("an id has small letters, digits and hyphens, 64 at most; the lesson "
			      "is made in this folder"));
}

int rt_cmd_new(int argc, char **argv, const struct rt_options *options, struct rt_error *err)
{
	struct rt_str name = {0}, text = {0};
	int status = 0;

	(void)options;
	if (check_id(argc, argv, err) < 0)
		return rt_error_status(err);
	rt_str_addf(&name, "%s.md", argv[0]);
	rt_str_addf(&text, _(skeleton), argv[0]);
	if (rt_write_new(rt_str_text(&name), rt_str_text(&text), text.len, err) < 0) {
		status = rt_error_status(err);
	} else {
		printf(_("Made %s: two steps that run as they are. Change it, then:\n\n"), name.s);
		printf("    reuse-tutor check %s\n", name.s);
		printf("    reuse-tutor check --size 80x24 %s\n", name.s);
		printf("    REUSE_TUTOR_LESSONS=. reuse-tutor run %s\n\n", argv[0]);
		puts(_("`man reuse-tutor-lesson` describes the language."));
	}
	rt_str_fini(&name);
	rt_str_fini(&text);
	return status;
}
