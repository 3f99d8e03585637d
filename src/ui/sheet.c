#include "ui/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ui/wrap.h"

void rt_sheet_init(struct rt_sheet *sheet, int width)
{
	memset(sheet, 0, sizeof(*sheet));
	sheet->width = width < 1 ? 1 : width;
}

void rt_sheet_fini(struct rt_sheet *sheet)
{
	free(sheet->cell);
	free(sheet->line);
	free(sheet->item);
	memset(sheet, 0, sizeof(*sheet));
}

void rt_sheet_line(struct rt_sheet *sheet)
{
	RT_GROW(sheet->line, sheet->n_lines, sheet->cap_lines);
	sheet->line[sheet->n_lines++] = (struct rt_sheet_line){.first = sheet->n_cells};
	sheet->column = 0;
}

static void add_char(struct rt_sheet *sheet, enum rt_style style, uint32_t c)
{
	int columns = rt_char_columns(c);

	if (columns == 0)
		return;
	if (sheet->column + columns > sheet->width) {
		sheet->cut = sheet->cut || c != ' ';
		return;
	}
	RT_GROW(sheet->cell, sheet->n_cells, sheet->cap_cells);
	sheet->cell[sheet->n_cells++] = (struct rt_cell){c, (uint8_t)style};
	sheet->line[sheet->n_lines - 1].n++;
	sheet->column += columns;
}

void rt_sheet_at(struct rt_sheet *sheet, int column)
{
	while (sheet->column < column && sheet->column < sheet->width)
		add_char(sheet, RT_STYLE_NORMAL, ' ');
}

void rt_sheet_add(struct rt_sheet *sheet, enum rt_style style, const char *text)
{
	size_t len = strlen(text);
	uint32_t c;

	for (size_t n; (n = rt_utf8_next(text, len, &c)) > 0; text += n, len -= n)
		add_char(sheet, style, c == '\t' || c == '\n' ? ' ' : c);
}

void rt_sheet_copy(struct rt_sheet *sheet, const struct rt_sheet *from, size_t line)
{
	if (line >= from->n_lines)
		return;
	for (size_t i = 0; i < from->line[line].n; i++) {
		const struct rt_cell *cell = &from->cell[from->line[line].first + i];

		add_char(sheet, (enum rt_style)cell->style, cell->c);
	}
}

void rt_sheet_text(struct rt_sheet *sheet, int column, enum rt_style style, const char *text)
{
	rt_sheet_line(sheet);
	rt_sheet_at(sheet, column);
	rt_sheet_add(sheet, style, text);
}

void rt_sheet_turn(struct rt_sheet *sheet, size_t line, enum rt_style style)
{
	if (line >= sheet->n_lines)
		return;
	sheet->line[line].turned = true;
	sheet->line[line].style = style;
}

void rt_sheet_item(struct rt_sheet *sheet, int first)
{
	RT_GROW(sheet->item, sheet->n_items, sheet->cap_items);
	sheet->item[sheet->n_items++] = (struct rt_sheet_item){first, (int)sheet->n_lines - first};
}

/* --- paragraphs ------------------------------------------------------------------------------- */

/*
 * Writes what was collected in run, line by line; the first goes on in the last line of the sheet.
 */
static void pour(struct rt_sheet *sheet, const struct rt_run *run, int rest, bool as_is)
{
	struct rt_break at = {0};
	int room = sheet->width - sheet->column;

	while (run->cell && rt_run_break(run, room < 1 ? 1 : room, as_is, &at)) {
		if (at.n_lines > 1) {
			rt_sheet_line(sheet);
			rt_sheet_at(sheet, rest);
		}
		for (size_t i = at.first; i < at.end; i++)
			add_char(sheet, (enum rt_style)run->cell[i].style, run->cell[i].c);
		room = sheet->width - rest;
	}
}

void rt_sheet_wrap_on(struct rt_sheet *sheet, int rest, enum rt_style style, const char *text)
{
	struct rt_run run = {0};
	bool further = false;

	while (*text) {
		size_t len = strcspn(text, "\n");

		if (further) {
			rt_sheet_line(sheet);
			rt_sheet_at(sheet, rest);
		}
		rt_run_clear(&run);
		rt_run_add_marked(&run, style, text, len);
		pour(sheet, &run, rest, false);
		text += len + (text[len] == '\n');
		further = true;
	}
	rt_run_fini(&run);
}

