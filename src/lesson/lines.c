#include "lesson/lines.h"

#include <string.h>

static bool begins(const char *line, size_t len, const char *with)
{
	return len >= strlen(with) && memcmp(line, with, strlen(with)) == 0;
}

/* A line that opens or closes a block of code: CommonMark 0.30, section 4.5. */
static void follow_fence(struct rt_lines *lines, const char *line, size_t len)
{
	size_t blank = 0, marks, word;
	char mark;

	while (blank < len && blank < 3 && line[blank] == ' ')
		blank++;
	mark = blank < len ? line[blank] : '\0';
	if (mark != '`' && mark != '~')
		return;
	for (marks = blank; marks < len && line[marks] == mark;)
		marks++;
	word = marks;
	marks -= blank;
	if (lines->fence) {
		if (mark == lines->fence && marks >= lines->fence_len)
			lines->fence = '\0';
		return;
	}
	if (marks < 3)
		return;
	lines->fence = mark;
	lines->fence_len = marks;
	lines->inside = begins(line + word, len - word, "lab")	     ? RT_LINES_LAB
			: begins(line + word, len - word, "predict") ? RT_LINES_QUESTION
								     : RT_LINES_FIXED;
}

static enum rt_lines_kind kind_of(struct rt_lines *lines, const char *line, size_t len)
{
	char before = lines->fence;
	bool mark = begins(line, len, "---");

	if (lines->front || (mark && lines->number == 1)) {

		lines->front = lines->number == 1 ? mark : !mark;
		return begins(line, len, "title:") || begins(line, len, "question:") ||
				       begins(line, len, "belief:")
			       ? RT_LINES_PROSE
			       : RT_LINES_FIXED;
	}
	follow_fence(lines, line, len);
	lines->opened = !before && lines->fence;
	if (before != lines->fence)
		return RT_LINES_FIXED; /* the fence itself, with its label */
	if (lines->fence)
		return lines->inside;
	return begins(line, len, "<!-- step:") ? RT_LINES_FIXED : RT_LINES_PROSE;
}

bool rt_lines_next(struct rt_lines *lines, const char **line, size_t *len, enum rt_lines_kind *kind)
{
	const char *end;

	if (lines->next >= lines->end)
		return false;
	*line = lines->next;
	end = memchr(*line, '\n', (size_t)(lines->end - *line));
	lines->next = end ? end + 1 : lines->end;
	*len = (size_t)(lines->next - *line);
	lines->number++;
	*kind = kind_of(lines, *line, *len);
	return true;
}
