/* A lesson: from its file to the value, and what is asked of the value. */
#include "lesson/lesson.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/reader.h"

/* What a front matter may take of a file. */
enum { HEAD_BYTES_MAX = 16384 };

static void step_fini(struct rt_step *step)
{
	for (size_t i = 0; i < step->n_paras; i++)
		rt_para_fini(&step->para[i]);
	free(step->para);
	free(step->id);
	free(step->title);
	free(step->note);
}

void rt_lesson_free(struct rt_lesson *lesson)
{
	if (!lesson)
		return;
	for (size_t i = 0; i < lesson->n_steps; i++)
		step_fini(&lesson->step[i]);
	for (size_t i = 0; i < lesson->n_lines; i++)
		rt_line_fini(&lesson->line[i]);
	for (size_t i = 0; i < lesson->n_predicts; i++)
		rt_predict_fini(&lesson->predict[i]);
	free(lesson->step);
	free(lesson->line);
	free(lesson->predict);
	free(lesson->path);
	free(lesson->text);
	free(lesson->id);
	free(lesson->title);
	free(lesson->question);
	free(lesson->belief);
	free(lesson->after);
	free(lesson);
}

/* --- reading ---------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
	const struct rt_mistake *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->column < y->column ? -1 : x->column > y->column;
}

/* NAME.md holds the lesson NAME: then a file can be found by its id. */
void rt_reader_check_name(struct rt_reader *reader)
{
	const char *slash = strrchr(reader->path, '/'), *name = slash ? slash + 1 : reader->path;
	const char *id = reader->lesson->id;
	size_t len = strlen(name);
	int number = 1;

	if (!id || !rt_front_is_id(id, strlen(id)))
		return;
	if (len > 3 && strcmp(name + len - 3, ".md") == 0)
		len -= 3;
	if (strlen(id) == len && memcmp(id, name, len) == 0)
		return;
	while ((size_t)number < reader->body &&
	       !memmem(rt_reader_line(reader, number).s, rt_reader_line(reader, number).len, id,
		       strlen(id)))
		number++;
	rt_reader_mistake(reader, number, 0,
			  reader->page ? _("the file NAME.md holds the page whose id is NAME")
				       : _("the file NAME.md holds the lesson whose id is NAME"),
			  _("the id is %.64s and the file's name is %.64s"), id, name);
}

int rt_reader_judge(struct rt_reader *reader, struct rt_error *err)
{
	struct rt_mistakes *mistakes = reader->mistakes;
	char *shown;

	if (mistakes->n == 0)
		return 0;
	qsort(mistakes->mistake, mistakes->n, sizeof(mistakes->mistake[0]), by_place);
	shown = rt_text_harmless(reader->path, strlen(reader->path));
	if (mistakes->n >= RT_LESSON_ERRORS_MAX)
		rt_error_set(err, RT_ERR_LESSON, _("%.200s has %zu mistakes or more"), shown,
			     mistakes->n);
	else
		rt_error_set(err, RT_ERR_LESSON,
			     P_("%.200s has %zu mistake", "%.200s has %zu mistakes", mistakes->n),
			     shown, mistakes->n);
	free(shown);
	return -1;
}

/* The lesson where no mistake was found, else NULL with err. Ends the reader. */
static struct rt_lesson *finish(struct rt_reader *reader, struct rt_error *err)
{
	struct rt_lesson *lesson = NULL;

	if (rt_reader_judge(reader, err) == 0) {
		lesson = reader->lesson;
		if (!lesson->after)
			lesson->after = rt_strdup("");
		reader->lesson = NULL;
	}
	rt_reader_fini(reader);
	return lesson;
}

static struct rt_lesson *parse(const char *text, size_t len, const char *path, bool is_file,
			       struct rt_mistakes *mistakes, struct rt_error *err)
{
	struct rt_reader reader;
	bool head;

	memset(mistakes, 0, sizeof(*mistakes));
	if (len > RT_LESSON_BYTES_MAX) {
		rt_error_set(err, RT_ERR_LESSON, _("this lesson cannot be read"));
		rt_error_why(err, _("it has %zu bytes, and a lesson has at most %d"), len,
			     RT_LESSON_BYTES_MAX);
		return NULL;
	}
	rt_reader_init(&reader, text, len, path, mistakes);
	rt_reader_check_bytes(&reader);
	head = rt_front_read(&reader) == 0;
	if (head && is_file)
		rt_reader_check_name(&reader);
	if (!reader.lost)
		rt_prose_read(&reader);
	if (!reader.lost)
		rt_step_check(&reader);
	if (!reader.lost)
		rt_predict_resolve(&reader);
	return finish(&reader, err);
}

