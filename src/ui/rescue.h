/*
 * The last resort: gives the terminal back where the program ends by SIGSEGV, SIGABRT or the like.
 * It works without curses, which a signal handler may not call.
 */
#ifndef RT_UI_RESCUE_H
#define RT_UI_RESCUE_H

#include <stddef.h>

/*
 * Keeps the modes that the terminal has now: those to give back. Returns 0, or -1 with errno
 * (tcgetattr(3)).
 */
int rt_rescue_look(void);

/*
 * From now on the fatal signals restore these modes and write what leaves the screen: n capabilities
 * of terminfo(5), any of them NULL where the terminal has none.
 */
void rt_rescue_arm(const char *const *capability, size_t n);

/* The signals do again what they did before. */
void rt_rescue_disarm(void);

#endif
