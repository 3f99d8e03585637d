/* The commands of the program: one file and one row of main.c's table each. */
#ifndef RT_CMD_CMD_H
#define RT_CMD_CMD_H

#include <stdbool.h>

#include "base/error.h"

/* What stands before and after the command on the command line and holds for all of them. */
struct rt_options {
	bool plain; /* --plain, REUSE_TUTOR_PLAIN, TERM=dumb, or stdout is no terminal */
	bool ascii;
	bool color;
	bool automatic;	 /* --auto: questions are left open, nothing waits for a key */
	bool json;	 /* --json */
	bool all;	 /* --all: of reset */
	bool real_waits; /* --wait */
	bool no_predict; /* --no-predict: check asks the kernel alone */
	bool update;	 /* --update: of check */
	bool yes;	 /* --yes: what --update asks is answered so */
	bool help, version;
	const char *answers; /* --answers FILE; NULL for none */
	const char *format;  /* --format; NULL for text */
	const char *size;    /* --size WIDTHxHEIGHT; NULL for none */
	const char *variant; /* --variant NUMBER; NULL for the lesson as it is written */
	const char *theme;   /* --theme, else REUSE_TUTOR_THEME; NULL: as it was left */
	const char *users;   /* --users: of matrix; NULL for one */
	const char *pid;     /* --pid: the tutor whose stage `shell` enters; NULL for the newest */
};

/*
 * A command: argv[0] to argv[argc - 1] are its operands. Returns the exit status (reuse-tutor(1));
 * where it is not 0 and *err is set, main.c prints err.
 */
typedef int rt_cmd_fn(int argc, char **argv, const struct rt_options *options,
		      struct rt_error *err);

rt_cmd_fn rt_cmd_check;
rt_cmd_fn rt_cmd_contents;
rt_cmd_fn rt_cmd_doctor;
rt_cmd_fn rt_cmd_list;
rt_cmd_fn rt_cmd_matrix;
rt_cmd_fn rt_cmd_new;
rt_cmd_fn rt_cmd_play;
rt_cmd_fn rt_cmd_progress;
rt_cmd_fn rt_cmd_reset;
rt_cmd_fn rt_cmd_review;
rt_cmd_fn rt_cmd_run;
rt_cmd_fn rt_cmd_shell;
rt_cmd_fn rt_cmd_why;

/* The pages: rt_cmd_article, rt_cmd_advice ... */
#define RT_PAGE(id, needs, help) rt_cmd_fn rt_cmd_##id;
#include "lesson/pages.def"
#undef RT_PAGE

/*
 * The program as a process of the stage that called exec(): returns -1 where argv is not that of
 * one, else its exit status when it has ended.
 */
int rt_cmd_stage_process(int argc, char **argv);

#endif
