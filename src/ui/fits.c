#include "ui/fits.h"

#include "base/i18n.h"
#include "ui/layout.h"
#include "ui/panels.h"
#include "ui/screen.h"

enum { ROWS = 2 };

static void add(struct rt_str *why, const char *text)
{
	rt_str_addf(why, "%s%s", why->len ? "; " : "", text);
}

/* Draws the screen with the keys in one panel, and gives what became of that panel or another. */
static struct rt_scroll drawn(struct rt_ui *ui, enum rt_panel focus, enum rt_panel panel)
{
	ui->face = (struct rt_face){.session = ui->session, .choice = -1, .focus = focus};
	rt_panels_reset(&ui->face);
	rt_screen_draw(ui);
	return ui->face.scroll[panel];
}

static void judge_text(const struct rt_scroll *text, struct rt_str *why)
{
	struct rt_str words = {0};

	if (text->rows == 0) {
		add(why, _("the text has no room"));
		return;
	}
	if (text->lines <= text->rows)
		return;
	rt_str_addf(&words, _("the text takes %d lines and has %d"), text->lines, text->rows);
	add(why, rt_str_text(&words));
	rt_str_fini(&words);
}

static void judge_question(const struct rt_scroll *now, struct rt_str *why)
{
	int lines = now->lines - now->extra;
	struct rt_str words = {0};

	if (now->rows == 0) {
		add(why, _("the question has no room"));
	} else if (now->top > 0 || lines > now->rows) {
		rt_str_addf(&words, _("the question takes %d lines and has %d"), lines, now->rows);
		add(why, rt_str_text(&words));
	}
	if (now->cut)
		add(why, _("a choice is cut"));
	rt_str_fini(&words);
}

static void judge_script(const struct rt_session *session, const struct rt_scroll *script,
			 struct rt_str *why)
{
	/* Where the line itself would be the answer it is not shown. */
	if (rt_engine_position(rt_session_engine(session)) >= rt_session_shown_lines(session))
		return;
	if (script->items_shown == 0)
		add(why, _("the call that comes next is out of sight"));
}

static void judge_sockets(const struct rt_session *session, const struct rt_scroll *sockets,
			  struct rt_str *why)
{
	/* A row may stand for many sockets; what was not drawn has none. */
	int all = (int)rt_engine_sockets(rt_session_engine(session))->n;
	int rows = sockets->rows > 0 ? sockets->items : all;
	struct rt_str words = {0};

	if (sockets->items_shown >= (rows < ROWS ? rows : ROWS))
		return;
	rt_str_addf(&words,
		    P_("%d of %d row of the sockets is in sight",
		       "%d of %d rows of the sockets are in sight", rows),
		    sockets->items_shown, rows);
	add(why, rt_str_text(&words));
	rt_str_fini(&words);
}

bool rt_ui_fits(struct rt_session *session, int width, int height, struct rt_str *why)
{
	const struct rt_lesson *lesson = rt_session_lesson(session);
	const struct rt_step *step = &lesson->step[rt_session_step(session)];
	bool asked = rt_session_phase(session) == RT_PHASE_ASK;
	bool begins = rt_engine_position(rt_session_engine(session)) == step->first_line;
	bool one = rt_layout_kind(width, height, false) == RT_LAYOUT_ONE;
	enum rt_panel focus = asked ? RT_PANEL_NOW : RT_PANEL_READ;
	struct rt_catalog none = {0};
	struct rt_ui ui = {.session = session,
			   .catalog = &none,
			   .canvas = rt_canvas_new(width, height, false),
			   .screen = &rt_screen_lesson};
	struct rt_scroll scroll[RT_PANELS];
	size_t before = why->len;

	for (int i = 0; i < RT_PANELS; i++)
		scroll[i] = drawn(&ui, one ? (enum rt_panel)i : focus, (enum rt_panel)i);
	rt_canvas_free(ui.canvas);
	if (begins)
		judge_text(&scroll[RT_PANEL_READ], why);
	if (!asked)
		return why->len == before;
	judge_question(&scroll[RT_PANEL_NOW], why);
	judge_script(session, &scroll[RT_PANEL_SCRIPT], why);
	judge_sockets(session, &scroll[RT_PANEL_SOCKETS], why);
	return why->len == before;
}
