/*
 * Where one can go: each lesson and each of its steps, found by number, by name, or by what stands
 * in the text; and by name or text the entries of pages.
 */
#ifndef RT_UI_PLACES_H
#define RT_UI_PLACES_H

#include "lesson/page.h"

enum { RT_WHOLE_LESSON = -1 };

struct rt_place {
	const struct rt_page *page; /* NULL for a place in a lesson */
	size_t entry;		    /* of the page */
	size_t lesson;		    /* its index in the catalog */
	int step;		    /* or RT_WHOLE_LESSON */
	/* Words of the text around what was found, and where in them that stands; NULL for none. */
	char *words;
	size_t at, len;
	bool after_calls; /* found in text that comes after the calls: it may give an answer away */
};

struct rt_found {
	struct rt_place *place;
	size_t n, cap;
};

struct rt_places;

/*
 * Reads all lessons of the catalog, which is borrowed. open is one that is read already, with the
 * number index + 1, or NULL. Of a lesson that cannot be read just the front matter is known.
 */
struct rt_places *rt_places_new(const struct rt_catalog *catalog, const struct rt_lesson *open,
				size_t index);
/* Looks in the entries of a page too, which is borrowed. Pages come in the order they are added. */
void rt_places_add_page(struct rt_places *places, const struct rt_page *page);

void rt_places_free(struct rt_places *places);

/* A lesson as it was read. */
const struct rt_lesson *rt_places_lesson(const struct rt_places *places, size_t index);

/*
 * Finds where all words stand, in any order, letters large or small: entries of pages by title and
 * other words, where that begins so; lessons by id, title and question; steps by id and title; steps
 * by their text; entries of pages by theirs. Nothing where there are no words.
 */
void rt_places_search(const struct rt_places *places, const char *text, struct rt_found *found);

/*
 * Finds by number or name: "4", "time-wait", "3:4", "time-wait:new-only", "trap". A number alone is
 * that of a step of the open lesson first. With "" all steps of the open lesson, then the lessons.
 */
void rt_places_go(const struct rt_places *places, const char *typed, struct rt_found *found);

void rt_found_fini(struct rt_found *found);

#endif
