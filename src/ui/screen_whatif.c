/*
 * What if: the calls that have run of the lesson, one below the other, with what came of each in
 * the lesson and on the changed tape.
 *
 *	What if     the calls, both outcomes, and the first difference marked
 *	Sockets     of the changed tape; beside the lesson's where there is room. In their place
 *		    the changes of a call while one chooses, or why it did so
 *	Difference  the first one in a sentence; or the line that is typed
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "ui/screen.h"

enum {
	MARGIN = 1,
	COLUMNS_WIDTH = 70, /* from here on the outcomes stand side by side */
	PANELS_HEIGHT = 20, /* and from here on the sockets are shown */
	BOTH_WIDTH = 160,   /* those of the lesson too */
	TYPING_ROWS = 5,
	TYPED_OPTIONS = 2, /* behind the changes: edit, insert */
};

static bool is_typing(const struct rt_tape *tape)
{
	return tape->mode == RT_WHATIF_EDIT || tape->mode == RT_WHATIF_INSERT;
}

static bool is_running(const struct rt_ui *ui)
{
	return rt_session_phase(ui->session) == RT_PHASE_RUN;
}

/* --- the calls -------------------------------------------------------------------------------- */

static void read_rows(struct rt_tape *tape)
{
	tape->row = rt_realloc(tape->row, rt_whatif_count(&tape->whatif) + 1, sizeof(tape->row[0]));
	tape->n_rows = rt_whatif_rows(&tape->whatif, tape->row);
	if (tape->chosen >= tape->n_rows)
		tape->chosen = tape->n_rows ? tape->n_rows - 1 : 0;
}

static const struct rt_whatif_row *chosen_row(const struct rt_tape *tape)
{
	return tape->chosen < tape->n_rows ? &tape->row[tape->chosen] : NULL;
}

/* --- the panels ------------------------------------------------------------------------------- */

/* A sheet below a rule, from line top of it on. */
static void draw_panel(struct rt_ui *ui, struct rt_rect rect, bool focus, const char *name,
		       const char *right, const struct rt_sheet *sheet, int top)
{
	struct rt_rect inner = {rect.x + MARGIN, rect.y + 1, rect.width - 2 * MARGIN,
				rect.height - 1};

	rt_canvas_rule(ui->canvas, rect, 0, focus, name, right);
	if (inner.height > 0)
		rt_sheet_draw(sheet, ui->canvas, inner, top);
}

static void draw_rows(struct rt_ui *ui, struct rt_rect rect)
{
	struct rt_tape *tape = &ui->tape;
	int rows = rect.height - 1, keep;
	struct rt_str right = {0};
	struct rt_sheet sheet;

	rt_sheet_init(&sheet, rect.width - 2 * MARGIN);
	rt_whatif_write(tape, is_running(ui), &sheet);
	rows -= sheet.head;
	keep = sheet.keep - sheet.head;
	if (keep + sheet.n_keep > (int)tape->top + rows)
		tape->top = (size_t)(keep + sheet.n_keep > rows ? keep + sheet.n_keep - rows : 0);
	if (keep < (int)tape->top)
		tape->top = (size_t)(keep > 0 ? keep : 0);
	if ((int)tape->top + rows > (int)sheet.n_lines - sheet.head)
		tape->top = (size_t)((int)sheet.n_lines - sheet.head > rows
					     ? (int)sheet.n_lines - sheet.head - rows
					     : 0);
	rt_str_addf(&right, _("line %zu of %zu"), tape->n_rows ? tape->chosen + 1 : 0,
		    tape->n_rows);
	draw_panel(ui, rect, tape->mode == RT_WHATIF_CHOOSE, _("What if"), rt_str_text(&right),
		   &sheet, (int)tape->top);
	rt_str_fini(&right);
	rt_sheet_fini(&sheet);
}

static const char *option_words(const struct rt_tape *tape, size_t option)
{
	if (option < tape->changes.n)
		return tape->changes.change[option].words;
	return option == tape->changes.n ? _("edit it as text ...")
					 : _("insert a line before it ...");
}

