/* The program on a screen, over a stage: what the commands have in common that show one. */
#ifndef RT_CMD_RUN_SCREEN_H
#define RT_CMD_RUN_SCREEN_H

#include "cmd/cmd.h"
#include "ui/ui.h"

/*
 * Runs the screen with what ui names to open; its other parts are filled in here. Where no stage can
 * be built the texts can be read, and at the end that is said with exit status 3. Returns the exit
 * status.
 */
int rt_run_screen(struct rt_catalog *catalog, struct rt_ui_options ui,
		  const struct rt_options *options, struct rt_error *err);

#endif
