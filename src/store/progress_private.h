/* Private to store/: what progress.c (the file) and progress_edit.c (the values) share. */
#ifndef RT_STORE_PROGRESS_PRIVATE_H
#define RT_STORE_PROGRESS_PRIVATE_H

#include "store/folder.h"
#include "store/ledger.h"

struct rt_progress {
	struct rt_ledger ledger;
	rt_progress_clock_fn *clock;
	struct rt_folder folder; /* empty where there is none: `no_folder` says why */
	struct rt_error no_folder;
	char *path;	    /* of the file */
	char *shown;	    /* likewise, harmless on a terminal */
	struct rt_str news; /* not told yet */
	struct rt_str told;
	struct rt_error trouble; /* that was told last, until something is saved again */
};

#endif