static void write_menu(const struct rt_tape *tape, struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	for (size_t i = 0; i < tape->changes.n + TYPED_OPTIONS; i++) {
		const char *line = i < tape->changes.n ? tape->changes.change[i].text : NULL;

		rt_str_clear(&text);
		rt_str_addf(&text, "%s %s", i == tape->option ? ">" : " ", option_words(tape, i));
		rt_sheet_text(sheet, 0, RT_STYLE_NORMAL, text.s);
		if (line && sheet->width >= COLUMNS_WIDTH) {
			rt_sheet_at(sheet, sheet->column < 34 ? 34 : sheet->column + 2);
			rt_sheet_add(sheet, RT_STYLE_DIM, line);
		}
		if (i == tape->option)
			rt_sheet_turn(sheet, sheet->n_lines - 1, RT_STYLE_SELECTED);
	}
	rt_str_fini(&text);
}

static void draw_menu(struct rt_ui *ui, struct rt_rect rect)
{
	struct rt_tape *tape = &ui->tape;
	int rows = rect.height - 1, top = (int)tape->option + 1 - rows;
	struct rt_sheet sheet;

	rt_sheet_init(&sheet, rect.width - 2 * MARGIN);
	write_menu(tape, &sheet);
	draw_panel(ui, rect, true, _("What could be otherwise"), "", &sheet, top > 0 ? top : 0);
	rt_sheet_fini(&sheet);
}

static void draw_table(struct rt_ui *ui, struct rt_rect rect, const struct rt_face *face,
		       const char *name)
{
	struct rt_sheet sheet;

	rt_sheet_init(&sheet, rect.width - 2 * MARGIN);
	rt_view_sockets.write(face, &sheet);
	draw_panel(ui, rect, false, name, "", &sheet, 0);
	rt_sheet_fini(&sheet);
	ui->countdown = ui->countdown || rt_face_has_timer(face);
}

static void draw_sockets(struct rt_ui *ui, struct rt_rect rect)
{
	struct rt_rect left = rect, gap;

	ui->face.now_ms = ui->tape.face.now_ms = rt_now_ms();
	if (rect.width < BOTH_WIDTH) {
		draw_table(ui, rect, &ui->face, _("Sockets now"));
		return;
	}
	left.width = rect.width / 2;
	rect.x += left.width + 1;
	rect.width -= left.width + 1;
	draw_table(ui, left, &ui->tape.face, _("Sockets of the lesson"));
	draw_table(ui, rect, &ui->face, _("Sockets now"));
	gap = (struct rt_rect){left.width, left.y, 1, left.height + 1};
	rt_canvas_vrule(ui->canvas, gap, 0);
}

static void write_below(const struct rt_ui *ui, struct rt_sheet *sheet)
{
	const struct rt_tape *tape = &ui->tape;
	struct rt_str text = {0};
	char reason[1280];

	if (is_typing(tape)) {
		rt_typing_write(tape, sheet);
		return;
	}
	if (rt_session_phase(ui->session) == RT_PHASE_LOST)
		rt_str_add(&text,
			   rt_error_format(rt_session_error(ui->session), reason, sizeof(reason)));
	else if (is_running(ui))
		rt_str_add(&text, _("The changed calls run on a fresh stage."));
	else
		rt_whatif_words(&tape->whatif, tape->row, tape->n_rows, &text);
	rt_whatif_wrap(sheet, 0, RT_STYLE_STRONG, rt_str_text(&text));
	rt_str_fini(&text);
}

/* The panel at the bottom; its lines are taken off the body. */
static void draw_below(struct rt_ui *ui, struct rt_rect *body)
{
	const struct rt_tape *tape = &ui->tape;
	struct rt_rect rect = *body;
	struct rt_sheet sheet;

	rt_sheet_init(&sheet, rect.width - 2 * MARGIN);
	if (!is_typing(tape))
		rt_sheet_line(&sheet);
	write_below(ui, &sheet);
	rect.height = is_typing(tape) ? TYPING_ROWS : (int)sheet.n_lines + 1;
	if (rect.height > body->height / 2)
		rect.height = body->height / 2;
	rect.y = body->y + body->height - rect.height;
	body->height -= rect.height;
	draw_panel(ui, rect, is_typing(tape),
		   tape->mode == RT_WHATIF_EDIT	    ? _("Edit the line")
		   : tape->mode == RT_WHATIF_INSERT ? _("Insert a line before it")
						    : _("Difference"),
		   "", &sheet, 0);
	rt_sheet_fini(&sheet);
}

