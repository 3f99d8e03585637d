#include "store/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "store/file.h"
#include "store/folder.h"

enum { CONFIG_BYTES = 64 * 1024, LOCK_MS = 1000 };

static const char file_name[] = "config";

struct rt_config {
	const struct rt_setting *setting;
	size_t n;
	char **value; /* of each setting; NULL for none */
	struct rt_folder folder;
	struct rt_error no_folder;
	struct rt_str news, told; /* to be told; told last */
	struct rt_str trouble;	  /* the last sentence that was told of something that failed */
};

/* --- telling ---------------------------------------------------------------------------------- */

/* The same again is no news. Returns -1. */
static int tell(struct rt_config *config, const struct rt_error *err)
{
	char text[1280];

	rt_error_format(err, text, sizeof(text));
	if (strcmp(rt_str_text(&config->trouble), text) == 0)
		return -1;
	rt_str_clear(&config->trouble);
	rt_str_add(&config->trouble, text);
	rt_str_clear(&config->news);
	rt_str_add(&config->news, text);
	return -1;
}

static int tell_sys(struct rt_config *config, int sys, const char *what)
{
	struct rt_error err;

	rt_error_set(&err, RT_ERR_FAILED, "%s", what);
	rt_error_why(&err, "%s (%s): %.180s/%s", rt_errno_name(sys), strerror(sys),
		     config->folder.path, file_name);
	return tell(config, &err);
}

const char *rt_config_message(struct rt_config *config)
{
	rt_str_fini(&config->told);
	config->told = config->news;
	config->news = (struct rt_str){0};
	return config->told.len ? config->told.s : NULL;
}

/* --- one line --------------------------------------------------------------------------------- */

struct part {
	const char *s;
	size_t len;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct part trim(const char *s, size_t len)
{
	while (len > 0 && is_blank(s[0])) {
		s++;
		len--;
	}
	while (len > 0 && is_blank(s[len - 1]))
		len--;
	return (struct part){s, len};
}

enum line_kind { LINE_EMPTY, LINE_SETS, LINE_WRONG };

static enum line_kind read_line(struct part line, struct part *key, struct part *value)
{
	struct part text = trim(line.s, line.len);
	const char *sign = text.len ? memchr(text.s, '=', text.len) : NULL;

	if (text.len == 0 || text.s[0] == '#')
		return LINE_EMPTY;
	if (!sign)
		return LINE_WRONG;
	*key = trim(text.s, (size_t)(sign - text.s));
	*value = trim(sign + 1, text.len - (size_t)(sign - text.s) - 1);
	return LINE_SETS;
}

static bool is_word(struct part part, const char *word)
{
	return strlen(word) == part.len && memcmp(part.s, word, part.len) == 0;
}

/* The index of the setting, n for none. */
static size_t find(const struct rt_config *config, struct part key)
{
	size_t i = 0;

	while (i < config->n && !is_word(key, config->setting[i].key))
		i++;
	return i;
}

/* Goes over the next line of text; false at its end. */
static bool next_line(struct part *text, struct part *line)
{
	const char *end;

	if (text->len == 0)
		return false;
	end = memchr(text->s, '\n', text->len);
	line->s = text->s;
	line->len = end ? (size_t)(end - text->s) : text->len;
	text->s += line->len + (end != NULL);
	text->len -= line->len + (end != NULL);
	return true;
}

/* --- the whole -------------------------------------------------------------------------------- */

static void set_value(struct rt_config *config, size_t i, struct part value)
{
	free(config->value[i]);
	config->value[i] = rt_strndup(value.s, value.len);
}

static int fail_line(struct rt_config *config, int number, const char *why)
{
	struct rt_error err;

	rt_error_set(&err, RT_ERR_FAILED, _("your settings have a mistake"));
	rt_error_why(&err, _("line %d of %.180s/%s: %s"), number, config->folder.path, file_name,
		     why);
	rt_error_fix(&err, "%s",
		     _("mend it or delete the file; until then nothing is written there"));
	return tell(config, &err);
}

/* Takes what one line says. Returns 0, or -1 with the message. */
static int take_line(struct rt_config *config, struct part line, int number)
{
	struct part key, value;
	enum line_kind kind = read_line(line, &key, &value);
	char why[160], *word;
	bool takes;
	size_t i;

	if (kind == LINE_EMPTY)
		return 0;
	if (kind == LINE_WRONG)
		return fail_line(config, number, _("it is no `key = value`"));
	i = find(config, key);
	if (i == config->n)
		return fail_line(config, number, _("it sets nothing that there is"));
	word = rt_strndup(value.s, value.len);
	takes = strlen(word) == value.len && config->setting[i].takes(word);
	free(word);
	if (!takes) {
		snprintf(why, sizeof(why), _("%s is one of: %s"), config->setting[i].key,
			 _(config->setting[i].values));
		return fail_line(config, number, why);
	}
	set_value(config, i, value);
	return 0;
}

/* Takes what the file says. The first mistake is told, the lines below it count. */
static int take_text(struct rt_config *config, const struct rt_str *all)
{
	struct part text = {rt_str_text(all), all->len}, line;
	int number = 0, status = 0;

	while (next_line(&text, &line)) {
		number++;
		if (status == 0)
			status = take_line(config, line, number);
	}
	return status;
}

/* Reads the file of the open folder into *text; one that is not there is empty. */
static int read_text(struct rt_config *config, int dir, struct rt_str *text)
{
	if (rt_file_read(dir, file_name, CONFIG_BYTES, text) == 0 || errno == ENOENT)
		return 0;
	return tell_sys(config, errno, _("your settings cannot be read, and none are written"));
}

struct rt_config *rt_config_open(const struct rt_setting *setting, size_t n)
{
	struct rt_config *config = rt_calloc(1, sizeof(*config));
	struct rt_str text = {0};
	int dir;

