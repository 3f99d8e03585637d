/*
 * Marks for translation. Every sentence that a person reads stands in _() where it is used, or in
 * N_() where it stands in a table and is translated on its way out.
 */
#ifndef RT_BASE_I18N_H
#define RT_BASE_I18N_H

#include <stdbool.h>

/*
 * Whose translations, and in which folder they are installed: both are borrowed. Once, before
 * anything else; a program that does not say it has its locale to itself.
 */
void rt_i18n_set(const char *package, const char *folder);

/*
 * Takes the characters and the language that the environment asks for, where that was not done. The
 * first sentence does so too; whoever counts columns, or has a library that does, says it before.
 */
void rt_i18n_begin(void);

/* Whether its characters are those of UTF-8. */
bool rt_i18n_is_utf8(void);

/* The sentence in that language, as gettext(3) and ngettext(3). Not to be freed. */
const char *rt_i18n_text(const char *text) __attribute__((format_arg(1)));
const char *rt_i18n_plural(const char *one, const char *many, unsigned long n)
	__attribute__((format_arg(1), format_arg(2)));

#define _(text) rt_i18n_text(text)
#define N_(text) (text)
#define P_(one, many, n) rt_i18n_plural((one), (many), (unsigned long)(n))

#endif
