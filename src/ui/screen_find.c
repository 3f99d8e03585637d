/*
 * Two lists that are filtered while one types, and whose entries are opened: places to go to, by
 * number or name (`g`), and what a search in all lessons found (`/`).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "ui/places.h"
#include "ui/screen.h"
#include "ui/sheet.h"

enum { MARGIN = 1, NUMBER_COLUMNS = 7, ABOUT_ROWS_MAX = 5, LIST_ROWS_MIN = 3, PROSE_WIDTH = 96 };

static bool is_search(const struct rt_ui *ui)
{
	return ui->screen == &rt_screen_search;
}

static const struct rt_place *chosen_place(const struct rt_ui *ui)
{
	return ui->find.at < ui->found.n ? &ui->found.place[ui->find.at] : NULL;
}

static bool is_here(const struct rt_ui *ui, const struct rt_place *place)
{
	return ui->session && !place->page && place->lesson == ui->lesson;
}

/* --- finding ---------------------------------------------------------------------------------- */

static void find_anew(struct rt_ui *ui)
{
	ui->stale = false;
	ui->find = (struct rt_list){0};
	if (is_search(ui))
		rt_places_search(ui->places, ui->typed, &ui->found);
	else
		rt_places_go(ui->places, ui->typed, &ui->found);
}

/* Once for all that was typed or pasted since. */
static void find_stale(struct rt_ui *ui)
{
	if (ui->stale)
		find_anew(ui);
}

/* --- drawing ---------------------------------------------------------------------------------- */

/* "3" for a lesson, "3:2" for a step of it; "2" where the lesson goes without saying. */
static void place_number(const struct rt_ui *ui, const struct rt_place *place, char *text,
			 size_t size)
{
	if (place->page)
		snprintf(text, size, "%s", _(" page"));
	else if (place->step == RT_WHOLE_LESSON)
		snprintf(text, size, "%2zu", place->lesson + 1);
	else if (!is_search(ui) && is_here(ui, place))
		snprintf(text, size, "%4d", place->step + 1);
	else
		snprintf(text, size, "%2zu:%d", place->lesson + 1, place->step + 1);
}

static const char *place_title(const struct rt_ui *ui, const struct rt_place *place)
{
	const struct rt_lesson *lesson;

	if (place->page)
		return place->page->entry[place->entry].title;
	lesson = rt_places_lesson(ui->places, place->lesson);
	return place->step == RT_WHOLE_LESSON ? lesson->title : lesson->step[place->step].title;
}

static void draw_place(struct rt_ui *ui, struct rt_rect rect, int y, size_t i)
{
	const struct rt_place *place = &ui->found.place[i];
	bool present = is_here(ui, place) && place->step >= 0 &&
		       (size_t)place->step == rt_session_step(ui->session);
	bool chosen = i == ui->find.at;
	struct rt_rect left = rect;
	char number[32];

	place_number(ui, place, number, sizeof(number));
	if (present) {
		const char *here = _("you are here");
		int columns = rt_columns(here, strlen(here));

		rt_canvas_text(ui->canvas, rect, rect.width - columns, y, RT_STYLE_NORMAL, here);
		left.width -= columns + 1;
	}
	rt_canvas_text(ui->canvas, left, 0, y, RT_STYLE_CURRENT, chosen ? ">" : " ");
	rt_canvas_text(ui->canvas, left, 1, y, RT_STYLE_KEY, number);
	rt_canvas_text(ui->canvas, left, NUMBER_COLUMNS, y,
		       place->step == RT_WHOLE_LESSON ? RT_STYLE_STRONG : RT_STYLE_NORMAL,
		       place_title(ui, place));
	if (chosen)
		rt_canvas_style(ui->canvas, rect, 0, y, rect.width, RT_STYLE_SELECTED);
}

/* The words around what was found, and that in bold. */
static void write_quote(const struct rt_place *place, struct rt_sheet *sheet)
{
	struct rt_str part[3] = {{0}};
	struct rt_span span[3];
	struct rt_para para = {.kind = RT_PARA_TEXT, .n_spans = 3};

	rt_str_addn(&part[0], place->words, place->at);
	rt_str_addn(&part[1], place->words + place->at, place->len);
	rt_str_add(&part[2], place->words + place->at + place->len);
	for (int i = 0; i < 3; i++)
		span[i] = (struct rt_span){i == 1 ? RT_TEXT_STRONG : RT_TEXT_PLAIN,
					   part[i].s ? part[i].s : (char *)""};
	para.span = span;
	rt_sheet_para(sheet, &para, 0);
	for (int i = 0; i < 3; i++)
		rt_str_fini(&part[i]);
}

static void write_about(const struct rt_ui *ui, struct rt_sheet *sheet)
{
	const struct rt_place *place = chosen_place(ui);
	struct rt_str text = {0};

	if (!place) {
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_NORMAL,
			      ui->typed[0]
				      ? _("Nothing has these words. Backspace takes letters back.")
				      : _("Type words: they are looked for in the glossary, and in "
					  "the titles, questions and texts of all lessons and "
					  "pages."));
		return;
	}
	if (place->page)
		rt_str_add(&text, place->page->title);
	else
		rt_str_addf(&text, _("Lesson %zu: %s"), place->lesson + 1,
			    rt_places_lesson(ui->places, place->lesson)->title);
	rt_sheet_wrap(sheet, 0, 0, RT_STYLE_STRONG, rt_str_text(&text));
	if (place->words)
		write_quote(place, sheet);
	else if (place->page && place->page->entry[place->entry].n_paras > 0)
		rt_sheet_para(sheet, &place->page->entry[place->entry].para[0], 0);
	else if (place->after_calls)
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_NORMAL,
			      _("The words stand in the explanation after the calls."));
	else if (place->step == RT_WHOLE_LESSON)
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_NORMAL,
			      rt_places_lesson(ui->places, place->lesson)->question);
	rt_str_fini(&text);
}

