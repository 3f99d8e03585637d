/* What to do next where nothing is asked; and what is wrong where no call can be run. */
#include "base/i18n.h"
#include "lesson/words.h"
#include "ui/view.h"

static void title_next(const struct rt_face *face, struct rt_str *name, struct rt_str *right)
{
	bool waits = rt_engine_waiting_line(rt_session_engine(face->session)) >= 0;

	(void)right;
	switch (rt_session_phase(face->session)) {
	case RT_PHASE_RUN:
		rt_str_add(name, waits ? _("Waiting") : _("Running"));
		break;
	case RT_PHASE_END:
		rt_str_add(name, _("The end"));
		break;
	default:
		rt_str_add(name, _("Next"));
	}
}

static void write_next(const struct rt_face *face, struct rt_sheet *sheet)
{
	struct rt_str text = {0};

	if (rt_session_phase(face->session) == RT_PHASE_END)
		rt_words_score(face->session, face->waiting, &text);
	if (text.len > 0)
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_STRONG, rt_str_text(&text));
	rt_str_clear(&text);
	rt_words_next(face->session, &text);
	rt_sheet_wrap(sheet, 0, 0, RT_STYLE_NORMAL, rt_str_text(&text));
	sheet->least = (int)sheet->n_lines;
	rt_str_fini(&text);
}

const struct rt_view rt_view_next = {title_next, write_next, NULL};

static void title_trouble(const struct rt_face *face, struct rt_str *name, struct rt_str *right)
{
	(void)face;
	(void)right;
	rt_str_add(name, _("No stage: the calls cannot be run"));
}

static void write_trouble(const struct rt_face *face, struct rt_sheet *sheet)
{
	char text[1200];
	struct rt_str next = {0};
	const struct rt_error *err = rt_session_error(face->session);

	if (face->trouble)
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_BAD, face->trouble);
	else if (err && err->what[0])
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_BAD, rt_error_format(err, text, sizeof(text)));
	rt_words_next(face->session, &next);
	rt_sheet_wrap(sheet, 0, 0, RT_STYLE_NORMAL, rt_str_text(&next));
	sheet->least = (int)sheet->n_lines;
	rt_str_fini(&next);
}

const struct rt_view rt_view_trouble = {title_trouble, write_trouble, NULL};
