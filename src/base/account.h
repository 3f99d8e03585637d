/*
 * Who a user is, from /etc/passwd alone. getpwuid(3) may ask a server, and loads libraries for it
 * while the program runs: one that is static as a whole would need those of the very glibc that it
 * was built with.
 */
#ifndef RT_BASE_ACCOUNT_H
#define RT_BASE_ACCOUNT_H

#include <pwd.h>

/* The user's line, good until the next call; NULL where none is there: the user is a server's. */
const struct passwd *rt_account(uid_t uid);

#endif
