/* The words that a person types to the playground itself: a row each. */
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/draft.h"

static const struct {
	const char *name, *help;
} words[] = {
	[RT_WORD_WHY] = {"why", N_("why the last bind, listen or connect did so")},
	[RT_WORD_UNDO] = {"undo",
			  N_("takes the last line back; what is left runs on a fresh stage")},
	[RT_WORD_REDO] = {"redo", N_("puts back what undo took")},
	[RT_WORD_SAVE] = {"save", N_("save my-lesson: makes my-lesson.md here, a lesson that says "
				     "what came of each line")},
	[RT_WORD_HELP] = {"help", N_("these words")},
	[RT_WORD_QUIT] = {"quit", N_("leaves")},
};

enum rt_draft_word rt_draft_word(const char *text, char operand[80])
{
	size_t len, rest;

	text += strspn(text, " \t");
	len = strcspn(text, " \t");
	operand[0] = '\0';
	for (size_t i = RT_WORD_WHY; i < RT_COUNT(words); i++) {
		if (strlen(words[i].name) != len || memcmp(words[i].name, text, len) != 0)
			continue;
		text += len;
		text += strspn(text, " \t");
		rest = strlen(text);
		while (rest > 0 && strchr(" \t\r", text[rest - 1]))
			rest--;
		rest = rest < 79 ? rest : 79;
		memcpy(operand, text, rest);
		operand[rest] = '\0';
		/* `save = socket(...)` is a line that lacks its process. */
		return operand[0] == '=' || operand[0] == ':' || operand[0] == '(' ||
				       (operand[0] && i != RT_WORD_SAVE)
			       ? RT_WORD_NONE
			       : (enum rt_draft_word)i;
	}
	return RT_WORD_NONE;
}

const char *rt_draft_word_name(enum rt_draft_word word, const char **help)
{
	if (word <= RT_WORD_NONE || (size_t)word >= RT_COUNT(words))
		return NULL;
	*help = _(words[word].help);
	return words[word].name;
}
