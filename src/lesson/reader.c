#include "lesson/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"

/*
 * The same line ends as CommonMark: \n, \r\n, \r. Otherwise its line numbers would be others than
 * these. cr is the first \r from `at` on, or the end.
 */
static size_t next_line(const char *text, size_t len, size_t at, size_t cr)
{
	const char *found = memchr(text + at, '\n', cr - at);

	if (found)
		return (size_t)(found - text) + 1;
	if (cr + 1 < len && text[cr + 1] == '\n')
		return cr + 2;
	return cr < len ? cr + 1 : len;
}

static size_t next_cr(const char *text, size_t len, size_t at)
{
	const char *found = at < len ? memchr(text + at, '\r', len - at) : NULL;

	return found ? (size_t)(found - text) : len;
}

void rt_reader_init(struct rt_reader *reader, const char *text, size_t len, const char *path,
		    struct rt_mistakes *mistakes)
{
	size_t cap = 0, cr = next_cr(text, len, 0);

	*reader = (struct rt_reader){
		.path = path, .text = text, .len = len, .mistakes = mistakes, .fresh = true};
	for (size_t at = 0; at < len; at = next_line(text, len, at, cr)) {
		if (cr < at)
			cr = next_cr(text, len, at);
		RT_GROW(reader->begin, reader->n_lines, cap);
		reader->begin[reader->n_lines++] = at;
	}
	RT_GROW(reader->begin, reader->n_lines, cap);
	reader->begin[reader->n_lines] = len;
	reader->lesson = rt_calloc(1, sizeof(*reader->lesson));
	reader->lesson->path = rt_strdup(path);
	reader->scope = rt_scope_new();
}

void rt_reader_fini(struct rt_reader *reader)
{
	for (size_t i = 0; i < reader->n_questions; i++)
		rt_predict_fini(&reader->question[i].predict);
	free(reader->question);
	free(reader->begin);
	rt_scope_free(reader->scope);
	rt_lesson_free(reader->lesson);
	memset(reader, 0, sizeof(*reader));
}

struct rt_word rt_reader_line(const struct rt_reader *reader, int number)
{
	struct rt_word line = {.s = ""};
	size_t i = (size_t)number - 1;

	if (number < 1 || i >= reader->n_lines)
		return line;
	line.s = reader->text + reader->begin[i];
	line.len = reader->begin[i + 1] - reader->begin[i];
	while (line.len > 0 && (line.s[line.len - 1] == '\n' || line.s[line.len - 1] == '\r'))
		line.len--;
	return line;
}

size_t rt_reader_offset(const struct rt_reader *reader, int number)
{
	size_t i = number < 1 ? 0 : (size_t)number - 1;

	return i < reader->n_lines ? reader->begin[i] : reader->len;
}

/* Room for one mistake more, or NULL: then nothing more is looked for. */
static struct rt_mistake *add_mistake(struct rt_reader *reader)
{
	struct rt_mistakes *mistakes = reader->mistakes;

	if (mistakes->n >= RT_LESSON_ERRORS_MAX) {
		reader->lost = true;
		return NULL;
	}
	RT_GROW(mistakes->mistake, mistakes->n, mistakes->cap);
	return &mistakes->mistake[mistakes->n++];
}

void rt_reader_mistake(struct rt_reader *reader, int number, size_t at, const char *help,
		       const char *what, ...)
{
	struct rt_word line = rt_reader_line(reader, number);
	struct rt_mistake *mistake = add_mistake(reader);
	char *plain = NULL;
	va_list ap;

	if (!mistake)
		return;
	va_start(ap, what);
	if (vasprintf(&plain, what, ap) < 0)
		plain = rt_strdup(what);
	va_end(ap);
	rt_mistake_set(mistake, line.s, line.len, at, rt_text_harmless(plain, strlen(plain)),
		       rt_strdup(help));
	mistake->line = number;
	free(plain);
}

void rt_reader_adopt(struct rt_reader *reader, int number, struct rt_mistake *from)
{
	struct rt_word line = rt_reader_line(reader, number);
	struct rt_mistake *mistake = add_mistake(reader);

	if (!mistake) {
		rt_mistake_fini(from);
		return;
	}
	/* A column is at most four bytes of UTF-8, not counting those that combine. */
	rt_mistake_set(mistake, line.s, line.len, (size_t)from->column * 4, from->what, from->help);
	mistake->line = number;
	mistake->column = from->column;
	free(from->text);
	memset(from, 0, sizeof(*from));
}

/* Nearly every text is ASCII, and each start of the program reads a whole lesson. */
static bool is_plain(const char *text, size_t len)
{
	uint64_t bits = 0, word;
	size_t i = 0;

	for (; i + sizeof(word) <= len; i += sizeof(word)) {
		memcpy(&word, text + i, sizeof(word));
		bits |= word;
	}
	for (; i < len; i++)
		bits |= (unsigned char)text[i];
	return (bits & UINT64_C(0x8080808080808080)) == 0 && !memchr(text, '\0', len);
}

