/* The only file that knows curses. */
#include "ui/term.h"

#include <curses.h>
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ui/frame.h"
#include "ui/rescue.h"
#include "ui/theme.h"

/* Last: it makes macros of words such as columns and lines. */
#include <term.h>

enum { ESCAPE_MS = 25 };

struct rt_term {
	SCREEN *screen;
	struct rt_frame *frame;
	struct rt_canvas *shown; /* what the terminal shows, NULL where that is not known */
	attr_t attr[RT_STYLES];
	short pair[RT_STYLES];
	bool ascii;
	bool color;
	bool suspended;
};

/* --- taking and giving back ------------------------------------------------------------------- */

static void choose_looks(struct rt_term *term, enum rt_theme theme)
{
	for (int i = 0; i < RT_STYLES; i++) {
		struct rt_look look = rt_theme_look((enum rt_style)i, theme);

		term->pair[i] = 0;
		term->attr[i] = (look.bold ? A_BOLD : A_NORMAL) |
				(look.reverse ? A_REVERSE : A_NORMAL) |
				(look.underline ? A_UNDERLINE : A_NORMAL);
		if (look.color == RT_COLOR_DEFAULT || !term->color)
			continue;
		term->pair[i] = (short)(look.color + 1);
		init_pair(term->pair[i], look.color, -1);
	}
}

/*
 * What brings the terminal into its state goes out with the first drawing: whoever reads it is
 * woken once.
 */
static void set_modes(struct rt_frame *frame)
{
	/* Ctrl-C and Ctrl-Z come as keys: the processes of the stage must not get them. */
	raw();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	rt_frame_begin(frame);
	keypad(stdscr, TRUE);
	rt_frame_keep(frame);
	nodelay(stdscr, TRUE);
	scrollok(stdscr, FALSE);
	leaveok(stdscr, TRUE);
	typeahead(-1);
	if (!getenv("ESCDELAY"))
		set_escdelay(ESCAPE_MS);
}

static void arm_rescue(void)
{
	const char *const undo[] = {exit_attribute_mode, keypad_local, cursor_normal, exit_ca_mode};

	rt_rescue_arm(undo, RT_COUNT(undo));
}

static int check_terminal(struct rt_error *err)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		rt_error_set(err, RT_ERR_TERMINAL, "%s",
			     _("standard input and output are no terminal"));
		return rt_error_fix(err, "%s", _("use --plain"));
	}
	if (rt_rescue_look() < 0)
		return rt_error_sys(err, RT_ERR_TERMINAL, errno, "%s",
				    _("cannot read the modes of the terminal"));
	return 0;
}

static int refuse_terminal(const char *why, struct rt_error *err)
{
	const char *name = getenv("TERM");

	rt_error_set(err, RT_ERR_TERMINAL, _("the terminal \"%s\" cannot be used"),
		     name ? name : "");
	rt_error_why(err, "%s", why);
	return rt_error_fix(err, "%s", _("set TERM, or use --plain"));
}

/* curses believes them, and fails where they are nonsense; the terminal knows its size better. */
static void forget_nonsense(const char *name)
{
	enum { MOST = 1000 };
	const char *text = getenv(name);
	long value = text ? strtol(text, NULL, 10) : 1;

	if (value < 1 || value > MOST)
		unsetenv(name);
}

struct rt_term *rt_term_new(const struct rt_term_options *options, struct rt_error *err)
{
	struct rt_term *term;

	if (check_terminal(err) < 0)
		return NULL;
	term = rt_calloc(1, sizeof(*term));
	term->ascii = options->ascii;
	term->frame = rt_frame_new();
	if (!term->frame) {
		rt_error_sys(err, RT_ERR_TERMINAL, errno, "%s", _("cannot write to the terminal"));
		goto out_term;
	}
	forget_nonsense("COLUMNS");
	forget_nonsense("LINES");
	term->screen = newterm(NULL, rt_frame_file(term->frame), stdin);
	if (!term->screen) {
		refuse_terminal(_("there is no description of it"), err);
		goto out_frame;
	}
	if (!cursor_address) {
		refuse_terminal(_("it cannot move the cursor"), err);
		goto out_screen;
	}
	set_modes(term->frame);
	term->color =
		options->color && start_color() == OK && has_colors() && use_default_colors() == OK;
	choose_looks(term, options->theme);
	arm_rescue();
	return term;
out_screen:
	endwin();
	delscreen(term->screen);
out_frame:
	rt_frame_free(term->frame);
out_term:
	free(term);
	return NULL;
}

/* Where nothing was drawn yet, what brought the terminal into its state still waits. */
static void leave(struct rt_term *term)
{
	rt_frame_end(term->frame);
	endwin();
}

