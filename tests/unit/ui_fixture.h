/*
 * The screens on a canvas of their own, over a world without a kernel: for tests of what is drawn
 * and what keys do.
 */
#ifndef RT_TESTS_UI_FIXTURE_H
#define RT_TESTS_UI_FIXTURE_H

#include "fake_world.h"
#include "ui/keys.h"

struct ui_fixture {
	struct rt_loop *loop;
	struct fake *fake; /* NULL where there is no stage */
	struct rt_catalog catalog;
	struct rt_ui ui;
	char *picture; /* of the last ui_draw() */
};

/*
 * A screen of that size. text is the lesson file, NULL for one with two steps, questions, a note
 * and Chinese words in it.
 */
struct ui_fixture *ui_fixture_new(int width, int height, bool ascii, bool staged, const char *text);
void ui_fixture_free(struct ui_fixture *f);

/* Opens the lesson, as Enter in the list of lessons would, and lets its calls run. */
void ui_open(struct ui_fixture *f, size_t step);

/* Lets the calls run that a key began. */
void ui_settle(struct ui_fixture *f);

/*
 * Presses keys: ASCII characters, \n for Enter, \t for Tab, \x1b for Escape; then lets the calls
 * run.
 */
void ui_press(struct ui_fixture *f, const char *keys);
void ui_key(struct ui_fixture *f, uint32_t key);

void ui_resize(struct ui_fixture *f, int width, int height);

/* Draws and returns the screen as text. */
const char *ui_draw(struct ui_fixture *f);

/*
 * Line y of the last drawing, from 0, negative from the bottom; without blanks at its end. The
 * caller frees it.
 */
char *ui_line(struct ui_fixture *f, int y);

/* Fail the test with the picture where it has not, or has, the words. */
void ui_assert_shows(struct ui_fixture *f, const char *words);
void ui_assert_hides(struct ui_fixture *f, const char *words);

/* The style of the first cell of the first place where the words stand. */
enum rt_style ui_style_of(struct ui_fixture *f, const char *words);

/*
 * Fails where the picture is not sound: the key bar below a rule in the last lines, no half
 * characters.
 */
void ui_assert_sound(struct ui_fixture *f);

#endif
