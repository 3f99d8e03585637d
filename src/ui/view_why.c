/*
 * Why the last bind, listen or connect gave what it gave: the sockets that were there before it,
 * the clauses held against each, the rule, and what would help.
 */
#include <string.h>

#include "base/i18n.h"
#include "lesson/explain.h"
#include "ui/view.h"

enum {
	LEAST = 14, /* the sockets and the next step are of use beside it */
	CLAUSE = 4,
	LABEL = 8, /* "Source: " */
};

/* A label before the first line, the others below its text; on a small screen below the label. */
static void write_labelled(struct rt_sheet *sheet, const char *label, const char *text)
{
	rt_sheet_line(sheet);
	rt_sheet_add(sheet, RT_STYLE_STRONG, label);
	rt_sheet_at(sheet, LABEL);
	rt_sheet_wrap_on(sheet, sheet->width < 60 ? 2 : LABEL, RT_STYLE_NORMAL, text);
}

struct page {
	struct rt_sheet *sheet;
	bool asked; /* a question is open */
};

static void write_para(void *ctx, enum rt_says says, const char *text)
{
	const struct page *page = ctx;
	struct rt_sheet *sheet = page->sheet;

	switch (says) {
	case RT_SAYS_CALL:
		rt_sheet_wrap(sheet, 0, 2, RT_STYLE_STRONG, text);
		break;
	case RT_SAYS_SURPRISE:
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_BAD, text);
		break;
	case RT_SAYS_ANSWER:
		rt_sheet_wrap(sheet, 0, 0, RT_STYLE_NORMAL, text);
		break;
	case RT_SAYS_DEPENDS:
	case RT_SAYS_SOCKET:
		rt_sheet_wrap(sheet, 2, CLAUSE, RT_STYLE_NORMAL, text);
		break;
	case RT_SAYS_CLAUSE:
		rt_sheet_wrap(sheet, CLAUSE, CLAUSE + RT_SAYS_HOLDS, RT_STYLE_NORMAL, text);
		break;
	case RT_SAYS_DECIDING:
		rt_sheet_text(sheet, CLAUSE - 2, RT_STYLE_CURRENT, "> ");
		rt_sheet_wrap_on(sheet, CLAUSE + RT_SAYS_HOLDS, RT_STYLE_STRONG, text);
		break;
	case RT_SAYS_RULE:
		write_labelled(sheet, _("Rule"), text);
		break;
	case RT_SAYS_SOURCE:
		write_labelled(sheet, _("Source"), text);
		break;
	case RT_SAYS_TRY:
		/* Lessons go on with just that, and ask what comes of it. */
		write_labelled(sheet, _("Try"),
			       page->asked
				       ? _("told where no question is open: it may be the answer")
				       : text);
		break;
	}
}

static void title_why(const struct rt_face *face, struct rt_str *name, struct rt_str *right)
{
	rt_str_add(name, _("Why"));
	/* Where one types a line, i is a letter. */
	rt_str_add(right, face->tape ? _("before the call, the next line closes")
				     : _("before the call, i closes"));
}

static void write_why(const struct rt_face *face, struct rt_sheet *sheet)
{
	const struct rt_foresight *call = rt_session_why(face->session);
	const struct rt_lesson *lesson = rt_session_lesson(face->session);
	struct page page = {sheet, rt_session_phase(face->session) == RT_PHASE_ASK};

	rt_explain_tell(&lesson->line[call->line], call, write_para, &page);
	sheet->least = sheet->n_lines < LEAST ? (int)sheet->n_lines : LEAST;
}

const struct rt_view rt_view_why = {title_why, write_why, NULL};

bool rt_face_has_why(const struct rt_face *face)
{
	return !rt_face_is_stageless(face) && rt_session_has_why(face->session);
}

void rt_face_open_why(struct rt_face *face)
{
	if (face->why)
		return;
	rt_session_make_why(face->session);
	face->why = true;
	face->note = false;
	face->focus_why = face->focus;
	face->focus = RT_PANEL_READ;
	face->scroll[RT_PANEL_READ] = (struct rt_scroll){.keep = -1};
}

void rt_face_close_why(struct rt_face *face)
{
	if (!face->why)
		return;
	face->why = false;
	/* Where the learner has turned to another panel meanwhile, that keeps the keys. */
	if (face->focus == RT_PANEL_READ)
		face->focus = face->focus_why;
	face->scroll[RT_PANEL_READ] = (struct rt_scroll){.keep = -1};
}
