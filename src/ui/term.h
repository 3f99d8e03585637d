/*
 * The terminal: the only module that knows curses. It shows a canvas, gives keys, and always gives
 * the terminal back.
 */
#ifndef RT_UI_TERM_H
#define RT_UI_TERM_H

#include <stdbool.h>

#include "base/error.h"
#include "ui/canvas.h"
#include "ui/theme.h"

struct rt_term;

/* Keys beside characters. */
enum rt_key {
	RT_KEY_NONE = 0,
	RT_KEY_ENTER = '\n',
	RT_KEY_ESCAPE = 27,
	RT_KEY_TAB = '\t',
	RT_KEY_BACKSPACE = 8,
	RT_KEY_UP = 0x110000, /* above Unicode */
	RT_KEY_DOWN,
	RT_KEY_LEFT,
	RT_KEY_RIGHT,
	RT_KEY_PAGE_UP,
	RT_KEY_PAGE_DOWN,
	RT_KEY_HOME,
	RT_KEY_END,
	RT_KEY_DELETE,
	RT_KEY_BACKTAB,
	RT_KEY_F1,
	RT_KEY_RESIZE, /* within term_curses.c */
	RT_KEY_OTHER,  /* a key that means nothing here */
};

struct rt_term_options {
	bool color; /* false: mono, told by bold and reverse alone */
	bool ascii;
	enum rt_theme theme; /* to begin with */
};

/*
 * Takes the terminal: alternate screen, raw keys, no echo. From now on SIGSEGV, SIGABRT and the
 * like restore it before they end the program. NULL with err (RT_ERR_TERMINAL) where TERM is
 * unknown, stdout is no terminal ...
 */
struct rt_term *rt_term_new(const struct rt_term_options *options, struct rt_error *err);

/* Gives the terminal back as it was. term may be NULL. */
void rt_term_free(struct rt_term *term);

/* The same for a while, and taking it again: for SIGTSTP and a shell. */
void rt_term_suspend(struct rt_term *term);
void rt_term_resume(struct rt_term *term);

/* The size now; asks the kernel. */
void rt_term_size(struct rt_term *term, int *width, int *height);

/*
 * Brings the screen to what canvas says: writes only what differs. cursor_x, _y: where the cursor
 * shows, -1 for nowhere.
 */
void rt_term_show(struct rt_term *term, const struct rt_canvas *canvas, int cursor_x, int cursor_y);

/* Shows everything in another theme from now on. Returns whether there are colours. */
bool rt_term_theme(struct rt_term *term, enum rt_theme theme);

/* Draws everything anew with the next show (^L). */
void rt_term_redraw(struct rt_term *term);

/*
 * The next key without waiting: an enum rt_key or a Unicode character; RT_KEY_NONE for none. A byte
 * that the locale knows no character for is RT_REPLACEMENT.
 */
uint32_t rt_term_key(struct rt_term *term);

/* The descriptor to poll for keys. */
int rt_term_fd(const struct rt_term *term);

/*
 * After poll() said that there is something to read: whether that is the end of the input, the
 * terminal being gone.
 */
bool rt_term_ended(const struct rt_term *term);

/* What terminfo(5) says of a terminal. */
struct rt_term_facts {
	bool known;
	bool moves; /* the cursor can be put anywhere */
	int colors; /* 0 for none */
};

/* Looks up the terminal of that name, without touching any. All is false where it is not known. */
void rt_term_look(const char *name, struct rt_term_facts *facts);

#endif