void rt_term_free(struct rt_term *term)
{
	if (!term)
		return;
	leave(term);
	rt_rescue_disarm();
	delscreen(term->screen);
	rt_frame_free(term->frame);
	rt_canvas_free(term->shown);
	free(term);
}

static void forget_shown(struct rt_term *term)
{
	rt_canvas_free(term->shown);
	term->shown = NULL;
}

void rt_term_suspend(struct rt_term *term)
{
	leave(term);
	term->suspended = true;
}

void rt_term_resume(struct rt_term *term)
{
	/*
	 * What the shell changed meanwhile is what to give back in the end; not our own modes,
	 * where it was stopped by SIGSTOP.
	 */
	if (term->suspended) {
		rt_rescue_look();
		def_shell_mode();
		term->suspended = false;
	}
	reset_prog_mode();
	rt_term_redraw(term);
}

/* --- showing ---------------------------------------------------------------------------------- */

void rt_term_size(struct rt_term *term, int *width, int *height)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0 &&
	    (size.ws_col != COLS || size.ws_row != LINES)) {
		resizeterm(size.ws_row, size.ws_col);
		forget_shown(term);
	}
	*width = COLS;
	*height = LINES;
}

static bool same_cells(const struct rt_canvas *a, const struct rt_canvas *b, int y)
{
	const struct rt_cell *left = rt_canvas_cell(a, 0, y), *right = rt_canvas_cell(b, 0, y);

	for (int x = 0; x < rt_canvas_width(a); x++)
		if (left[x].c != right[x].c || left[x].style != right[x].style)
			return false;
	return true;
}

static bool is_blank(const struct rt_cell *cell)
{
	return cell->c == ' ' && cell->style == RT_STYLE_NORMAL;
}

/*
 * As cells, not as text: each is what it is, and curses need not find out where it goes. On a line
 * that is blank as yet, what is blank at its end needs no writing.
 */
static void write_line(struct rt_term *term, const struct rt_canvas *canvas, int y, bool blank)
{
	int width = rt_canvas_width(canvas), n = 0;
	cchar_t *line = rt_calloc((size_t)width, sizeof(*line));

	while (blank && width > 0 && is_blank(rt_canvas_cell(canvas, width - 1, y)))
		width--;
	for (int x = 0; x < width; x++) {
		const struct rt_cell *cell = rt_canvas_cell(canvas, x, y);
		const wchar_t text[] = {(wchar_t)cell->c, L'\0'};

		/* Behind a wide one there is none. */
		if (cell->c)
			setcchar(&line[n++], text, term->attr[cell->style], term->pair[cell->style],
				 NULL);
	}
	mvadd_wchnstr(y, 0, line, n);
	free(line);
}

static void remember(struct rt_term *term, const struct rt_canvas *canvas)
{
	int width = rt_canvas_width(canvas), height = rt_canvas_height(canvas);

	if (!term->shown)
		term->shown = rt_canvas_new(width, height, term->ascii);
	rt_canvas_copy(term->shown, canvas);
}

void rt_term_show(struct rt_term *term, const struct rt_canvas *canvas, int cursor_x, int cursor_y)
{
	int height = rt_canvas_height(canvas) < LINES ? rt_canvas_height(canvas) : LINES;
	bool known = term->shown && rt_canvas_width(term->shown) == rt_canvas_width(canvas) &&
		     rt_canvas_height(term->shown) == rt_canvas_height(canvas);
	bool changed = !known;

	if (!known)
		erase();
	for (int y = 0; y < height; y++) {
		if (known && same_cells(term->shown, canvas, y))
			continue;
		write_line(term, canvas, y, !known);
		changed = true;
	}
	if (cursor_x >= 0) {
		leaveok(stdscr, FALSE);
		wmove(stdscr, cursor_y, cursor_x);
	}
	if (changed || cursor_x >= 0) {
		rt_frame_begin(term->frame);
		curs_set(0);
		refresh();
		rt_frame_end(term->frame);
	}
	if (changed)
		remember(term, canvas);
}

bool rt_term_theme(struct rt_term *term, enum rt_theme theme)
{
	choose_looks(term, theme);
	rt_term_redraw(term);
	return term->color;
}

void rt_term_redraw(struct rt_term *term)
{
	clearok(curscr, TRUE);
	forget_shown(term);
}

/* --- keys ------------------------------------------------------------------------------------- */

int rt_term_fd(const struct rt_term *term)
{
	(void)term;
	return STDIN_FILENO;
}

bool rt_term_ended(const struct rt_term *term)
{
	int waiting = 0;

	(void)term;
	return ioctl(STDIN_FILENO, FIONREAD, &waiting) < 0 || waiting == 0;
}

