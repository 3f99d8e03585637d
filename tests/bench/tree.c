#include "tree.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROCESSES_MAX = 4096 };

struct process {
	pid_t pid, parent;
	bool below;
};

/*
 * The sum of the numbers behind the lines of a file that begin with a word. -1: cannot be read, or
 * no such line.
 */
static int64_t sum_lines(const char *path, const char *const words[], int n_words)
{
	char line[256];
	int64_t sum = -1;
	FILE *file = fopen(path, "re");

	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file))
		for (int i = 0; i < n_words; i++)
			if (strncmp(line, words[i], strlen(words[i])) == 0)
				sum = (sum < 0 ? 0 : sum) +
				      strtoll(line + strlen(words[i]), NULL, 10);
	fclose(file);
	return sum;
}

static int64_t wakeups_of(pid_t pid)
{
	static const char *const words[] = {"voluntary_ctxt_switches:"};
	char path[64];
	int64_t sum = -1;
	struct dirent *entry;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	if (!tasks)
		return -1;
	while ((entry = readdir(tasks))) {
		char status[128];
		int64_t n;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(status, sizeof(status), "/proc/%d/task/%.16s/status", (int)pid,
			 entry->d_name);
		n = sum_lines(status, words, 1);
		if (n >= 0)
			sum = (sum < 0 ? 0 : sum) + n;
	}
	closedir(tasks);
	return sum;
}

static int list_processes(struct process *process)
{
	static const char *const ppid[] = {"PPid:"};
	struct dirent *entry;
	DIR *proc = opendir("/proc");
	int n = 0;

	if (!proc)
		return 0;
	while (n < PROCESSES_MAX && (entry = readdir(proc))) {
		char path[64];
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (pid <= 0)
			continue;
		snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
		process[n++] =
			(struct process){.pid = pid, .parent = (pid_t)sum_lines(path, ppid, 1)};
	}
	closedir(proc);
	return n;
}

/* Marks root and what descends from it; a process may stand before its parent in the list. */
static void mark_below(struct process *process, int n, pid_t root)
{
	bool more = true;

	for (int i = 0; i < n; i++)
		process[i].below = process[i].pid == root;
	while (more) {
		more = false;
		for (int i = 0; i < n; i++)
			for (int j = 0; j < n && !process[i].below; j++)
				if (process[j].below && process[j].pid == process[i].parent)
					more = process[i].below = true;
	}
}

int tree_measure(pid_t root, struct tree *tree)
{
	static const char *const pss[] = {"Pss:"};
	static struct process process[PROCESSES_MAX];
	int n = list_processes(process);

	*tree = (struct tree){0};
	mark_below(process, n, root);
	for (int i = 0; i < n; i++) {
		char path[64];
		int64_t kib, wakeups;

		if (!process[i].below)
			continue;
		snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)process[i].pid);
		kib = sum_lines(path, pss, 1);
		wakeups = wakeups_of(process[i].pid);
		if (kib < 0 || wakeups < 0)
			return -1;
		tree->processes++;
		tree->pss_kib += kib;
		tree->wakeups += wakeups;
	}
	return tree->processes ? 0 : -1;
}
