/*
 * The least that a tutor can do before its first screen: start a stage and ncurses, and fill the
 * screen once. What the tutor takes beyond this is its own. Ends on a key, or on a signal.
 */
#include <curses.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/loop.h"
#include "stage/stage.h"

static void on_reply(void *ctx, int actor, const struct rt_reply *reply, int child)
{
	(void)ctx, (void)actor, (void)reply, (void)child;
}

static void on_gone(void *ctx, int actor)
{
	(void)ctx, (void)actor;
}

static void on_dead(void *ctx)
{
	(void)ctx;
}

int main(void)
{
	static const struct rt_stage_events events = {
		.reply = on_reply, .gone = on_gone, .dead = on_dead};
	struct rt_loop *loop = rt_loop_new();
	struct rt_error err = {0};
	struct rt_stage *stage = rt_stage_new(loop, &events, NULL, &err);
	char text[sizeof(err.what) + sizeof(err.why) + sizeof(err.fix) + 8];

	if (!stage) {
		fprintf(stderr, "probe: %s\n", rt_error_format(&err, text, sizeof(text)));
		rt_loop_free(loop);
		return 3;
	}
	setlocale(LC_ALL, "");
	initscr();
	raw();
	noecho();
	for (int row = 0; row < LINES; row++)
		for (int column = 0; column < COLS; column++)
			mvaddch(row, column, (chtype)('a' + (row + column) % 26));
	refresh();
	getch();
	endwin();
	rt_stage_free(stage);
	rt_stage_reap_all(loop, 1000);
	rt_loop_free(loop);
	return 0;
}
