#include "ui/ui.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "ui/screen.h"

enum {
	FIRST_MS = 1000, /* the first screen waits so long for the sockets of its step */
	KEY_INTERRUPT = 'C' - 64,
	KEY_SUSPEND = 'Z' - 64,
	KEYS_AT_ONCE = 20000,
};

/* --- signals ---------------------------------------------------------------------------------- */

static void on_end(void *ctx, int signo)
{
	struct rt_ui *ui = ctx;

	ui->status = 128 + signo;
	ui->done = true;
}

static void on_resize(void *ctx, int signo)
{
	struct rt_ui *ui = ctx;

	(void)signo;
	ui->dirty = true; /* the size is asked for with each drawing */
}

/*
 * Gives the terminal back, stops as the signal asks, and takes the terminal again once it is
 * continued.
 */
static void stop(struct rt_ui *ui, pid_t whom)
{
	struct sigaction stops = {.sa_handler = SIG_DFL}, before;
	sigset_t set, mask;

	rt_term_suspend(ui->term);
	sigaction(SIGTSTP, &stops, &before);
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	kill(whom, SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &set, &mask); /* here it stops */
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigaction(SIGTSTP, &before, NULL);
	rt_term_resume(ui->term);
	ui->dirty = true;
}

static void on_stop(void *ctx, int signo)
{
	(void)signo;
	stop(ctx, getpid());
}

static void on_continue(void *ctx, int signo)
{
	struct rt_ui *ui = ctx;

	(void)signo;
	rt_term_resume(ui->term);
	ui->dirty = true;
}

/* --- keys ------------------------------------------------------------------------------------- */

/*
 * Takes all keys that wait, so a paste of thousands is drawn once. Going on is done once for each
 * drawing: nobody can mean to pass by what was not yet shown.
 */
static void on_keys(void *ctx, int fd, short revents)
{
	struct rt_ui *ui = ctx;
	uint32_t key, next;

	(void)fd;
	if ((revents & (POLLHUP | POLLERR | POLLNVAL)) || rt_term_ended(ui->term)) {
		on_end(ui, SIGHUP);
		return;
	}
	ui->gone_on = false;
	key = rt_term_key(ui->term);
	for (int n = 0; n < KEYS_AT_ONCE && key != RT_KEY_NONE && !ui->done; n++, key = next) {
		/* The last one waits for the next turn: none may be lost. */
		next = n + 1 < KEYS_AT_ONCE ? rt_term_key(ui->term) : RT_KEY_NONE;
		ui->more_keys = next != RT_KEY_NONE;
		ui->alone = n == 0 && !ui->more_keys;
		if (key == KEY_INTERRUPT)
			on_end(ui, SIGINT);
		else if (key == KEY_SUSPEND)
			stop(ui, 0);
		else
			rt_screen_key(ui, key);
	}
}

/* --- the loop --------------------------------------------------------------------------------- */

static void draw(struct rt_ui *ui)
{
	int width, height;

	rt_term_size(ui->term, &width, &height);
	if (width != rt_canvas_width(ui->canvas) || height != rt_canvas_height(ui->canvas))
		rt_canvas_resize(ui->canvas, width, height);
	rt_screen_draw(ui);
	rt_term_show(ui->term, ui->canvas, -1, -1);
	rt_lesson_drawn(ui);
	ui->dirty = false;
	rt_kept_drawn(ui);
}

/*
 * Lets the calls of the steps before run, so that the first screen shows their sockets; a wait does
 * not hold it up.
 */
static void settle_first(struct rt_ui *ui)
{
	int64_t until = rt_now_ms() + FIRST_MS;

	while (!ui->done && ui->session && rt_session_phase(ui->session) == RT_PHASE_RUN &&
	       rt_now_ms() < until) {
		int timeout = rt_session_timeout_ms(ui->session);

		rt_loop_once(ui->loop, timeout < 0 || timeout > FIRST_MS ? FIRST_MS : timeout);
		rt_lesson_pump(ui);
	}
}

/* When the first screen stands: of the other lessons it shows nothing but how many come before. */
static void read_catalog(struct rt_ui *ui)
{
	const struct rt_lesson *lesson = ui->session ? rt_session_lesson(ui->session) : NULL;
	struct rt_error unlikely;
	int index;

	rt_catalog_read(ui->catalog);
	index = lesson ? rt_catalog_find(ui->catalog, lesson->id, &unlikely) : -1;
	if (index < 0 || (size_t)index == ui->lesson)
		return;
	ui->contents.at = ui->lesson = (size_t)index;
	ui->dirty = true;
}

/* Once. Where there is no stage, texts alone are left. */
static void take_stage(struct rt_ui *ui, struct rt_ui_options *options)
{
	if (!options->raise || !ui->world)
		return;
	ui->trouble = options->raise(options->stage_ctx);
	options->raise = NULL;
	if (!ui->trouble)
		return;
	ui->world = NULL;
	ui->shell = NULL;
	ui->face.trouble = ui->trouble;
	if (ui->session)
		rt_session_lose_stage(ui->session);
	ui->dirty = true;
}

