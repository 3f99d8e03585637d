#include "ui/histogram.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "lesson/script.h"

enum {
	CLASSES_MAX = 8, /* as in words.c */
	LABEL_MAX = 16,
	BAR_MAX = 50,
	GAP = 2,
};

/* The result of a class, cut where it is long data. */
static void add_label(const struct rt_want *result, struct rt_str *out)
{
	static const char dots[] = "...";
	struct rt_str text = {0};
	int columns;

	rt_want_format(result, &text);
	columns = rt_columns(rt_str_text(&text), text.len);
	if (columns > LABEL_MAX) {
		size_t kept = rt_utf8_fit(text.s, text.len, LABEL_MAX - (int)strlen(dots));

		rt_str_addn(out, text.s, kept);
		rt_str_add(out, dots);
	} else {
		rt_str_add(out, rt_str_text(&text));
	}
	rt_str_fini(&text);
}

static int label_columns(const struct rt_tally *tally, size_t n)
{
	int most = 0;

	for (size_t i = 0; i < n; i++) {
		struct rt_str label = {0};
		int columns;

		add_label(&tally->class[i].result, &label);
		columns = rt_columns(rt_str_text(&label), label.len);
		most = columns > most ? columns : most;
		rt_str_fini(&label);
	}
	return most;
}

static void add_cells(char c, int n, struct rt_str *out)
{
	while (n-- > 0)
		rt_str_addc(out, c);
}

/* Room for bars behind `used` columns. */
static int bar_room(const struct rt_sheet *sheet, int used)
{
	int room = sheet->width - used;

	return room > BAR_MAX ? BAR_MAX : room;
}

static void write_class(const struct rt_tally_class *class, int runs, int left, int label,
			struct rt_sheet *sheet)
{
	char count[16];
	int digits = snprintf(count, sizeof(count), " %d", runs), room, cells;
	struct rt_str text = {0};

	snprintf(count, sizeof(count), " %d", class->count);
	room = bar_room(sheet, left + label + GAP + digits);
	/* What there is shows, however little it is. */
	cells = (class->count * room + runs / 2) / runs;
	if (cells == 0 && room > 0)
		cells = 1;
	add_label(&class->result, &text);
	rt_sheet_text(sheet, left, RT_STYLE_NORMAL, rt_str_text(&text));
	rt_sheet_at(sheet, left + label + GAP);
	rt_str_clear(&text);
	add_cells('#', cells, &text);
	rt_sheet_add(sheet, class->result.kind == RT_WANT_ERRNO ? RT_STYLE_BAD : RT_STYLE_GOOD,
		     rt_str_text(&text));
	rt_sheet_add(sheet, RT_STYLE_NORMAL, count);
	rt_str_fini(&text);
}

void rt_histogram_write(const struct rt_tally *tally, int left, struct rt_sheet *sheet)
{
	size_t n = tally->n < CLASSES_MAX ? tally->n : CLASSES_MAX;
	int label = label_columns(tally, n);

	for (size_t i = 0; i < n && tally->n > 1; i++)
		write_class(&tally->class[i], tally -> runs, left, label, sheet);
	if (n < tally->n) {
		struct rt_str text = {0};

		rt_str_addf(&text, P_("and %zu other", "and %zu others", tally->n - n),
			    tally->n - n);
		rt_sheet_text(sheet, left, RT_STYLE_DIM, rt_str_text(&text));
		rt_str_fini(&text);
	}
}

void rt_progress_write(int done, int of, int left, struct rt_sheet *sheet)
{
	struct rt_str count = {0}, bar = {0};
	int room, cells;

	rt_str_addf(&count, _(" %d of %d"), of, of);
	room = bar_room(sheet, left + 2 + rt_columns(rt_str_text(&count), count.len));
	cells = room > 0 ? done * room / of : 0;
	rt_str_clear(&count);
	rt_str_addf(&count, _(" %d of %d"), done, of);
	rt_str_addc(&bar, '[');
	add_cells('=', cells, &bar);
	add_cells('-', room - cells, &bar);
	rt_str_addc(&bar, ']');
	rt_sheet_text(sheet, left, RT_STYLE_NORMAL, rt_str_text(&bar));
	rt_sheet_add(sheet, RT_STYLE_NORMAL, rt_str_text(&count));
	rt_str_fini(&bar);
	rt_str_fini(&count);
}
