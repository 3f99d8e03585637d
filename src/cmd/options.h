/* The options of the command line: one table gives the parser and the help. */
#ifndef RT_CMD_OPTIONS_H
#define RT_CMD_OPTIONS_H

#include <stddef.h>

#include "cmd/cmd.h"

/* A row of main.c's table. */
struct rt_command {
	const char *name;
	rt_cmd_fn *run;
	const char *operands;
	const char *help; /* N_() */
};

/*
 * Fills *options from the environment and the command line; *operand becomes the index of the first
 * word that is no option (argv is put in order). Returns 0, or RT_ERR_USAGE with err.
 */
int rt_options_parse(int argc, char **argv, struct rt_options *options, int *operand,
		     struct rt_error *err);

/* Prints the usage with these commands. */
void rt_options_help(const struct rt_command *commands, size_t n);

/* Ends an error about an unknown word: "did you mean ...?", or otherwise. Returns RT_ERR_USAGE. */
int rt_usage_suggest(const char *word, const char *const *candidate, size_t n,
		     const char *otherwise, struct rt_error *err);

#endif
