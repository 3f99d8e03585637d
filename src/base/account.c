#include "base/account.h"

#include <stdio.h>

const struct passwd *rt_account(uid_t uid)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *user = NULL;

	while (file && (user = fgetpwent(file)) && user->pw_uid != uid)
		;
	if (file)
		fclose(file);
	return user;
}
