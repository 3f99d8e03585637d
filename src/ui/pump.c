/* The lesson screen between two keys: what calls, timers and the kernel change on it. */
#include "base/clock.h"
#include "ui/screen.h"

enum {
	TICK_MS = 250,	/* a countdown or a progress bar on the screen: 4 Hz */
	BEAT_MS = 200,	/* while it waits the engine wakes up 4 times a second: take its beat */
	FLASH_MS = 100, /* calls that are done sooner than this show their end alone */
};

/* A question takes the keys when it comes, and gives them back when it has gone. */
static void follow_phase(struct rt_ui *ui)
{
	enum rt_phase phase = rt_session_phase(ui->session);
	const struct rt_predict *question = rt_session_question(ui->session);
	struct rt_face *face = &ui->face;

	if (phase == RT_PHASE_RUN)
		return;
	/* A new step begins with its text. */
	if (rt_session_step(ui->session) != ui->step) {
		ui->step = rt_session_step(ui->session);
		ui->focus_before = face->focus = RT_PANEL_READ;
	}
	if (phase == ui->phase && question == ui->question)
		return;
	face->scroll[RT_PANEL_NOW] = (struct rt_scroll){.keep = -1};
	face->choice = -1;
	if (phase == RT_PHASE_ASK || phase == RT_PHASE_RESULT) {
		if (ui->phase != RT_PHASE_ASK && ui->phase != RT_PHASE_RESULT)
			ui->focus_before = face->focus;
		face->focus = RT_PANEL_NOW;
		face->zoom = false;
	} else if (ui->phase == RT_PHASE_ASK || ui->phase == RT_PHASE_RESULT) {
		face->focus = ui->focus_before;
	}
	ui->phase = phase;
	ui->question = question;
}

static bool is_waiting(const struct rt_ui *ui)
{
	return rt_engine_waiting_line(rt_session_engine(ui->session)) >= 0;
}

static bool is_repeating(const struct rt_ui *ui)
{
	int done;

	return rt_engine_repeating_line(rt_session_engine(ui->session), &done) >= 0;
}

static void tick(struct rt_ui *ui)
{
	if (!is_waiting(ui) && !is_repeating(ui))
		rt_engine_refresh(rt_session_engine(ui->session));
	ui->next_tick_ms = rt_now_ms() + (is_waiting(ui) ? BEAT_MS : TICK_MS);
	ui->dirty = true;
}

void rt_lesson_drawn(struct rt_ui *ui)
{
	if (ui->countdown && rt_now_ms() >= ui->next_tick_ms)
		ui->next_tick_ms = rt_now_ms() + TICK_MS;
}

void rt_lesson_pump(struct rt_ui *ui)
{
	bool running;

	rt_grid_pump(ui);
	if (!ui->session)
		return;
	if (rt_session_pump(ui->session))
		ui->dirty = true;
	running = rt_session_phase(ui->session) == RT_PHASE_RUN;
	if (!running)
		ui->running_since = 0;
	else if (!ui->running_since)
		ui->running_since = rt_now_ms();
	follow_phase(ui);
	rt_review_note(ui);
	/* Its calls wake the program up more often than anybody can read. */
	if ((ui->countdown || is_repeating(ui)) && rt_now_ms() >= ui->next_tick_ms)
		tick(ui);
}

bool rt_lesson_is_flash(const struct rt_ui *ui)
{
	return ui->running_since && rt_now_ms() - ui->running_since < FLASH_MS;
}

static int sooner(int a, int b)
{
	return a < 0 ? b : b < 0 || a < b ? a : b;
}

int rt_lesson_timeout_ms(const struct rt_ui *ui)
{
	int timeout = -1;

	if (!ui->session)
		return rt_grid_timeout_ms(ui);
	timeout = rt_session_timeout_ms(ui->session);
	if (ui->countdown && !(is_waiting(ui) && timeout >= 0)) {
		int64_t left = ui->next_tick_ms - rt_now_ms();

		timeout = sooner(timeout, left > 0 ? (int)left : 0);
	}
	if (ui->dirty && rt_lesson_is_flash(ui))
		timeout = sooner(timeout, (int)(FLASH_MS - (rt_now_ms() - ui->running_since)));
	return timeout;
}
