/* A page: its entries one below the other, of which one is chosen and its step opened. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/screen.h"
#include "ui/sheet_page.h"

enum { MARGIN = 1, WIDTH = 110 };

/* --- what is read of files -------------------------------------------------------------------- */

void rt_reading_begin(struct rt_ui *ui)
{
	size_t n;
	const struct rt_page_spec *spec = rt_page_specs(&n);
	bool there = true;

	for (size_t i = 0; i < n && there; i++) {
		char *path = rt_page_path(ui->catalog, spec[i].id);

		there = access(path, R_OK) == 0;
		free(path);
	}
	ui->books.n = there ? n : 0;
}

const struct rt_page *rt_reading_page(struct rt_ui *ui, size_t index)
{
	struct rt_mistakes mistakes = {0};
	struct rt_error err;
	char text[sizeof(ui->message)], *path;
	size_t n;
	const struct rt_page_spec *spec = rt_page_specs(&n);

	if (!ui->books.page) {
		ui->books.page = rt_calloc(n, sizeof(ui->books.page[0]));
		ui->books.linked = rt_calloc(n, sizeof(ui->books.linked[0]));
	}
	if (ui->books.page[index])
		return ui->books.page[index];
	path = rt_page_path(ui->catalog, spec[index].id);
	ui->books.page[index] = rt_page_load(path, &mistakes, &err);
	if (!ui->books.page[index])
		rt_screen_say(ui, rt_error_format(&err, text, sizeof(text)));
	rt_mistakes_fini(&mistakes);
	free(path);
	return ui->books.page[index];
}

static int index_of(const char *id)
{
	size_t n;
	const struct rt_page_spec *spec = rt_page_specs(&n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(spec[i].id, id) == 0)
			return (int)i;
	return -1;
}

const struct rt_terms *rt_reading_terms(struct rt_ui *ui)
{
	char *path;

	if (ui->books.tried)
		return ui->books.terms;
	ui->books.tried = true;
	path = ui->books.n > 0 ? rt_page_path(ui->catalog, "glossary") : NULL;
	ui->books.terms = path ? rt_terms_load(path) : NULL;
	free(path);
	return ui->books.terms;
}

void rt_reading_close(struct rt_ui *ui)
{
	size_t n;

	(void)rt_page_specs(&n);
	for (size_t i = 0; ui->books.page && i < n; i++)
		rt_page_free(ui->books.page[i]);
	free(ui->books.page);
	free(ui->books.linked);
	rt_terms_free(ui->books.terms);
	ui->books = (struct rt_bookcase){0};
}

/* --- opening ---------------------------------------------------------------------------------- */

/* The titles of its steps are looked up when they are shown for the first time. */
static void link_page(struct rt_ui *ui, const struct rt_page *page)
{
	for (size_t i = 0; i < ui->books.n; i++)
		if (ui->books.page[i] == page && !ui->books.linked[i]) {
			(void)rt_page_link(ui->books.page[i], ui->catalog, NULL);
			ui->books.linked[i] = true;
		}
}

static void show(struct rt_ui *ui, const struct rt_page *page)
{
	const struct rt_screen *back =
		ui->screen == &rt_screen_page ? ui->reading.back : ui->screen;

	ui->reading = (struct rt_reading){.page = page, .back = back};
	link_page(ui, page);
	ui->screen = &rt_screen_page;
	ui->typed[0] = '\0';
}

static void show_all(struct rt_ui *ui, const struct rt_page *page)
{
	show(ui, page);
	for (size_t i = 0; i < page->n; i++)
		ui->reading.shown[ui->reading.n++] = i;
}

void rt_reading_open(struct rt_ui *ui, size_t index, size_t entry)
{
	const struct rt_page *page = rt_reading_page(ui, index);

	if (!page)
		return;
	show_all(ui, page);
	ui->reading.at = entry < page->n ? entry : 0;
	/* Drawn first with its heading at the top; the first with what stands before it. */
	ui->reading.top = entry > 0 ? -1 : 0;
}

