/* The front matter: `key: value` lines between two lines of ---. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/reader.h"
#include "lesson/suggest.h"

enum { ID_MAX = 64, MINUTES_MAX = 60 };

static const struct key {
	const char *name;
	size_t offset; /* of its char * in struct rt_lesson; 0 for minutes, the one number */
	bool required;
	bool of_page; /* a page has it too */
	const char *example;
} keys[] = {
	{"id", offsetof(struct rt_lesson, id), true, true, "id: time-wait"},
	{"title", offsetof(struct rt_lesson, title), true, true,
	 N_("title: Restart and TIME_WAIT")},
	{"minutes", 0, true, false, "minutes: 8"},
	{"question", offsetof(struct rt_lesson, question), true, true,
	 N_("question: Why can the server not be restarted?")},
	{"belief", offsetof(struct rt_lesson, belief), true, false,
	 N_("belief: The new server alone needs SO_REUSEADDR.")},
	{"after", offsetof(struct rt_lesson, after), false, false, "after: one-port per-ip"},
};

static char **text_of(struct rt_lesson *lesson, const struct key *key)
{
	return (char **)((char *)lesson + key->offset);
}

static bool is_rule(struct rt_word line)
{
	return line.len >= 3 && memcmp(line.s, "---", 3) == 0 &&
	       rt_word_is_blank((struct rt_word){.s = line.s + 3, .len = line.len - 3});
}

bool rt_front_is_id(const char *id, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!((id[i] >= 'a' && id[i] <= 'z') || (id[i] >= '0' && id[i] <= '9') ||
		      id[i] == '-'))
			return false;
	/* One that begins with - would be an option where it is a file's name. */
	return len > 0 && len <= ID_MAX && id[0] != '-';
}

/* A value in double quotes, with \" and \\; NULL after a mistake. */
static char *unquote(struct rt_reader *reader, int number, struct rt_word value)
{
	struct rt_str out = {0};
	size_t i = 1;

	for (; i < value.len && value.s[i] != '"'; i++) {
		if (value.s[i] == '\\' && i + 1 < value.len &&
		    (value.s[i + 1] == '"' || value.s[i + 1] == '\\'))
			i++;
		rt_str_addc(&out, value.s[i]);
	}
	if (i + 1 == value.len)
		return rt_str_take(&out);
	if (i >= value.len)
		rt_reader_mistake(reader, number, value.at, _("write \" behind it"),
				  _("this text has no end"));
	else
		rt_reader_mistake(reader, number, value.at + i + 1,
				  _("write \\\" for a quote inside"),
				  _("text stands behind the closing quote"));
	rt_str_fini(&out);
	return NULL;
}

static void set_minutes(struct rt_reader *reader, int number, struct rt_word value)
{
	int minutes = 0;

	for (size_t i = 0; i < value.len && minutes <= MINUTES_MAX; i++) {
		if (value.s[i] < '0' || value.s[i] > '9')
			minutes = MINUTES_MAX;
		minutes = minutes * 10 + (value.s[i] - '0');
	}
	if (minutes >= 1 && minutes <= MINUTES_MAX)
		reader->lesson->minutes = minutes;
	else
		rt_reader_mistake(reader, number, value.at, "minutes: 8",
				  _("expected a number of minutes from 1 to %d"), MINUTES_MAX);
	/* Given, if wrong: that it is missing is not to be said as well. */
	if (!reader->lesson->minutes)
		reader->lesson->minutes = -1;
}

/* The ids in value, one or several, each as an id must be. */
static void check_ids(struct rt_reader *reader, int number, struct rt_word value, bool several)
{
	struct rt_lex lex = {.text = value.s, .len = value.len};

	while (!(rt_lex_peek(&lex) == '\0' && lex.at == lex.len)) {
		size_t from = lex.at;

		while (lex.at < lex.len && lex.text[lex.at] != ' ' && lex.text[lex.at] != '\t')
			lex.at++;
		if (!several)
			lex.at = lex.len;
		if (rt_front_is_id(value.s + from, lex.at - from))
			continue;
		rt_reader_mistake(reader, number, value.at + from,
				  several ? "after: one-port per-ip" : "id: time-wait",
				  _("an id has small letters, digits and -, not first, at most "
				    "%d"),
				  ID_MAX);
		return;
	}
}

static bool may_have(const struct rt_reader *reader, const struct key *key)
{
	return !reader->page || key->of_page;
}