	config->setting = setting;
	config->n = n;
	config->value = rt_calloc(n, sizeof(config->value[0]));
	/* Without a folder there is nothing to read; that nothing can be kept is told later. */
	if (rt_folder_find(&config->folder, RT_FOLDER_CONFIG, &config->no_folder) < 0)
		return config;
	dir = rt_folder_open(&config->folder, false);
	if (dir < 0) {
		if (errno != ENOENT)
			tell_sys(config, errno, _("your settings cannot be read"));
		return config;
	}
	if (read_text(config, dir, &text) == 0)
		take_text(config, &text);
	close(dir);
	rt_str_fini(&text);
	return config;
}

void rt_config_free(struct rt_config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < config->n; i++)
		free(config->value[i]);
	free(config->value);
	rt_folder_fini(&config->folder);
	rt_str_fini(&config->news);
	rt_str_fini(&config->told);
	rt_str_fini(&config->trouble);
	free(config);
}

const char *rt_config_get(const struct rt_config *config, const char *key)
{
	size_t i = find(config, (struct part){key, strlen(key)});

	return i < config->n ? config->value[i] : NULL;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* A copy of the text in which the last line that sets the key, or a new one, has the value. */
static void rewrite(const struct rt_str *all, const char *key, const char *value,
		    struct rt_str *out)
{
	struct part text = {rt_str_text(all), all->len}, line, is, of, last = {NULL, 0};

	while (next_line(&text, &line))
		if (read_line(line, &is, &of) == LINE_SETS && is_word(is, key))
			last = of;
	if (last.s) {
		const char *behind = last.s + last.len, *begin = rt_str_text(all);

		rt_str_addn(out, begin, (size_t)(last.s - begin));
		rt_str_add(out, value);
		rt_str_addn(out, behind, all->len - (size_t)(behind - begin));
		return;
	}
	rt_str_addn(out, rt_str_text(all), all->len);
	if (out->len && out->s[out->len - 1] != '\n')
		rt_str_addc(out, '\n');
	rt_str_addf(out, "%s = %s\n", key, value);
}

/* With the lock held: another copy may have written since. */
static int write_locked(struct rt_config *config, int dir, const char *key, const char *value)
{
	size_t i = find(config, (struct part){key, strlen(key)});
	struct rt_str before = {0}, after = {0};
	int status = read_text(config, dir, &before);

	if (status == 0)
		status = take_text(config, &before);
	if (status == 0)
		rewrite(&before, key, value, &after);
	if (status == 0 && (after.len != before.len || memcmp(after.s, before.s, after.len) != 0) &&
	    rt_file_replace(dir, file_name, after.s, after.len) < 0)
		status = tell_sys(config, errno, _("your settings cannot be saved"));
	if (status == 0) {
		set_value(config, i, (struct part){value, strlen(value)});
		rt_str_clear(&config->trouble);
	}
	rt_str_fini(&before);
	rt_str_fini(&after);
	return status;
}

int rt_config_set(struct rt_config *config, const char *key, const char *value)
{
	int dir, lock, status;

	if (!config->folder.path)
		return tell(config, &config->no_folder);
	dir = rt_folder_open(&config->folder, true);
	if (dir < 0)
		return tell_sys(config, errno, _("your settings cannot be saved"));
	lock = rt_file_lock(dir, file_name, LOCK_MS);
	if (lock < 0) {
		status = tell_sys(config, errno, _("your settings cannot be saved"));
	} else {
		status = write_locked(config, dir, key, value);
		close(lock);
	}
	close(dir);
	return status;
}