/* Once. */
static void tell_it_stands(struct rt_ui_options *options)
{
	if (options->stands)
		options->stands(options->stage_ctx);
	options->stands = NULL;
}

static bool has_to_run(const struct rt_ui *ui)
{
	const struct rt_engine *engine = ui->session ? rt_session_engine(ui->session) : NULL;

	return engine && rt_engine_position(engine) != rt_engine_target(engine);
}

static void run(struct rt_ui *ui, struct rt_ui_options *options)
{
	rt_reading_terms(ui);
	if (has_to_run(ui))
		take_stage(ui, options);
	rt_lesson_pump(ui);
	settle_first(ui);
	ui->dirty = true;
	while (!ui->done) {
		if (ui->dirty && !rt_lesson_is_flash(ui))
			draw(ui);
		if (!ui->catalog->is_read)
			read_catalog(ui);
		take_stage(ui, options);
		tell_it_stands(options);
		rt_kept_step(ui);
		if (ui->dirty && !rt_lesson_is_flash(ui))
			continue;
		rt_loop_once(ui->loop, rt_lesson_timeout_ms(ui));
		rt_lesson_pump(ui);
	}
}

static void open_first(struct rt_ui *ui, const struct rt_ui_options *options)
{
	struct rt_error unlikely;
	int index;

	if (!options->lesson)
		return;
	index = rt_catalog_find(ui->catalog, options->lesson->id, &unlikely);
	ui->contents.at = index < 0 ? 0 : (size_t)index;
	rt_lesson_take(ui, options->lesson, ui->contents.at, options->step);
	rt_kept_open(ui, options->resume);
}

static void watch_signals(struct rt_ui *ui)
{
	for (size_t i = 0; i < 3; i++)
		rt_loop_signal(ui->loop, (const int[]){SIGTERM, SIGHUP, SIGINT}[i], on_end, ui);
	rt_loop_signal(ui->loop, SIGWINCH, on_resize, ui);
	rt_loop_signal(ui->loop, SIGTSTP, on_stop, ui);
	rt_loop_signal(ui->loop, SIGCONT, on_continue, ui);
}

struct rt_ui *rt_ui_new(struct rt_loop *loop, const struct rt_term_options *term,
			struct rt_error *err)
{
	struct rt_ui *ui = rt_calloc(1, sizeof(*ui));
	int width, height;

	ui->loop = loop;
	ui->theme = term->theme;
	/* Before curses: it takes only the signals that nobody has taken. */
	watch_signals(ui);
	ui->term = rt_term_new(term, err);
	if (!ui->term) {
		rt_loop_forget_signals(loop, ui);
		free(ui);
		return NULL;
	}
	rt_term_size(ui->term, &width, &height);
	ui->canvas = rt_canvas_new(width, height, term->ascii);
	rt_loop_add(ui->loop, rt_term_fd(ui->term), POLLIN, on_keys, ui);
	return ui;
}

static struct rt_world *second_world(void *loop)
{
	return rt_world_live_new(loop);
}

int rt_ui_run(struct rt_ui *ui, struct rt_world *world, struct rt_catalog *catalog,
	      struct rt_ui_options *options)
{
	size_t unused;

	ui->world = world;
	ui->catalog = catalog;
	ui->keeper = options->keeper;
	ui->shell = options->shell;
	ui->shell_ctx = options->shell_ctx;
	ui->second_world = second_world;
	ui->second_ctx = ui->loop;
	ui->screen = &rt_screen_contents;
	if (options->review || options->draft || options->matrix)
		take_stage(ui, options);
	rt_reading_begin(ui);
	rt_kept_begin(ui);
	open_first(ui, options);
	if (options->review && ui->world)
		rt_review_next(ui);
	if (options->page)
		rt_reading_open(ui, (size_t)(options->page - rt_page_specs(&unused)),
				options->entry);
	if (options->draft) {
		ui->screen = &rt_screen_play; /* there is nothing behind it */
		rt_play_open(ui, options->draft);
	}
	if (options->matrix && ui->world)
		rt_grid_open(ui, options->matrix);
	run(ui, options);
	rt_tape_close(ui);
	rt_note_keep(ui);
	rt_kept_save(ui);
	return ui->status;
}

void rt_ui_free(struct rt_ui *ui)
{
	/* The loop goes on: it waits for the end of the stage. */
	rt_loop_forget_signals(ui->loop, ui);
	rt_loop_remove(ui->loop, rt_term_fd(ui->term));
	rt_term_free(ui->term);
	rt_tape_close(ui);
	rt_find_close(ui);
	rt_reading_close(ui);
	rt_grid_close(ui);
	rt_face_thaw(&ui->face);
	rt_canvas_free(ui->canvas);
	rt_session_free(ui->session);
	free(ui->review.due);
	free(ui);
}
