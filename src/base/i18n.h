/*
 * Marks for translation. Every sentence that a person reads stands in _() where it is used, or in
 * N_() where it stands in a table and is translated on its way out.
 */
#ifndef RT_BASE_I18N_H
#define RT_BASE_I18N_H

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) (text)
#define P_(one, many, n) ngettext((one), (many), (unsigned long)(n))

#endif
