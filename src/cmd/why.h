/* Private to cmd/: the parts of the command `why`. */
#ifndef RT_CMD_WHY_H
#define RT_CMD_WHY_H

#include "base/error.h"
#include "report/why.h"

/*
 * Reads "[tcp:|udp:]ADDR[%DEVICE]:PORT" into proto, addr, v6only and device of *why. ADDR is
 * 127.0.0.1, [::1], * or nothing; these two, like a port alone, mean every address: [::] for both
 * families, or 0.0.0.0 where six is false, for a machine without IPv6. v6only is -1 where the
 * system decides. Returns 0, or RT_ERR_USAGE with err.
 */
int rt_why_parse(const char *text, bool six, struct rt_why *why, struct rt_error *err);

/*
 * Fills in what this machine and this user are: uid, the addresses, the sysctls, the privilege.
 * What cannot be read stays as a kernel has it by default.
 */
void rt_why_look_around(struct rt_why *why);

#endif
