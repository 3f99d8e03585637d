/* What the doctor found, as a table for people and as JSON. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "cmd/doctor.h"
#include "lesson/lex.h"
#include "report/json.h"
#include "report/plain.h"

enum { COLUMNS = 4, GAP = 2 };

static const int width_of[COLUMNS] = {22, 3, 20, 27}; /* 78 with the gaps */

static const char *verdict_text(enum rt_presence presence)
{
	static const char *const text[] = {
		[RT_PRESENT] = N_("yes"), [RT_ABSENT] = N_("no"), [RT_UNKNOWN] = "?"};

	return presence == RT_UNKNOWN ? text[presence] : _(text[presence]);
}

/* How much of text goes into one line of width columns: whole words, a longer word in parts. */
static size_t line_of(const char *text, int width)
{
	size_t len = strlen(text), fits = rt_utf8_fit(text, len, width), cut = fits;

	if (fits == len || text[fits] == ' ')
		return fits;
	while (cut > 0 && text[cut - 1] != ' ')
		cut--;
	return cut > 0 ? cut : fits;
}

/* Writes the next line of a cell and moves *text behind it. Returns the columns written. */
static int put_line(FILE *out, const char **text, int width)
{
	size_t len = line_of(*text, width), shown = len;

	while (shown > 0 && (*text)[shown - 1] == ' ')
		shown--;
	fwrite(*text, 1, shown, out);
	len += strspn(*text + len, " ");
	*text += len;
	return rt_columns(*text - len, shown);
}

/* One row of the table: as many lines as its longest cell needs. */
static void put_row(FILE *out, const char *const cell[COLUMNS])
{
	const char *rest[COLUMNS];
	bool more = true;

	memcpy(rest, cell, sizeof(rest));
	while (more) {
		int owed = 0;

		more = false;
		for (int i = 0; i < COLUMNS; i++) {
			if (*rest[i]) {
				fprintf(out, "%*s", owed, "");
				owed = -put_line(out, &rest[i], width_of[i]);
			}
			owed += width_of[i] + GAP;
			more = more || *rest[i];
		}
		putc('\n', out);
	}
}

/* Whether a word of text would have to be cut: a path, which people copy. */
static bool is_long(const char *text)
{
	while (*(text += strspn(text, " "))) {
		size_t len = strcspn(text, " ");

		if (rt_columns(text, len) > width_of[COLUMNS - 1])
			return true;
		text += len;
	}
	return false;
}

static void put_finding(FILE *out, const struct rt_finding *finding)
{
	const char *need = rt_str_text(&finding->need), *found = rt_str_text(&finding->found);
	char *harmless = rt_text_harmless(found, strlen(found));
	const char *shown = *found || finding->presence != RT_UNKNOWN ? harmless : _("not tried");
	const char *cell[COLUMNS] = {_(finding->name), verdict_text(finding->presence), need,
				     is_long(shown) ? "" : shown};

	put_row(out, cell);
	if (is_long(shown))
		rt_plain_wrap(out, "      ", shown);
	if (finding->fix.len)
		rt_plain_wrap(out, "      -> ", finding->fix.s);
	free(harmless);
}

static bool is_spared(const struct rt_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++)
		if (findings->finding[i].spared && findings->finding[i].presence == RT_ABSENT)
			return true;
	return false;
}

/* A sentence for those who read no tables. */
static void put_summary(FILE *out, const struct rt_findings *findings)
{
	struct rt_str missing = {0};

	switch (rt_findings_status(findings)) {
	case 0:
		rt_plain_wrap(out, "",
			      is_spared(findings)
				      ? _("Every lesson runs here. Steps that miss something show "
					  "what was recorded.")
				      : _("All that the lessons need is here."));
		return;
	case RT_ERR_STAGE:
		rt_plain_wrap(out, "",
			      _("No stage can be built: the lessons can be read and not run."));
		return;
	}
	for (size_t i = 0; i < findings->n; i++) {
		const struct rt_finding *finding = &findings->finding[i];

		if (finding->required && finding->presence == RT_ABSENT)
			rt_str_addf(&missing, "%s%s", missing.len ? ", " : "", _(finding->name));
	}
	rt_plain_wrap(out, _("Lessons need what is missing here: "), rt_str_text(&missing));
	rt_str_fini(&missing);
}

void rt_doctor_print(FILE *out, const struct rt_findings *findings)
{
	const char *head[COLUMNS] = {_("capability"), "", _("needed for"), _("found")};

	put_row(out, head);
	for (size_t i = 0; i < findings->n; i++)
		put_finding(out, &findings->finding[i]);
	putc('\n', out);
	put_summary(out, findings);
}

/* Any bytes, made the UTF-8 that JSON asks for. */
static json_t *json_text(const struct rt_str *str)
{
	char *harmless = rt_text_harmless(rt_str_text(str), str->len);
	json_t *json = json_string(harmless);

	free(harmless);
	return json;
}

static json_t *json_finding(const struct rt_finding *finding)
{
	json_t *json = json_object();

	json_object_set_new(json, "id", json_string(finding->id));
	json_object_set_new(json, "name", json_string(_(finding->name)));
	json_object_set_new(json, "ok",
			    finding->presence == RT_UNKNOWN
				    ? json_null()
				    : json_boolean(finding->presence == RT_PRESENT));
	json_object_set_new(json, "required", json_boolean(finding->required));
	json_object_set_new(json, "needed_for", json_text(&finding->need));
	json_object_set_new(json, "found", json_text(&finding->found));
	json_object_set_new(json, "fix", json_text(&finding->fix));
	return json;
}

void rt_doctor_print_json(FILE *out, const struct rt_findings *findings)
{
	json_t *json = json_object(), *list = json_array();

	for (size_t i = 0; i < findings->n; i++)
		json_array_append_new(list, json_finding(&findings->finding[i]));
	json_object_set_new(json, "status", json_integer(rt_findings_status(findings)));
	json_object_set_new(json, "capabilities", list);
	rt_json_print(out, json, JSON_INDENT(1));
	putc('\n', out);
	json_decref(json);
}