static void check_line(struct rt_reader *reader, int number)
{
	struct rt_word line = rt_reader_line(reader, number);
	uint32_t c;

	for (size_t n, at = 0; (n = rt_utf8_next(line.s + at, line.len - at, &c)) > 0; at += n) {
		if (line.s[at] == '\0') {
			rt_reader_mistake(reader, number, at, "",
					  _("a NUL byte stands here; a lesson is text"));
			return;
		}
		/* One byte that is not ASCII: it is no character. U+FFFD itself has three. */
		if (c == RT_REPLACEMENT && n == 1 && (unsigned char)line.s[at] >= 0x80) {
			rt_reader_mistake(reader, number, at, _("save the file as UTF-8"),
					  _("byte 0x%02x is not UTF-8"), (unsigned char)line.s[at]);
			return;
		}
	}
}

void rt_reader_check_bytes(struct rt_reader *reader)
{
	if (reader->len == 0 || is_plain(reader->text, reader->len))
		return;
	for (size_t i = 0; i < reader->n_lines && !reader->lost; i++)
		check_line(reader, (int)i + 1);
}

/* --- the file --------------------------------------------------------------------------------- */

static int fail_read(struct rt_error *err, int sys, const char *path)
{
	char *shown = rt_text_harmless(path, strlen(path));

	rt_error_sys(err, RT_ERR_LESSON, sys, _("cannot read \"%.200s\""), shown);
	free(shown);
	return -1;
}

static int check_kind(const struct stat *st, const char *path, size_t max, bool whole,
		      struct rt_error *err)
{
	char *shown;

	if (S_ISDIR(st->st_mode))
		return fail_read(err, EISDIR, path);
	if (S_ISREG(st->st_mode) && (!whole || st->st_size <= (off_t)max))
		return 0;
	shown = rt_text_harmless(path, strlen(path));
	rt_error_set(err, RT_ERR_LESSON, _("cannot read \"%.200s\""), shown);
	free(shown);
	if (!S_ISREG(st->st_mode))
		return rt_error_why(err, "%s", _("it is not a regular file"));
	return rt_error_why(err, _("it has %lld bytes, and a lesson has at most %zu"),
			    (long long)st->st_size, max);
}

static int read_all(int fd, char *text, size_t max, size_t *len)
{
	ssize_t n;

	*len = 0;
	while (*len < max) {
		n = read(fd, text + *len, max - *len);
		if (n == 0)
			break;
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			*len += (size_t)n;
	}
	return 0;
}

int rt_reader_load(const char *path, size_t max, bool whole, char **text, size_t *len,
		   struct rt_error *err)
{
	/* A FIFO without a writer would hold open(2) up. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	*text = NULL;
	if (fd < 0)
		return fail_read(err, errno, path);
	if (fstat(fd, &st) < 0) {
		fail_read(err, errno, path);
		goto fail;
	}
	if (check_kind(&st, path, max, whole, err) < 0)
		goto fail;
	/* A file that grows meanwhile is read as long as it was: the next read of it is whole. */
	if (st.st_size >= 0 && (size_t)st.st_size < max)
		max = (size_t)st.st_size;
	*text = rt_calloc(max + 1, 1);
	if (read_all(fd, *text, max, len) < 0) {
		fail_read(err, errno, path);
		goto fail;
	}
	close(fd);
	return 0;
fail:
	free(*text);
	*text = NULL;
	close(fd);
	return -1;
}

/* --- small things ----------------------------------------------------------------------------- */

static bool ends_wide(const char *text, size_t len)
{
	size_t at = len;
	uint32_t c;

	while (at > 0 && ((unsigned char)text[at - 1] & 0xc0) == 0x80)
		at--;
	if (at == 0)
		return false;
	rt_utf8_next(text + at - 1, len - at + 1, &c);
	return rt_char_columns(c) == 2;
}

bool rt_text_needs_blank(const char *before, size_t before_len, const char *text, size_t len)
{
	uint32_t c = 0;

	rt_utf8_next(text, len, &c);
	return before_len > 0 && !(ends_wide(before, before_len) && rt_char_columns(c) == 2);
}

void rt_text_join(struct rt_str *out, const char *text, size_t len)
{
	if (rt_text_needs_blank(out->s, out->len, text, len))
		rt_str_addc(out, ' ');
	rt_str_addn(out, text, len);
}

bool rt_word_is_blank(struct rt_word word)
{
	return rt_word_trim(word).len == 0;
}

struct rt_word rt_word_trim(struct rt_word word)
{
	while (word.len > 0 && (word.s[0] == ' ' || word.s[0] == '\t')) {
		word.s++;
		word.at++;
		word.len--;
	}
	while (word.len > 0 && (word.s[word.len - 1] == ' ' || word.s[word.len - 1] == '\t'))
		word.len--;
	return word;
}
