#include "cmd/answers.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

struct rt_answers {
	FILE *in;
	bool is_file;
};

struct rt_answers *rt_answers_new(const char *path, struct rt_error *err)
{
	struct rt_answers *answers = rt_calloc(1, sizeof(*answers));

	answers->is_file = path != NULL;
	answers->in = path ? fopen(path, "re") : stdin;
	if (answers->in)
		return answers;
	rt_error_sys(err, RT_ERR_TERMINAL, errno, _("cannot read the answers in %s"), path);
	free(answers);
	return NULL;
}

void rt_answers_free(struct rt_answers *answers)
{
	if (!answers)
		return;
	if (answers->is_file)
		fclose(answers->in);
	free(answers);
}

bool rt_answers_from_person(const struct rt_answers *answers)
{
	return !answers->is_file && isatty(STDIN_FILENO);
}

static bool read_line(FILE *in, char *line, size_t size)
{
	size_t len = 0;
	int c;

	while ((c = getc(in)) != EOF && c != '\n')
		if (len + 1 < size)
			line[len++] = (char)c;
	line[len] = '\0';
	return c != EOF || len > 0;
}

static void trim(char *line)
{
	size_t start = strspn(line, " \t\r"), len = strlen(line);

	while (len > start && isspace((unsigned char)line[len - 1]))
		len--;
	memmove(line, line + start, len - start);
	line[len - start] = '\0';
}

bool rt_answers_next(struct rt_answers *answers, char *line, size_t size)
{
	while (read_line(answers->in, line, size)) {
		trim(line);
		if (!answers->is_file || (line[0] && line[0] != '#'))
			return true;
	}
	return false;
}
