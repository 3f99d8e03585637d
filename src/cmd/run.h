/* The screen with all that it stands on. */
#ifndef RT_CMD_RUN_H
#define RT_CMD_RUN_H

#include "cmd/cmd.h"
#include "ui/ui.h"

/*
 * Runs the screen as ui says; its terminal, keeper, shell and stage are filled in here. Returns the
 * exit status, 3 with err where no stage can be built and texts alone could be read.
 */
int rt_run_screen(struct rt_catalog *catalog, struct rt_ui_options ui,
		  const struct rt_options *options, struct rt_error *err);

#endif
