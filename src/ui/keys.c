#include "ui/keys.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ui/layout.h"

/* --- conditions: whether a key does something now --------------------------------------------- */

static enum rt_phase phase_of(const struct rt_ui *ui)
{
	return rt_session_phase(ui->session);
}

static bool has_stage(const struct rt_ui *ui)
{
	return ui->world != NULL;
}

static bool has_lessons(const struct rt_ui *ui)
{
	return ui->catalog->n > 0;
}

static bool is_asked(const struct rt_ui *ui)
{
	return phase_of(ui) == RT_PHASE_ASK;
}

static bool has_choice(const struct rt_ui *ui)
{
	return is_asked(ui) && ui->face.choice >= 0;
}

static bool has_hint(const struct rt_ui *ui)
{
	return is_asked(ui) &&
	       rt_session_hints(ui->session) < rt_session_question(ui->session)->n_hints;
}

static bool is_why(const struct rt_ui *ui)
{
	return ui->face.why;
}

static bool has_why(const struct rt_ui *ui)
{
	return ui->face.why || rt_face_has_why(&ui->face);
}

static bool is_step_done(const struct rt_ui *ui)
{
	enum rt_phase phase = phase_of(ui);

	return phase == RT_PHASE_STEP ||
	       (phase == RT_PHASE_LOST &&
		rt_session_step(ui->session) + 1 < rt_session_lesson(ui->session)->n_steps);
}

static bool is_result(const struct rt_ui *ui)
{
	return phase_of(ui) == RT_PHASE_RESULT;
}

static bool can_run(const struct rt_ui *ui)
{
	return phase_of(ui) == RT_PHASE_READ;
}

static bool is_lost(const struct rt_ui *ui)
{
	return phase_of(ui) == RT_PHASE_LOST;
}

/* There is more below in a panel of text that has the keys that scroll. */
static bool goes_on(const struct rt_ui *ui, enum rt_panel panel)
{
	const struct rt_scroll *scroll = &ui->face.scroll[panel];

	return ui->session && ui->face.focus == panel &&
	       scroll->top + scroll->rows < scroll->lines - scroll->extra;
}

static bool reads_on(const struct rt_ui *ui)
{
	return goes_on(ui, RT_PANEL_READ);
}

static bool has_more(const struct rt_ui *ui)
{
	return goes_on(ui, RT_PANEL_NOW);
}

static bool has_calls(const struct rt_ui *ui)
{
	return can_run(ui) || is_asked(ui);
}

static bool can_go_back(const struct rt_ui *ui)
{
	return rt_session_step(ui->session) > 0 ||
	       (!rt_face_is_stageless(&ui->face) &&
		rt_engine_position(rt_session_engine(ui->session)) > 0);
}

static bool is_waiting(const struct rt_ui *ui)
{
	return rt_engine_waiting_line(rt_session_engine(ui->session)) >= 0;
}

static bool can_end_record(const struct rt_ui *ui)
{
	return rt_face_doomed_row(&ui->face, NULL) != NULL;
}

static bool has_several_records(const struct rt_ui *ui)
{
	size_t several;

	(void)rt_face_doomed_row(&ui->face, &several);
	return several > 0;
}

static bool is_one_panel(const struct rt_ui *ui)
{
	int width = rt_canvas_width(ui->canvas), height = rt_canvas_height(ui->canvas);

	return rt_layout_kind(width, height, ui->face.zoom) == RT_LAYOUT_ONE;
}

/* The step is done, and the key for the other panels needs the room. */
static bool is_small_step_done(const struct rt_ui *ui)
{
	return is_one_panel(ui) && is_step_done(ui);
}

static bool is_kept(const struct rt_ui *ui)
{
	return ui->keeper != NULL;
}

static bool is_reset_asked(const struct rt_ui *ui)
{
	return ui->reset_asked;
}

static bool has_due(const struct rt_ui *ui)
{
	return ui->review.n > 0;
}

static bool has_history(const struct rt_ui *ui)
{
	return ui->tape.n_history > 0;
}

static bool can_play(const struct rt_ui *ui)
{
	return !rt_face_is_stageless(&ui->face);
}

