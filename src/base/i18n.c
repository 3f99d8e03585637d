#include "base/i18n.h"

#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/*
 * Set once. Where no language is asked for, gettext(3) is not: it looks for a translation of each
 * sentence, in C.UTF-8 too, and a screen has a hundred of them.
 */
static enum { NOT_BEGUN, ORIGINAL, TRANSLATED } language;

static struct {
	const char *package, *folder;
} translations;

void rt_i18n_set(const char *package, const char *folder)
{
	translations.package = package;
	translations.folder = folder;
}

static bool is_set(const char *value)
{
	return value && value[0];
}

/*
 * Whether the environment asks for a language: not by C or POSIX, and by C with a character set
 * only where LANGUAGE names one.
 */
static bool wants_language(void)
{
	/* The order of locale(7). */
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	const char *value = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !is_set(value); i++)
		value = getenv(names[i]);
	if (!is_set(value) || strcmp(value, "C") == 0 || strcmp(value, "POSIX") == 0)
		return false;
	return strncmp(value, "C.", 2) != 0 || is_set(getenv("LANGUAGE"));
}

void rt_i18n_begin(void)
{
	/*
	 * Of a locale the program needs its characters and its language; each other part is a file
	 * more to open.
	 */
	if (language != NOT_BEGUN || !translations.package)
		return;
	language = wants_language() ? TRANSLATED : ORIGINAL;
	setlocale(LC_CTYPE, "");
	if (language == ORIGINAL)
		return;
	setlocale(LC_MESSAGES, "");
	bindtextdomain(translations.package, translations.folder);
	textdomain(translations.package);
}

bool rt_i18n_is_utf8(void)
{
	rt_i18n_begin();
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

const char *rt_i18n_text(const char *text)
{
	rt_i18n_begin();
	return language == TRANSLATED ? gettext(text) : text;
}

const char *rt_i18n_plural(const char *one, const char *many, unsigned long n)
{
	rt_i18n_begin();
	if (language == TRANSLATED)
		return ngettext(one, many, n);
	return n == 1 ? one : many;
}