/* What is chosen, in the bottom lines of *body, which are taken off. */
static void draw_about(struct rt_ui *ui, struct rt_rect *body)
{
	struct rt_rect rect = *body, inner;
	struct rt_sheet sheet;
	int width = body->width - 2 * MARGIN;

	rt_sheet_init(&sheet, width < PROSE_WIDTH ? width : PROSE_WIDTH);
	write_about(ui, &sheet);
	rect.height =
		(int)sheet.n_lines < ABOUT_ROWS_MAX ? (int)sheet.n_lines + 1 : ABOUT_ROWS_MAX + 1;
	if (rect.height > body->height - LIST_ROWS_MIN - 1)
		rect.height = body->height - LIST_ROWS_MIN - 1;
	rect.y = body->y + body->height - rect.height;
	body->height -= rect.height;
	inner = (struct rt_rect){MARGIN, rect.y + 1, sheet.width, rect.height - 1};
	rt_canvas_rule(ui->canvas, rect, 0, false, chosen_place(ui) ? _("What is chosen") : NULL,
		       NULL);
	rt_sheet_draw(&sheet, ui->canvas, inner, 0);
	rt_sheet_fini(&sheet);
}

static void draw_find(struct rt_ui *ui)
{
	struct rt_rect body = rt_screen_body(ui), inner;
	struct rt_str right = {0};
	char place[48];

	find_stale(ui);
	draw_about(ui, &body);
	inner = (struct rt_rect){MARGIN, body.y + 1, body.width - 2 * MARGIN, body.height - 1};
	rt_list_show(&ui->find, ui->found.n, inner.height);
	rt_screen_frame(ui, is_search(ui) ? _("Search") : _("Go to"),
			rt_list_place(&ui->find, ui->found.n, place, sizeof(place)));
	rt_screen_typed(ui, is_search(ui) ? _("words: ") : _("number or name: "), &right);
	rt_canvas_rule(ui->canvas, body, 0, true,
		       is_search(ui) ? _("All lessons") : _("Go to a step or lesson"),
		       rt_str_text(&right));
	for (int y = 0; y < inner.height && ui->find.top + (size_t)y < ui->found.n; y++)
		draw_place(ui, inner, y, ui->find.top + (size_t)y);
	rt_str_fini(&right);
}

/* --- keys ------------------------------------------------------------------------------------- */

void rt_find_open(struct rt_ui *ui, const struct rt_screen *screen)
{
	const struct rt_lesson *open = ui->session ? rt_session_lesson(ui->session) : NULL;
	bool in_lesson = open && ui->screen == &rt_screen_lesson;

	rt_find_close(ui);
	ui->places = rt_places_new(ui->catalog, in_lesson ? open : NULL, ui->lesson);
	for (size_t i = 0; screen == &rt_screen_search && i < ui->books.n; i++) {
		const struct rt_page *page = rt_reading_page(ui, i);

		if (page)
			rt_places_add_page(ui->places, page);
	}
	rt_screen_over(ui, screen);
	find_anew(ui);
	if (in_lesson && !is_search(ui))
		ui->find.at = rt_session_step(ui->session);
}

void rt_find_close(struct rt_ui *ui)
{
	rt_found_fini(&ui->found);
	rt_places_free(ui->places);
	ui->places = NULL;
}

static void leave(struct rt_ui *ui)
{
	rt_find_close(ui);
	rt_screen_back(ui);
}

/* Over what the search lies over. */
static void open_entry(struct rt_ui *ui, const struct rt_page *page, size_t entry)
{
	leave(ui);
	for (size_t i = 0; i < ui->books.n; i++)
		if (rt_reading_page(ui, i) == page)
			rt_reading_open(ui, i, entry);
}

static void open_chosen(struct rt_ui *ui)
{
	const struct rt_place *place = chosen_place(ui);
	struct rt_error err;
	char step[24] = "";
	size_t lesson;

	if (!place)
		return;
	if (place->page) {
		open_entry(ui, place->page, place->entry);
		return;
	}
	lesson = place->lesson;
	if (place->step != RT_WHOLE_LESSON)
		snprintf(step, sizeof(step), "%d", place->step + 1);
	leave(ui);
	if (ui->session && lesson == ui->lesson && !ui->review.running) {
		ui->screen = &rt_screen_lesson;
		if (step[0])
			rt_lesson_go_to(ui, strtoul(step, NULL, 10) - 1);
		return;
	}
	ui->contents.at = lesson;
	/* The list of lessons has the room to say why not. */
	if (rt_lesson_open(ui, lesson, step[0] ? step : NULL, &err) < 0)
		ui->screen = &rt_screen_contents;
}

static void act_find(struct rt_ui *ui, enum rt_action action, uint32_t key)
{
	(void)key;
	find_stale(ui);
	if (action == RT_ACT_OPEN)
		open_chosen(ui);
	else if (action == RT_ACT_LEAVE)
		leave(ui);
	else
		(void)rt_list_act(&ui->find, ui->found.n, action);
}

static bool type_find(struct rt_ui *ui, uint32_t key)
{
	if (!rt_screen_type(ui, rt_key_fold(key)))
		return false;
	ui->stale = true;
	return true;
}

const struct rt_screen rt_screen_go = {RT_IN_FIND, draw_find, act_find, type_find};
const struct rt_screen rt_screen_search = {RT_IN_FIND, draw_find, act_find, type_find};