static bool can_what_if(const struct rt_ui *ui)
{
	return can_play(ui) && rt_engine_position(rt_session_engine(ui->session)) > 0;
}

static bool is_choosing(const struct rt_ui *ui)
{
	return ui->tape.mode == RT_WHATIF_CHOOSE;
}

static bool is_explaining(const struct rt_ui *ui)
{
	return ui->tape.mode == RT_WHATIF_WHY;
}

static bool explains_more(const struct rt_ui *ui)
{
	return is_explaining(ui) && ui->tape.why_more;
}

static bool is_changing(const struct rt_ui *ui)
{
	return !is_choosing(ui) && !is_explaining(ui);
}

static bool is_menu(const struct rt_ui *ui)
{
	return ui->tape.mode == RT_WHATIF_MENU;
}

static bool is_typing(const struct rt_ui *ui)
{
	return ui->tape.mode == RT_WHATIF_EDIT || ui->tape.mode == RT_WHATIF_INSERT;
}

/* Whether what is typed is a line of script: in the playground always. */
static bool has_line(const struct rt_ui *ui)
{
	return !ui->tape.whatif.lesson || is_typing(ui);
}

static bool is_review(const struct rt_ui *ui)
{
	return ui->review.running;
}

static bool is_frozen(const struct rt_ui *ui)
{
	return ui->face.frozen != NULL;
}

static bool has_shell(const struct rt_ui *ui)
{
	return ui->shell && !rt_face_is_stageless(&ui->face);
}

static bool is_note(const struct rt_ui *ui)
{
	return ui->face.note;
}

static bool is_zoomed(const struct rt_ui *ui)
{
	return ui->face.zoom;
}

static bool has_step(const struct rt_ui *ui)
{
	const struct rt_reading *reading = &ui->reading;

	return reading->page && reading->n > 0 &&
	       reading->page->entry[reading->shown[reading->at]].n_sees > 0;
}

static bool is_some(const struct rt_ui *ui)
{
	return ui->reading.page && ui->reading.n < ui->reading.page->n;
}

/* --- the table -------------------------------------------------------------------------------- */

static const struct rt_binding bindings[] = {
#define KEYS(a, b, c)                                                                              \
	{                                                                                          \
		(a), (b), (c)                                                                      \
	}
#define RT_BIND(act, grp, whr, keyset, cond, shown, short_words, words)                            \
	{.action = RT_ACT_##act,                                                                   \
	 .group = RT_KEYS_##grp,                                                                   \
	 .where = (whr),                                                                           \
	 .key = keyset,                                                                            \
	 .can = cond,                                                                              \
	 .keys = shown,                                                                            \
	 .bar = short_words,                                                                       \
	 .help = words},
#include "ui/keys.def"
#undef RT_BIND
#undef KEYS
};

const struct rt_binding *rt_bindings(size_t *n)
{
	*n = RT_COUNT(bindings);
	return bindings;
}

const char *rt_key_group_name(enum rt_key_group group)
{
	static const char *const name[RT_KEY_GROUPS] = {
		[RT_KEYS_MOVING] = N_("Moving"),   [RT_KEYS_THINKING] = N_("Thinking"),
		[RT_KEYS_LOOKING] = N_("Looking"), [RT_KEYS_STAGE] = N_("Stage"),
		[RT_KEYS_PROGRAM] = N_("Program"),
	};

	return _(name[group]);
}

static bool holds(const struct rt_ui *ui, const struct rt_binding *binding, unsigned where)
{
	return (binding->where & where) && (!binding->can || binding->can(ui));
}

static bool has_key(const struct rt_binding *binding, uint32_t key)
{
	if (key == RT_KEY_NONE)
		return false;
	for (size_t i = 0; i < RT_COUNT(binding->key); i++)
		if (binding->key[i] == key ||
		    (binding->key[i] == RT_KEY_DIGIT && key >= '1' && key <= '9'))
			return true;
	return false;
}

enum rt_action rt_key_action(const struct rt_ui *ui, uint32_t key)
{
	for (size_t i = 0; i < RT_COUNT(bindings); i++)
		if (has_key(&bindings[i], key) && holds(ui, &bindings[i], ui->screen->where))
			return bindings[i].action;
	return RT_ACT_NONE;
}

