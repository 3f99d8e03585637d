/*
 * The keys, from one table: keys.def. The key bar, the help and what a key does all come from it.
 */
#ifndef RT_UI_KEYS_H
#define RT_UI_KEYS_H

#include "ui/screen.h"

enum rt_key_group {
	RT_KEYS_MOVING,
	RT_KEYS_THINKING,
	RT_KEYS_LOOKING,
	RT_KEYS_STAGE,
	RT_KEYS_PROGRAM,
	RT_KEY_GROUPS
};

/* Stands in the table for the keys 1 to 9. */
enum { RT_KEY_DIGIT = 0x120000 };

struct rt_binding {
	enum rt_action action;
	enum rt_key_group group;
	unsigned where; /* enum rt_where, joined */
	uint32_t key[3];
	bool (*can)(const struct rt_ui *ui); /* whether it does something now; NULL: always */
	const char *keys;		     /* as they are shown */
	const char *bar;		     /* short, for the key bar; NULL: not there */
	const char *help;		     /* NULL: not in the help */
};

const struct rt_binding *rt_bindings(size_t *n);

/* "Moving", "Thinking" ... */
const char *rt_key_group_name(enum rt_key_group group);

/* What the key does on the screen that is shown now, RT_ACT_NONE for nothing. */
enum rt_action rt_key_action(const struct rt_ui *ui, uint32_t key);

/* The same whether or not it can be done now: what somebody had in mind who pressed the key. */
enum rt_action rt_key_meant(const struct rt_ui *ui, uint32_t key);

/* Says why the key does nothing now, where there is something to say. */
void rt_keys_say_why_not(struct rt_ui *ui, uint32_t key);

/* Whether an action would do something on the screen `where`. */
bool rt_action_can(const struct rt_ui *ui, unsigned where, enum rt_action action);

/* Adds the keys of a binding as they are shown: "Enter", "1-4". */
void rt_binding_keys(const struct rt_ui *ui, const struct rt_binding *binding, struct rt_str *out);

/* Draws the key bar into line y of the canvas: as many keys as fit, help and the way out always. */
void rt_keys_draw_bar(struct rt_ui *ui, int y);

#endif
