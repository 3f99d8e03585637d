/* The text of the step, as far as the calls above it have run; or the instructor's note. */
#include <string.h>

#include "base/i18n.h"
#include "ui/view.h"

static void add_name(const struct rt_face *face, const char *word, struct rt_str *name)
{
	rt_str_addf(name, "%s: %s", word, rt_face_step(face)->title);
}

static void title_read(const struct rt_face *face, struct rt_str *name, struct rt_str *right)
{
	(void)right;
	add_name(face, _("Read"), name);
}

/*
 * Between two paragraphs: a blank line where there is room, else the second begins further in, as
 * books do.
 */
static int part(const struct rt_face *face, const struct rt_para *before,
		const struct rt_para *para, struct rt_sheet *sheet)
{
	if (!before || (para->kind == RT_PARA_ITEM && before->kind == RT_PARA_ITEM))
		return 0;
	if (face->airy)
		rt_sheet_line(sheet);
	return !face->airy && before->kind == RT_PARA_TEXT ? 2 : 0;
}

/* As it was written: nothing in it is a mark. */
static void write_my_note(const struct rt_face *face, struct rt_sheet *sheet)
{
	struct rt_str label = {0}, text = {0};
	struct rt_span span[2];
	struct rt_para para = {.kind = RT_PARA_TEXT, .n_spans = 2};

	rt_str_addf(&label, "%s ", _("My note:"));
	rt_str_add(&text, face->my_note);
	span[0] = (struct rt_span){RT_TEXT_STRONG, label.s};
	span[1] = (struct rt_span){RT_TEXT_PLAIN, text.s};
	para.span = span;
	if (face->airy)
		rt_sheet_line(sheet);
	rt_sheet_para(sheet, &para, 0);
	rt_str_fini(&label);
	rt_str_fini(&text);
}

/* Whether the paragraph may be read now: those behind calls that have not run may not. */
static bool is_open(const struct rt_face *face, const struct rt_para *para)
{
	return para->after_line <= rt_engine_position(rt_session_engine(face->session)) ||
	       rt_face_is_stageless(face);
}

/* A term is marked where it comes for the first time. */
static void write_marked(const struct rt_face *face, const struct rt_para *para, int first,
			 bool *seen, struct rt_sheet *sheet)
{
	struct rt_para marked;

	if (!face->terms) {
		rt_sheet_para(sheet, para, first);
		return;
	}
	marked = rt_terms_mark(face->terms, para, seen);
	rt_sheet_para(sheet, &marked, first);
	rt_terms_fini(&marked);
}

size_t rt_face_terms(const struct rt_face *face, bool *seen)
{
	const struct rt_step *step = rt_face_step(face);
	size_t n = 0;

	for (size_t i = 0; face->terms && i < step->n_paras && is_open(face, &step->para[i]); i++) {
		struct rt_para marked = rt_terms_mark(face->terms, &step->para[i], seen);

		rt_terms_fini(&marked);
	}
	for (size_t i = 0; i < RT_PAGE_ENTRIES_MAX; i++)
		n += seen[i];
	return n;
}

static void write_read(const struct rt_face *face, struct rt_sheet *sheet)
{
	const struct rt_step *step = rt_face_step(face);
	bool all = rt_face_is_stageless(face);
	const struct rt_para *before = NULL;
	bool seen[RT_PAGE_ENTRIES_MAX] = {false};
	size_t newest = 0;

	for (size_t i = 0; i < step->n_paras; i++) {
		const struct rt_para *para = &step->para[i];
		int first;

		if (!is_open(face, para))
			break;
		first = part(face, before, para, sheet);
		/*
		 * The explanation that the last calls brought to light is what one wants to read
		 * now.
		 */
		if (para->after_line > step->first_line && para->after_line > newest && !all) {
			newest = para->after_line;
			sheet->keep = (int)sheet->n_lines;
		}
		write_marked(face, para, first, seen, sheet);
		before = para;
	}
	sheet->n_keep = newest ? (int)sheet->n_lines - sheet->keep : 0;
	sheet->least = sheet->n_lines < 3 ? (int)sheet->n_lines : 3;
	if (sheet->n_lines == 0)
		rt_sheet_text(sheet, 0, RT_STYLE_DIM,
			      _("The text of this step comes after its calls."));
	if (face->my_note)
		write_my_note(face, sheet);
}

const struct rt_view rt_view_read = {title_read, write_read, NULL};

static void title_note(const struct rt_face *face, struct rt_str *name, struct rt_str *right)
{
	add_name(face, _("Instructor's note"), name);
	rt_str_add(right, _("I closes"));
}

static void write_note(const struct rt_face *face, struct rt_sheet *sheet)
{
	const char *note = rt_face_step(face)->note;

	rt_sheet_wrap(sheet, 0, 0, RT_STYLE_NORMAL, *note ? note : _("This step has no note."));
	sheet->least = 3;
}

const struct rt_view rt_view_note = {title_note, write_note, NULL};
