/* The learner's own note on the step, while it is written. */
#include <string.h>

#include "base/i18n.h"
#include "ui/view.h"

static void title_draft(const struct rt_face *face, struct rt_str *name, struct rt_str *right)
{
	(void)face;
	(void)right;
	rt_str_add(name, _("My note on this step"));
}

/* The end, where one types, is always in sight. */
static void write_draft(const struct rt_face *face, struct rt_sheet *sheet)
{
	char cursor[] = "_";
	struct rt_str text = {0};
	struct rt_span span[2] = {{.style = RT_TEXT_PLAIN}, {RT_TEXT_STRONG, cursor}};
	struct rt_para para = {.kind = RT_PARA_TEXT, .n_spans = 2};

	rt_str_add(&text, face->draft);
	rt_str_add(&text, "");
	span[0].text = text.s ? text.s : cursor + 1;
	para.span = span;
	rt_sheet_para(sheet, &para, 0);
	sheet->keep = (int)sheet->n_lines - 1;
	sheet->n_keep = 1;
	sheet->least = sheet->n_lines < 3 ? (int)sheet->n_lines : 3;
	rt_sheet_wrap(sheet, 0, 0, RT_STYLE_DIM,
		      _("Enter keeps it with your progress, Esc leaves it as it was."));
	rt_str_fini(&text);
}

const struct rt_view rt_view_draft = {title_draft, write_draft, NULL};