/* Which terms the text has that is read now. Returns how many. */
static size_t terms_here(const struct rt_ui *ui, bool *seen)
{
	return rt_face_terms(&ui->face, seen);
}

bool rt_reading_has_terms(const struct rt_ui *ui)
{
	bool seen[RT_PAGE_ENTRIES_MAX] = {false};

	return ui->session && terms_here(ui, seen) > 0;
}

void rt_reading_glossary(struct rt_ui *ui)
{
	bool seen[RT_PAGE_ENTRIES_MAX] = {false};
	int index = index_of("glossary");
	const struct rt_page *page;

	if (index < 0 || ui->books.n == 0) {
		rt_screen_say(ui, _("There is no glossary beside these lessons"));
		return;
	}
	page = rt_reading_page(ui, (size_t)index);
	if (!page)
		return;
	if (ui->screen != &rt_screen_lesson || terms_here(ui, seen) == 0) {
		rt_reading_open(ui, (size_t)index, 0);
		return;
	}
	show(ui, page);
	for (size_t i = 0; i < page->n; i++)
		if (seen[i])
			ui->reading.shown[ui->reading.n++] = i;
	/* The file may have changed between the two readings of it. */
	if (ui->reading.n == 0)
		rt_reading_open(ui, (size_t)index, 0);
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void write_page(struct rt_ui *ui, struct rt_sheet *sheet)
{
	struct rt_reading *reading = &ui->reading;

	if (reading->n == reading->page->n)
		rt_sheet_intro(sheet, reading->page);
	for (size_t i = 0; i < reading->n; i++) {
		reading->first[i] = (int)sheet->n_lines;
		rt_sheet_entry(sheet, reading->page, reading->shown[i], i == reading->at);
	}
	reading->first[reading->n] = (int)sheet->n_lines;
}

static int last_top(const struct rt_reading *reading)
{
	int last = reading->first[reading->n] - reading->rows;

	return last > 0 ? last : 0;
}

static void clamp(struct rt_reading *reading)
{
	int last = last_top(reading);

	if (reading->top < 0)
		reading->top = reading->first[reading->at];
	reading->top = reading->top < last ? reading->top : last;
}

/* Lines without the empty one behind an entry. */
static int end_of(const struct rt_reading *reading, size_t i)
{
	return reading->first[i + 1] - 1;
}

/* After the size has changed too some of the chosen entry is in sight. */
static void keep_in_sight(struct rt_reading *reading)
{
	if (end_of(reading, reading->at) <= reading->top ||
	    reading->first[reading->at] >= reading->top + reading->rows)
		reading->top = reading->first[reading->at];
	clamp(reading);
}

static void draw_page(struct rt_ui *ui)
{
	struct rt_reading *reading = &ui->reading;
	struct rt_rect body = rt_screen_body(ui), inner;
	struct rt_sheet sheet;
	char place[48];
	bool above, below;

	inner = (struct rt_rect){MARGIN, body.y + 1, body.width - 2 * MARGIN, body.height - 1};
	inner.width = inner.width < WIDTH ? inner.width : WIDTH;
	rt_sheet_init(&sheet, inner.width);
	write_page(ui, &sheet);
	reading->rows = inner.height;
	clamp(reading);
	keep_in_sight(reading);
	above = reading->top > 0;
	below = reading->top < last_top(reading);
	snprintf(place, sizeof(place), _("%zu of %zu"), reading->at + 1, reading->n);
	rt_screen_frame(ui, reading->page->title, place);
	rt_canvas_rule(ui->canvas, body, 0, true,
		       reading->n < reading->page->n ? _("Terms of this step") : _("Entries"),
		       rt_sheet_more(above, below, true));
	rt_sheet_draw(&sheet, ui->canvas, inner, reading->top);
	rt_sheet_fini(&sheet);
}

/* --- keys ------------------------------------------------------------------------------------- */

/* A line further while the chosen entry goes on below, then to the next entry. */
static void go_down(struct rt_reading *reading)
{
	int end;

	if (end_of(reading, reading->at) > reading->top + reading->rows) {
		reading->top++;
		return;
	}
	if (reading->at + 1 == reading->n) {
		reading->top = last_top(reading);
		return;
	}
	end = end_of(reading, ++reading->at);
	if (end > reading->top + reading->rows)
		reading->top = end - reading->rows;
	if (reading->first[reading->at] < reading->top)
		reading->top = reading->first[reading->at];
}

static void go_up(struct rt_reading *reading)
{
	int first;

	if (reading->first[reading->at] < reading->top || (reading->at == 0 && reading->top > 0)) {
		reading->top--;
		return;
	}
	if (reading->at == 0)
		return;
	first = reading->first[--reading->at];
	if (first < reading->top)
		reading->top = first;
	if (end_of(reading, reading->at) > reading->top + reading->rows)
		reading->top = end_of(reading, reading->at) - reading->rows;
	if (reading->top < 0)
		reading->top = 0;
}

/* A page further; chosen is then the first entry that begins there, else the one that goes on. */
static void go_page(struct rt_reading *reading, int by)
{
	int page = reading->rows > 2 ? reading->rows - 1 : 1, top = reading->top + by * page;
	size_t at = 0;

	if (by > 0 && reading->top >= last_top(reading)) {
		reading->at = reading->n - 1;
		return;
	}
	if (by < 0 && reading->top == 0) {
		reading->at = 0;
		return;
	}
	reading->top = top > 0 ? top : 0;
	clamp(reading);
	while (at + 1 < reading->n && reading->first[at] < reading->top)
		at++;
	if (at > 0 && reading->first[at] >= reading->top + reading->rows)
		at--;
	reading->at = at;
}

static const struct rt_entry *chosen(const struct rt_ui *ui)
{
	const struct rt_reading *reading = &ui->reading;

	return &reading->page->entry[reading->shown[reading->at]];
}

static void open_step(struct rt_ui *ui, size_t i)
{
	const struct rt_entry *entry = chosen(ui);
	const struct rt_see *see = i < entry->n_sees ? &entry->see[i] : NULL;
	const struct rt_screen *page = ui->screen;
	char text[sizeof(ui->message)];
	struct rt_error err;

	if (!see || see->index < 0) {
		rt_screen_say(ui, see ? _("That step is not among these lessons")
				      : _("This entry has no step"));
		return;
	}
	if (ui->session && ui->lesson == (size_t)see->index && !ui->review.running) {
		int step = rt_lesson_find_step(rt_session_lesson(ui->session), see->step);

		ui->screen = &rt_screen_lesson;
		if (step >= 0)
			rt_lesson_go_to(ui, (size_t)step);
	} else if (rt_lesson_open(ui, (size_t)see->index, see->step, &err) < 0) {
		ui->screen = page;
		rt_screen_say(ui, rt_error_format(&err, text, sizeof(text)));
		return;
	}
	/* The step that it was opened over may be another one now. */
	ui->reading.back = &rt_screen_contents;
	ui->reading.stepped = true;
}

static void act_page(struct rt_ui *ui, enum rt_action action, uint32_t key)
{
	struct rt_reading *reading = &ui->reading;

	(void)key;
	switch (action) {
	case RT_ACT_UP:
		go_up(reading);
		break;
	case RT_ACT_DOWN:
		go_down(reading);
		break;
	case RT_ACT_PAGE_UP:
		go_page(reading, -1);
		break;
	case RT_ACT_PAGE_DOWN:
		go_page(reading, 1);
		break;
	case RT_ACT_HOME:
		reading->at = 0;
		reading->top = 0;
		break;
	case RT_ACT_END:
		reading->at = reading->n - 1;
		reading->top = last_top(reading);
		break;
	case RT_ACT_OPEN:
		open_step(ui, 0);
		break;
	case RT_ACT_LEAVE:
		ui->screen = reading->back;
		break;
	default:
		break;
	}
}

/* A number opens the step that has it. */
static bool type_page(struct rt_ui *ui, uint32_t key)
{
	key = rt_key_fold(key);
	if (key < '1' || key > '9')
		return false;
	open_step(ui, key - '1');
	return true;
}

const struct rt_screen rt_screen_page = {RT_IN_PAGE, draw_page, act_page, type_page};