/* The changes of a call, or the sockets: a part of *body, at its bottom. */
static void draw_middle(struct rt_ui *ui, struct rt_rect *body, bool room)
{
	bool menu = ui->tape.mode == RT_WHATIF_MENU;
	int options = (int)(ui->tape.changes.n + TYPED_OPTIONS);
	struct rt_rect middle = *body;

	if (room) {
		middle.height = body->height * 2 / 5;
		if (menu && middle.height < options + 1)
			middle.height = options + 1;
		if (middle.height > body->height * 2 / 3)
			middle.height = body->height * 2 / 3;
		middle.y = body->y + body->height - middle.height;
		body->height -= middle.height;
	} else if (menu) {
		body->height = 0;
	}
	if (menu)
		draw_menu(ui, middle);
	else if (room)
		draw_sockets(ui, middle);
}

static void draw_whatif(struct rt_ui *ui)
{
	struct rt_rect body = rt_screen_body(ui);
	bool room = rt_canvas_height(ui->canvas) >= PANELS_HEIGHT;
	bool why = ui->tape.mode == RT_WHATIF_WHY;

	read_rows(&ui->tape);
	if (is_typing(&ui->tape))
		rt_typing_look(ui);
	ui->countdown = false;
	if (room || !why)
		draw_below(ui, &body);
	if (why)
		rt_whatif_why_draw(ui, room, &body);
	else
		draw_middle(ui, &body, room);
	if (body.height > 0)
		draw_rows(ui, body);
	rt_screen_frame(ui, _("What if"), _("the lesson waits"));
}

/* --- keys ------------------------------------------------------------------------------------- */

/* The line as it is, without a result: that it had in the lesson. NULL: a new one. */
static void begin_typing(struct rt_ui *ui, const struct rt_whatif_row *row)
{
	struct rt_str text = {0};

	if (row)
		rt_whatif_text(&ui->tape.whatif, row, &text);
	rt_typing_set(ui, rt_str_text(&text));
	rt_str_fini(&text);
}

static void choose_mode(struct rt_ui *ui, enum rt_whatif_mode mode)
{
	const struct rt_whatif_row *row = chosen_row(&ui->tape);
	struct rt_tape *tape = &ui->tape;

	if (mode != RT_WHATIF_CHOOSE && (!row || row->at < 0)) {
		rt_screen_say(ui, row ? _("It was removed; u puts it back")
				      : _("There is no line; u puts back what was removed"));
		return;
	}
	tape->mode = mode;
	if (mode == RT_WHATIF_CHOOSE)
		return;
	tape->at = (size_t)row->at;
	tape->option = 0;
	if (mode == RT_WHATIF_MENU)
		rt_changes_of(tape->draft, tape->at, &tape->changes);
	else
		begin_typing(ui, mode == RT_WHATIF_EDIT ? row : NULL);
}

static void changed(struct rt_ui *ui)
{
	ui->tape.mode = RT_WHATIF_CHOOSE;
	rt_tape_changed(ui);
	read_rows(&ui->tape);
}

static void make_choice(struct rt_ui *ui)
{
	struct rt_tape *tape = &ui->tape;

	if (tape->option >= tape->changes.n) {
		choose_mode(ui,
			    tape->option == tape->changes.n ? RT_WHATIF_EDIT : RT_WHATIF_INSERT);
		return;
	}
	rt_change_make(tape->draft, tape->at, &tape->changes.change[tape->option]);
	changed(ui);
}

static void make_typed(struct rt_ui *ui)
{
	struct rt_tape *tape = &ui->tape;
	struct rt_mistake mistake;
	int result = tape->mode == RT_WHATIF_EDIT
			     ? rt_draft_replace(tape->draft, tape->at, tape->line, &mistake)
			     : rt_draft_insert(tape->draft, tape->at, tape->line, &mistake);

	if (result < 0)
		rt_typing_refuse(ui, &mistake);
	else
		changed(ui);
}

static void remove_chosen(struct rt_ui *ui)
{
	const struct rt_whatif_row *row = chosen_row(&ui->tape);

	if (!row || row->at < 0)
		return;
	rt_draft_remove(ui->tape.draft, (size_t)row->at);
	changed(ui);
}