static uint32_t special_key(wint_t key)
{
	static const struct {
		wint_t curses;
		uint32_t key;
	} keys[] = {
		{KEY_ENTER, RT_KEY_ENTER},   {KEY_BACKSPACE, RT_KEY_BACKSPACE},
		{KEY_UP, RT_KEY_UP},	     {KEY_DOWN, RT_KEY_DOWN},
		{KEY_LEFT, RT_KEY_LEFT},     {KEY_RIGHT, RT_KEY_RIGHT},
		{KEY_PPAGE, RT_KEY_PAGE_UP}, {KEY_NPAGE, RT_KEY_PAGE_DOWN},
		{KEY_HOME, RT_KEY_HOME},     {KEY_END, RT_KEY_END},
		{KEY_BTAB, RT_KEY_BACKTAB},  {KEY_F(1), RT_KEY_F1},
		{KEY_RESIZE, RT_KEY_RESIZE}, {KEY_A1, RT_KEY_HOME},
		{KEY_C1, RT_KEY_END},	     {KEY_A3, RT_KEY_PAGE_UP},
		{KEY_C3, RT_KEY_PAGE_DOWN},  {KEY_DC, RT_KEY_DELETE},
	};

	for (size_t i = 0; i < RT_COUNT(keys); i++)
		if (keys[i].curses == key)
			return keys[i].key;
	return RT_KEY_OTHER;
}

/*
 * Behind an Escape that begins no key terminfo(5) knows. A control sequence (ECMA-48, section 5.4)
 * or a function key of the VT100 (ESC O) is one key, never Escape and some letters: Home, End or
 * Delete where it is a usual form of these, else nothing.
 */
static uint32_t escape_key(void)
{
	char parameter[3] = "";
	size_t n = 0;
	int key = getch();

	if (key != '[' && key != 'O') {
		if (key != ERR)
			ungetch(key);
		return RT_KEY_ESCAPE;
	}
	while ((key = getch()) >= ' ' && key <= '?') {
		if (n < sizeof(parameter) - 1)
			parameter[n] = (char)key;
		n++;
	}
	if (key == ERR)
		return RT_KEY_OTHER;
	if (key < '@' || key > '~')
		ungetch(key); /* the next key: this sequence was cut off */
	if ((key == 'H' && n == 0) || (key == '~' && n == 1 && strchr("17", parameter[0])))
		return RT_KEY_HOME;
	if ((key == 'F' && n == 0) || (key == '~' && n == 1 && strchr("48", parameter[0])))
		return RT_KEY_END;
	if (key == '~' && n == 1 && parameter[0] == '3')
		return RT_KEY_DELETE;
	return RT_KEY_OTHER;
}

/* One key may come as several characters. */
static uint32_t plain_key(wint_t key)
{
	if (key == '\r')
		return RT_KEY_ENTER;
	if (key == RT_KEY_ESCAPE)
		return escape_key();
	return key == 0x7f ? RT_KEY_BACKSPACE : key;
}

/*
 * In a locale of single bytes get_wch() waits for the rest of a letter that it cannot know, and
 * swallows what comes next.
 */
static uint32_t byte_key(void)
{
	int key = getch();

	if (key == ERR)
		return RT_KEY_NONE;
	if (key > UCHAR_MAX)
		return special_key((wint_t)key);
	if (key >= 0x80)
		return RT_REPLACEMENT;
	return key == 0 ? RT_KEY_OTHER : plain_key((wint_t)key);
}

static uint32_t any_key(void)
{
	wint_t key;
	int kind;

	if (MB_CUR_MAX == 1)
		return byte_key();
	kind = get_wch(&key);
	if (kind == ERR)
		return RT_KEY_NONE;
	if (kind == KEY_CODE_YES)
		return special_key(key);
	/* Ctrl-Space sends NUL, which is no key of ours. */
	return key == 0 ? RT_KEY_OTHER : plain_key(key);
}

/*
 * resizeterm() puts KEY_RESIZE before the next key. Nobody pressed it, and each drawing asks for
 * the size: it must not stand beside a key that is to come alone.
 */
uint32_t rt_term_key(struct rt_term *term)
{
	uint32_t key;

	(void)term;
	do
		key = any_key();
	while (key == RT_KEY_RESIZE);
	return key;
}

/* --- for those who only ask ------------------------------------------------------------------- */

void rt_term_look(const char *name, struct rt_term_facts *facts)
{
	int found = 0;

	memset(facts, 0, sizeof(*facts));
	if (setupterm((char *)name, STDOUT_FILENO, &found) != OK)
		return;
	facts->known = true;
	facts->moves = cursor_address != NULL;
	facts->colors = max_colors > 0 ? max_colors : 0;
	del_curterm(cur_term);
}
