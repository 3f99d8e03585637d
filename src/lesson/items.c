/* The items of a block: `key text`, and lines that begin with a blank and go on with it. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "lesson/reader.h"
#include "lesson/suggest.h"

int rt_item_read(const struct rt_reader *reader, const struct rt_fence *fence, int number,
		 struct rt_item *item)
{
	struct rt_word line = rt_reader_line(reader, number);
	struct rt_lex lex = {.text = line.s, .len = line.len};

	*item = (struct rt_item){.line = number, .key = rt_lex_word(&lex)};
	item->text = (struct rt_word){.s = line.s + lex.at, .len = line.len - lex.at, .at = lex.at};
	item->text = rt_word_trim(item->text);
	rt_str_addn(&item->all, item->text.s, item->text.len);
	for (number++; number <= fence->last; number++) {
		line = rt_reader_line(reader, number);
		if (rt_word_is_blank(line))
			continue;
		if (line.s[0] != '\t' &&
		    (line.len <= fence->indent || line.s[fence->indent] != ' '))
			break;
		line = rt_word_trim(line);
		rt_text_join(&item->all, line.s, line.len);
	}
	return number;
}

bool rt_item_known(struct rt_reader *reader, const struct rt_item *item, const char *const *key,
		   size_t n, const char *expected)
{
	struct rt_lex lex = {.text = rt_reader_line(reader, item->line).s,
			     .len = rt_reader_line(reader, item->line).len};
	struct rt_mistake mistake = {0};
	struct rt_suggest suggest;
	char *help;

	for (size_t i = 0; i < n; i++)
		if (rt_word_is(item->key, key[i]))
			return true;
	rt_suggest_init(&suggest, item->key.s, item->key.len);
	for (size_t i = 0; i < n; i++)
		rt_suggest_offer(&suggest, key[i]);
	help = rt_suggest_help(&suggest,
			       _("a line that goes on with the one above begins with a blank"));
	lex.mistake = &mistake;
	rt_lex_expected(&lex, item->key.at, expected, help);
	rt_reader_adopt(reader, item->line, &mistake);
	free(help);
	return false;
}

void rt_item_fini(struct rt_item *item)
{
	rt_str_fini(&item->all);
}