static size_t move(size_t at, size_t n, enum rt_action action)
{
	enum { PAGE = 5 };

	switch (action) {
	case RT_ACT_UP:
		return at > 0 ? at - 1 : 0;
	case RT_ACT_DOWN:
		return at + 1 < n ? at + 1 : at;
	case RT_ACT_PAGE_UP:
		return at > PAGE ? at - PAGE : 0;
	case RT_ACT_PAGE_DOWN:
		return at + PAGE < n ? at + PAGE : n ? n - 1 : 0;
	case RT_ACT_HOME:
		return 0;
	case RT_ACT_END:
		return n ? n - 1 : 0;
	default:
		return at;
	}
}

/* The changed tape as a playground; the lesson still waits behind it. */
static void to_playground(struct rt_ui *ui)
{
	struct rt_draft *draft = rt_draft_new(_("Playground"));

	rt_draft_take(draft, rt_draft_lesson(ui->tape.draft, NULL), 0,
		      rt_draft_lesson(ui->tape.draft, NULL)->n_lines);
	rt_play_open(ui, draft);
}

static void act_whatif(struct rt_ui *ui, enum rt_action action, uint32_t key)
{
	struct rt_tape *tape = &ui->tape;

	(void)key;
	switch (action) {
	case RT_ACT_OPEN:
		if (is_typing(tape))
			make_typed(ui);
		else if (tape->mode == RT_WHATIF_MENU)
			make_choice(ui);
		else
			choose_mode(ui, RT_WHATIF_MENU);
		break;
	case RT_ACT_EDIT:
		choose_mode(ui, RT_WHATIF_EDIT);
		break;
	case RT_ACT_REMOVE:
		remove_chosen(ui);
		break;
	case RT_ACT_UNDO:
	case RT_ACT_REDO:
		rt_tape_undo(ui, action == RT_ACT_REDO);
		break;
	case RT_ACT_COMPLETE:
		rt_typing_complete(ui);
		break;
	case RT_ACT_WHY:
		rt_whatif_why_toggle(ui);
		break;
	case RT_ACT_PLAY:
		to_playground(ui);
		break;
	case RT_ACT_LEAVE:
		if (tape->mode == RT_WHATIF_CHOOSE)
			rt_tape_close(ui);
		else
			choose_mode(ui, RT_WHATIF_CHOOSE);
		break;
	default:
		if (is_typing(tape))
			(void)rt_typing_act(ui, action);
		else if (tape->mode == RT_WHATIF_WHY)
			rt_whatif_why_scroll(tape, action);
		else if (tape->mode == RT_WHATIF_MENU)
			tape->option = move(tape->option, tape->changes.n + TYPED_OPTIONS, action);
		else if (tape->mode == RT_WHATIF_CHOOSE)
			tape->chosen = move(tape->chosen, tape->n_rows, action);
	}
}

static bool type_whatif(struct rt_ui *ui, uint32_t key)
{
	if (!is_typing(&ui->tape) || key == RT_KEY_ENTER)
		return false;
	return rt_typing_key(ui, key);
}

void rt_whatif_open(struct rt_ui *ui)
{
	struct rt_session *session = ui->session;
	const struct rt_lesson *lesson = rt_session_lesson(session);
	size_t end = rt_engine_position(rt_session_engine(session));
	size_t first = rt_draft_stage(lesson, end);
	struct rt_draft *draft = rt_draft_new(_("What if"));

	rt_draft_take(draft, lesson, first, end);
	rt_tape_open(ui, draft, &rt_screen_whatif);
	ui->tape.whatif = (struct rt_whatif){
		.lesson = lesson,
		.first = first,
		.end = end,
		.before = rt_session_engine(session),
		.draft = draft,
		.changed = rt_draft_lesson(draft, NULL),
		.now = rt_session_engine(ui->session),
	};
	read_rows(&ui->tape);
	/* The last call is the one that was just wondered about. */
	ui->tape.chosen = ui->tape.n_rows ? ui->tape.n_rows - 1 : 0;
}

const struct rt_screen rt_screen_whatif = {RT_IN_WHAT_IF, draw_whatif, act_whatif, type_whatif};