enum rt_action rt_key_meant(const struct rt_ui *ui, uint32_t key)
{
	for (size_t i = 0; i < RT_COUNT(bindings); i++)
		if (has_key(&bindings[i], key) && (bindings[i].where & ui->screen->where))
			return bindings[i].action;
	return RT_ACT_NONE;
}

bool rt_action_can(const struct rt_ui *ui, unsigned where, enum rt_action action)
{
	for (size_t i = 0; i < RT_COUNT(bindings); i++)
		if (bindings[i].action == action && bindings[i].key[0] &&
		    holds(ui, &bindings[i], where))
			return true;
	return false;
}

void rt_binding_keys(const struct rt_ui *ui, const struct rt_binding *binding, struct rt_str *out)
{
	size_t answers = binding->key[0] == RT_KEY_DIGIT ? rt_face_answers(&ui->face) : 0;

	if (answers > 0)
		rt_str_addf(out, "1-%zu", answers);
	else if (binding->keys[0])
		rt_str_add(out, _(binding->keys));
}

/* --- the key bar ------------------------------------------------------------------------------ */

enum { BAR_MAX = 24 };

/* Blanks between two keys: fewer where every column counts. */
static int bar_gap(const struct rt_ui *ui)
{
	return rt_canvas_width(ui->canvas) < 60 ? 2 : 3;
}

static int entry_columns(const struct rt_ui *ui, const struct rt_binding *binding)
{
	struct rt_str text = {0};
	int columns;

	rt_binding_keys(ui, binding, &text);
	rt_str_addf(&text, " %s", _(binding->bar));
	columns = rt_columns(rt_str_text(&text), text.len);
	rt_str_fini(&text);
	return columns;
}

static bool is_way_out(const struct rt_binding *binding)
{
	return binding->action == RT_ACT_HELP || binding->action == RT_ACT_LEAVE ||
	       binding->action == RT_ACT_QUIT;
}

/*
 * The bindings for the bar: those of the way out have their room first, the others come while there
 * is some left.
 */
static size_t choose_entries(const struct rt_ui *ui, int width, const struct rt_binding **entry)
{
	const struct rt_binding *found[RT_COUNT(bindings)];
	size_t n = 0, chosen = 0;

	for (size_t i = 0; i < RT_COUNT(bindings); i++) {
		bool shown = bindings[i].bar && holds(ui, &bindings[i], ui->screen->where);

		/* The key that already does something else here says nothing new. */
		for (size_t k = 0; shown && k < n; k++)
			shown = found[k]->key[0] != bindings[i].key[0];
		if (!shown)
			continue;
		found[n++] = &bindings[i];
		if (is_way_out(&bindings[i]))
			width -= entry_columns(ui, &bindings[i]) + bar_gap(ui);
	}
	for (size_t i = 0; i < n && chosen < BAR_MAX; i++) {
		if (!is_way_out(found[i])) {
			int columns = entry_columns(ui, found[i]) + bar_gap(ui);

			if (columns > width)
				continue;
			width -= columns;
		}
		entry[chosen++] = found[i];
	}
	return chosen;
}

void rt_keys_draw_bar(struct rt_ui *ui, int y)
{
	int width = rt_canvas_width(ui->canvas), x = 1;
	struct rt_rect rect = {0, y, width, 1};
	const struct rt_binding *entry[BAR_MAX];
	int gap = bar_gap(ui);
	size_t n = choose_entries(ui, width - 1 + gap, entry);
	struct rt_str text = {0};

	for (size_t i = 0; i < n; i++) {
		rt_str_clear(&text);
		rt_binding_keys(ui, entry[i], &text);
		x = rt_canvas_text(ui->canvas, rect, x, 0, RT_STYLE_KEY, rt_str_text(&text));
		x = rt_canvas_text(ui->canvas, rect, x + 1, 0, RT_STYLE_NORMAL, _(entry[i]->bar)) +
		    gap;
	}
	rt_str_fini(&text);
}
