/* The lines of a lesson as those of a draft. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/draft.h"

void rt_draft_write_line(const struct rt_line *line, struct rt_str *out)
{
	rt_line_format(line, out);
	if (line->kind == RT_LINE_CALL && line->result_end > line->result_at) {
		rt_str_add(out, " = ");
		rt_want_format(&line->want, out);
	}
	if (line->comment)
		rt_str_addf(out, "  # %s", line->comment);
}

size_t rt_draft_stage(const struct rt_lesson *lesson, size_t end)
{
	size_t first = end ? end - 1 : 0;

	while (first > 0 && !lesson->line[first].fresh)
		first--;
	return first;
}

void rt_draft_take(struct rt_draft *draft, const struct rt_lesson *lesson, size_t first, size_t end)
{
	/* Each line, and before it perhaps the word that begins a stage. */
	struct rt_draft_line *made = rt_calloc(2 * (end - first) + 1, sizeof(made[0]));
	size_t n = 0;

	for (size_t i = first; i < end; i++) {
		const struct rt_line *line = &lesson->line[i];
		struct rt_str text = {0};

		if (line->fresh && i > first)
			made[n++] =
				(struct rt_draft_line){.text = rt_strdup("fresh"), .origin = -1};
		rt_draft_write_line(line, &text);
		made[n++] = (struct rt_draft_line){
			.text = rt_str_take(&text), .origin = (int)i, .gates = line->gates};
	}
	rt_draft_fill(draft, made, n);
	for (size_t i = 0; i < n; i++)
		free(made[i].text);
	free(made);
}
