#include "ui/sheet_page.h"

#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"

enum { LEFT = 2, GAP = 2, CELL_MIN = 13, HEAD_MAX = 18 };

/* --- tables ----------------------------------------------------------------------------------- */

static const char *cell_of(const struct rt_table *table, size_t row, size_t column)
{
	return table->cell[row * table->n_columns + column];
}

static int columns_of(const char *text)
{
	return rt_columns(text, strlen(text));
}

/* The width of the first column: its widest cell, within reason. */
static int head_width(const struct rt_table *table)
{
	int widest = 0;

	for (size_t row = 0; row < table->n_rows; row++) {
		int columns = columns_of(cell_of(table, row, 0));

		widest = columns > widest ? columns : widest;
	}
	return widest < HEAD_MAX ? widest : HEAD_MAX;
}

/* Writes one row: its cells beside each other, each wrapped in its column. */
static void write_row(struct rt_sheet *sheet, const struct rt_table *table, size_t row, int left,
		      int head, int width)
{
	enum rt_style style = row == 0 ? RT_STYLE_STRONG : RT_STYLE_NORMAL;
	struct rt_sheet cell[8];
	size_t most = 0, n = table->n_columns < 8 ? table->n_columns : 8;

	for (size_t i = 0; i < n; i++) {
		rt_sheet_init(&cell[i], i ? width : head);
		rt_sheet_wrap(&cell[i], 0, 0, i ? style : RT_STYLE_STRONG, cell_of(table, row, i));
		most = cell[i].n_lines > most ? cell[i].n_lines : most;
	}
	for (size_t y = 0; y < most; y++) {
		rt_sheet_line(sheet);
		for (size_t i = 0; i < n; i++) {
			rt_sheet_at(sheet,
				    left + (i ? head + GAP + ((int)i - 1) * (width + GAP) : 0));
			rt_sheet_copy(sheet, &cell[i], y);
		}
	}
	for (size_t i = 0; i < n; i++)
		rt_sheet_fini(&cell[i]);
}

/* Where there is no room for columns. */
static void write_linear(struct rt_sheet *sheet, const struct rt_table *table, size_t row, int left)
{
	struct rt_str text = {0};

	rt_sheet_wrap(sheet, left, left, RT_STYLE_STRONG, cell_of(table, row, 0));
	for (size_t i = 1; i < table->n_columns; i++) {
		if (strcmp(cell_of(table, row, i), "-") == 0)
			continue;
		rt_str_clear(&text);
		rt_str_addf(&text, "%s: %s", cell_of(table, 0, i), cell_of(table, row, i));
		rt_sheet_wrap(sheet, left + LEFT, left + LEFT, RT_STYLE_NORMAL, rt_str_text(&text));
	}
	rt_str_fini(&text);
}

void rt_sheet_table(struct rt_sheet *sheet, const struct rt_table *table, int left)
{
	int head = head_width(table), others = (int)table->n_columns - 1;
	int width = (sheet->width - left - head - others * GAP) / others;
	bool linear = width < CELL_MIN;
	struct rt_str text = {0};

	for (size_t row = linear; row < table->n_rows; row++) {
		if (linear)
			write_linear(sheet, table, row, left);
		else
			write_row(sheet, table, row, left, head, width);
	}
	rt_sheet_line(sheet);
	for (size_t i = 0; i < table->n_sources; i++) {
		rt_str_clear(&text);
		rt_str_addf(&text, "[%zu] ", i + 1);
		rt_sheet_line(sheet);
		rt_sheet_at(sheet, left);
		rt_sheet_add(sheet, RT_STYLE_NORMAL, rt_str_text(&text));
		rt_sheet_wrap_on(sheet, left + (int)text.len, RT_STYLE_NORMAL, table->source[i]);
	}
	rt_str_fini(&text);
}

/* --- entries ---------------------------------------------------------------------------------- */

static void write_paras(struct rt_sheet *sheet, const struct rt_para *para, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct rt_para further_in = para[i];
		bool list =
			i > 0 && para[i].kind == RT_PARA_ITEM && para[i - 1].kind == RT_PARA_ITEM;

		if (i > 0 && !list)
			rt_sheet_line(sheet);
		further_in.indent++;
		if (para[i].table)
			rt_sheet_table(sheet, para[i].table, LEFT);
		else
			rt_sheet_para(sheet, &further_in, 0);
	}
}

static void write_labelled(struct rt_sheet *sheet, const char *label, const char *text)
{
	rt_sheet_line(sheet);
	rt_sheet_at(sheet, LEFT);
	rt_sheet_add(sheet, RT_STYLE_STRONG, label);
	rt_sheet_add(sheet, RT_STYLE_NORMAL, " ");
	rt_sheet_wrap_on(sheet, LEFT + LEFT, RT_STYLE_NORMAL, text);
}

static void write_sees(struct rt_sheet *sheet, const struct rt_entry *entry)
{
	struct rt_str text = {0}, label = {0};

	for (size_t i = 0; i < entry->n_sees; i++) {
		const struct rt_see *see = &entry->see[i];

		rt_str_clear(&text);
		rt_str_clear(&label);
		rt_str_addf(&text, "%s:%s", see->lesson, see->step);
		if (see->step_title)
			rt_str_addf(&text, ", %s", see->step_title);
		rt_str_add(&label, _("Step"));
		if (entry->n_sees > 1)
			rt_str_addf(&label, " %zu", i + 1);
		rt_str_add(&label, ":");
		write_labelled(sheet, rt_str_text(&label), rt_str_text(&text));
	}
	rt_str_fini(&text);
	rt_str_fini(&label);
}

void rt_sheet_intro(struct rt_sheet *sheet, const struct rt_page *page)
{
	struct rt_str score = {0};

	rt_sheet_wrap(sheet, LEFT, LEFT, RT_STYLE_EMPH, page->question);
	rt_sheet_line(sheet);
	write_paras(sheet, page->intro, page->n_intro);
	rt_page_score(page, &score);
	if (score.len > 0) {
		rt_sheet_line(sheet);
		write_labelled(sheet, _("In all:"), rt_str_text(&score));
	}
	if (sheet->n_lines > 0)
		rt_sheet_line(sheet);
	rt_str_fini(&score);
}

void rt_sheet_entry(struct rt_sheet *sheet, const struct rt_page *page, size_t index, bool chosen)
{
	const struct rt_entry *entry = &page->entry[index];
	size_t first = sheet->n_lines;

	rt_sheet_wrap(sheet, LEFT, LEFT, RT_STYLE_STRONG, entry->title);
	if (chosen && sheet->n_lines > first && sheet->line[first].n > 0)
		sheet->cell[sheet->line[first].first].c = '>';
	for (size_t i = first; chosen && i < sheet->n_lines; i++)
		rt_sheet_turn(sheet, i, RT_STYLE_SELECTED);
	if (entry->verdict[0])
		write_labelled(sheet, _("Verdict:"), entry->verdict);
	write_paras(sheet, entry->para, entry->n_paras);
	for (size_t i = 0; i < entry->source.n; i++)
		write_labelled(sheet, _("Source:"), entry->source.text[i]);
	write_sees(sheet, entry);
	rt_sheet_line(sheet);
}
