/* What a process and all its descendants use: the tutor is never measured without its stage. */
#ifndef RT_BENCH_TREE_H
#define RT_BENCH_TREE_H

#include <stdint.h>
#include <sys/types.h>

struct tree {
	int processes;
	int64_t pss_kib; /* proportional set size, /proc/PID/smaps_rollup */
	/*
	 * Voluntary context switches of all threads: each is one sleep, and so one wake-up. The
	 * involuntary ones tell how busy the machine is.
	 */
	int64_t wakeups;
};

/*
 * Fills *tree for root and all below it. Returns 0, or -1 where /proc did not let us read one of
 * them.
 */
int tree_measure(pid_t root, struct tree *tree);

#endif