static const struct key *find_key(struct rt_reader *reader, int number, struct rt_word name)
{
	struct rt_suggest suggest;
	char *help;

	for (size_t i = 0; i < RT_COUNT(keys); i++)
		if (may_have(reader, &keys[i]) && rt_word_is(name, keys[i].name))
			return &keys[i];
	rt_suggest_init(&suggest, name.s, name.len);
	for (size_t i = 0; i < RT_COUNT(keys); i++)
		if (may_have(reader, &keys[i]))
			rt_suggest_offer(&suggest, keys[i].name);
	help = rt_suggest_help(&suggest,
			       reader->page ? _("there are id, title and question")
					    : _("there are id, title, minutes, question, belief "
						"and after"));
	rt_reader_mistake(reader, number, name.at, help, _("the front matter has no key \"%.*s\""),
			  (int)(name.len < 40 ? name.len : 40), name.s);
	free(help);
	return NULL;
}

static void set_value(struct rt_reader *reader, int number, const struct key *key,
		      struct rt_word value)
{
	bool quoted = value.len > 0 && value.s[0] == '"', several = strcmp(key->name, "after") == 0;
	char *text;

	if (value.len == 0)
		rt_reader_mistake(reader, number, value.at, _(key->example), _("%s has no value"),
				  key->name);
	if (key->offset == 0 && value.len > 0) {
		set_minutes(reader, number, value);
		return;
	}
	if (key->offset == 0) {
		reader->lesson->minutes = -1;
		return;
	}
	text = quoted ? unquote(reader, number, value) : rt_strndup(value.s, value.len);
	if (text && value.len > 0 && (several || strcmp(key->name, "id") == 0))
		check_ids(reader, number,
			  (struct rt_word){.s = text, .len = strlen(text), .at = value.at + quoted},
			  several);
	/* A list of lessons shows it as it is, also of a file that has mistakes elsewhere. */
	*text_of(reader->lesson, key) = text ? rt_text_harmless(text, strlen(text)) : rt_strdup("");
	free(text);
}

static void read_line(struct rt_reader *reader, int number)
{
	struct rt_word line = rt_word_trim(rt_reader_line(reader, number)), name = line,
		       value = line;
	const char *colon = memchr(line.s, ':', line.len);
	const struct key *key;

	if (line.len == 0)
		return;
	if (!colon) {
		rt_reader_mistake(reader, number, line.at, "title: ...",
				  _("expected a key, a colon and a value"));
		return;
	}
	name.len = (size_t)(colon - line.s);
	name = rt_word_trim(name);
	value.s = colon + 1;
	value.at = line.at + (size_t)(value.s - line.s);
	value.len = line.len - (size_t)(value.s - line.s);
	key = find_key(reader, number, name);
	if (!key)
		return;
	if (key->offset ? *text_of(reader->lesson, key) != NULL : reader->lesson->minutes != 0)
		rt_reader_mistake(reader, number, name.at, "", _("%s is given twice"), key->name);
	else
		set_value(reader, number, key, rt_word_trim(value));
}

/* The number of the closing line, or 0. */
static int find_end(const struct rt_reader *reader)
{
	for (size_t i = 1; i < reader->n_lines; i++)
		if (is_rule(rt_reader_line(reader, (int)i + 1)))
			return (int)i + 1;
	return 0;
}

int rt_front_read(struct rt_reader *reader)
{
	struct rt_word first = rt_reader_line(reader, 1);
	int end;

	if (first.len >= 3 && memcmp(first.s, "\xef\xbb\xbf", 3) == 0) {
		first.s += 3;
		first.len -= 3;
	}
	if (!is_rule(first)) {
		rt_reader_mistake(reader, 1, 0,
				  reader->page ? _("a page begins with ---, then id, title and "
						   "question, then ---")
					       : _("a lesson begins with ---, then id, title, "
						   "minutes, question and belief, then ---"),
				  _("expected ---, the beginning of the front matter"));
		return -1;
	}
	end = find_end(reader);
	if (end == 0) {
		rt_reader_mistake(reader, 1, 0, _("write --- behind its last line"),
				  _("the front matter has no end"));
		reader->lost = true;
		return -1;
	}
	reader->body = (size_t)end;
	for (int number = 2; number < end; number++)
		read_line(reader, number);
	for (size_t i = 0; i < RT_COUNT(keys); i++) {
		bool given = keys[i].offset ? *text_of(reader->lesson, &keys[i]) != NULL
					    : reader->lesson->minutes != 0;

		if (!given && keys[i].required && may_have(reader, &keys[i]))
			rt_reader_mistake(reader, end, 0, _(keys[i].example),
					  _("the front matter has no %s"), keys[i].name);
	}
	return 0;
}