struct rt_lesson *rt_lesson_parse(const char *text, size_t len, const char *path,
				  struct rt_mistakes *mistakes, struct rt_error *err)
{
	struct rt_lesson *lesson = parse(text, len, path, false, mistakes, err);

	if (lesson) {
		lesson->text = rt_strndup(text, len);
		lesson->text_len = len;
	}
	return lesson;
}

struct rt_lesson *rt_lesson_load(const char *path, struct rt_mistakes *mistakes,
				 struct rt_error *err)
{
	struct rt_lesson *lesson;
	char *text;
	size_t len;

	memset(mistakes, 0, sizeof(*mistakes));
	if (rt_reader_load(path, RT_LESSON_BYTES_MAX, true, &text, &len, err) < 0)
		return NULL;
	lesson = parse(text, len, path, true, mistakes, err);
	if (!lesson) {
		free(text);
		return NULL;
	}
	lesson->text = text;
	lesson->text_len = len;
	return lesson;
}

struct rt_lesson *rt_lesson_load_head(const char *path, struct rt_error *err)
{
	struct rt_mistakes mistakes = {0};
	struct rt_lesson *lesson = NULL;
	struct rt_reader reader;
	char *text;
	size_t len;

	if (rt_reader_load(path, HEAD_BYTES_MAX, false, &text, &len, err) < 0)
		return NULL;
	rt_reader_init(&reader, text, len, path, &mistakes);
	if (rt_front_read(&reader) == 0)
		rt_reader_check_name(&reader);
	lesson = finish(&reader, err);
	if (!lesson)
		rt_error_why(err, _("line %d: %s"), mistakes.mistake[0].line,
			     mistakes.mistake[0].what);
	rt_mistakes_fini(&mistakes);
	free(text);
	return lesson;
}

int rt_lesson_text(const char *path, char **text, size_t *len, struct rt_error *err)
{
	return rt_reader_load(path, RT_LESSON_BYTES_MAX, true, text, len, err);
}

/* --- asking ----------------------------------------------------------------------------------- */

/* http://www.isthe.com/chongo/tech/comp/fnv/ */
uint64_t rt_lesson_hash(const struct rt_lesson *lesson)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (size_t i = 0; i < lesson->text_len; i++)
		hash = (hash ^ (unsigned char)lesson->text[i]) * 0x100000001b3;
	return hash;
}

bool rt_lesson_is_id(const char *id)
{
	return rt_front_is_id(id, strlen(id));
}

int rt_lesson_find_step(const struct rt_lesson *lesson, const char *id)
{
	size_t number = 0;

	for (size_t i = 0; i < lesson->n_steps; i++)
		if (strcmp(lesson->step[i].id, id) == 0)
			return (int)i;
	for (const char *s = id; *s; s++) {
		if (*s < '0' || *s > '9')
			return -1;
		number = number * 10 + (size_t)(*s - '0');
		if (number > lesson->n_steps)
			return -1;
	}
	return (int)number - 1;
}

static bool is_wait(const struct rt_line *line)
{
	return line->kind == RT_LINE_CALL && line->call.id == RT_CALL_WAIT;
}

bool rt_lesson_may_wait(const struct rt_lesson *lesson, const struct rt_line *line)
{
	size_t waits = is_wait(line);

	for (size_t i = 0; waits > 0 && i < lesson->n_lines; i++)
		waits += is_wait(&lesson->line[i]);
	return waits <= RT_LESSON_WAITS_MAX;
}

const struct rt_predict *rt_lesson_predict(const struct rt_lesson *lesson, size_t line)
{
	for (size_t i = 0; i < lesson->n_predicts; i++)
		if (lesson->predict[i].asked_at == line)
			return &lesson->predict[i];
	return NULL;
}

const struct rt_predict *rt_lesson_question(const struct rt_lesson *lesson, const char *label)
{
	for (size_t i = 0; i < lesson->n_predicts; i++)
		if (strcmp(lesson->predict[i].label, label) == 0)
			return &lesson->predict[i];
	return NULL;
}