void rt_sheet_wrap(struct rt_sheet *sheet, int first, int rest, enum rt_style style,
		   const char *text)
{
	rt_sheet_line(sheet);
	rt_sheet_at(sheet, first);
	rt_sheet_wrap_on(sheet, rest, style, text);
}

static enum rt_style span_style(const struct rt_para *para, const struct rt_span *span)
{
	static const enum rt_style of[] = {
		[RT_TEXT_PLAIN] = RT_STYLE_NORMAL,  [RT_TEXT_EMPH] = RT_STYLE_EMPH,
		[RT_TEXT_STRONG] = RT_STYLE_STRONG, [RT_TEXT_CODE] = RT_STYLE_CODE,
		[RT_TEXT_TERM] = RT_STYLE_TERM,
	};

	if (para->kind == RT_PARA_HEADING)
		return RT_STYLE_STRONG;
	return para->kind == RT_PARA_CODE ? RT_STYLE_CODE : of[span->style];
}

/* Code is shown line by line as it stands. */
static void pour_code(struct rt_sheet *sheet, const struct rt_para *para, int left)
{
	struct rt_run run = {0};

	for (size_t i = 0; i < para->n_spans; i++) {
		const char *text = para->span[i].text;

		while (*text) {
			size_t len = strcspn(text, "\n");

			rt_sheet_line(sheet);
			rt_sheet_at(sheet, left);
			rt_run_clear(&run);
			rt_run_add(&run, RT_STYLE_CODE, text, len);
			pour(sheet, &run, left, true);
			text += len + (text[len] == '\n');
		}
	}
	rt_run_fini(&run);
}

void rt_sheet_para(struct rt_sheet *sheet, const struct rt_para *para, int first)
{
	enum { LEVEL = 2 };
	int outer = para->indent > 0 ? (para->indent - 1) * LEVEL : 0;
	int left = para->indent * LEVEL;
	struct rt_run run = {0};

	/* Deep lists in a narrow panel must not push their words out of it. */
	if (left > sheet->width / 2)
		left = outer = sheet->width / 2;
	if (para->kind == RT_PARA_CODE) {
		pour_code(sheet, para, left + LEVEL);
		return;
	}
	rt_sheet_line(sheet);
	if (para->kind == RT_PARA_ITEM && para->marker[0]) {
		rt_sheet_at(sheet, outer);
		rt_sheet_add(sheet, RT_STYLE_STRONG, para->marker);
		rt_sheet_add(sheet, RT_STYLE_NORMAL, " ");
		left = sheet->column > left ? sheet->column : left;
	}
	rt_sheet_at(sheet, left + (para->kind == RT_PARA_TEXT ? first : 0));
	for (size_t i = 0; i < para->n_spans; i++)
		rt_run_add(&run, span_style(para, &para->span[i]), para->span[i].text,
			   strlen(para->span[i].text));
	pour(sheet, &run, left, false);
	rt_run_fini(&run);
}

/* --- showing ---------------------------------------------------------------------------------- */

static void draw_line(const struct rt_sheet *sheet, struct rt_canvas *canvas, struct rt_rect rect,
		      int y, size_t i)
{
	const struct rt_sheet_line *line = &sheet->line[i];
	int x = 0;

	for (size_t k = 0; k < line->n; k++) {
		const struct rt_cell *cell = &sheet->cell[line->first + k];

		x = rt_canvas_char(canvas, rect, x, y, (enum rt_style)cell->style, cell->c);
	}
	if (line->turned)
		rt_canvas_style(canvas, rect, 0, y, rect.width, line->style);
}

/* As long as the words without the keys, or shorter: where those have room these have too. */
const char *rt_sheet_more(bool above, bool below, bool here)
{
	if (above && below)
		return here ? _("more: PgUp, PgDn") : _("more above, below");
	if (above)
		return here ? _("more: PgUp") : _("more above");
	if (below)
		return here ? _("more: PgDn") : _("more below");
	return NULL;
}

void rt_sheet_draw(const struct rt_sheet *sheet, struct rt_canvas *canvas, struct rt_rect rect,
		   int top)
{
	for (int y = 0; y < rect.height; y++) {
		size_t i = (size_t)(y < sheet->head ? y : y + top);

		if (i >= sheet->n_lines)
			break;
		draw_line(sheet, canvas, rect, y, i);
	}
}
