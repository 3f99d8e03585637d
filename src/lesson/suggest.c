#include "lesson/suggest.h"

#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"

enum { LETTERS_MAX = 32 };

void rt_suggest_init(struct rt_suggest *suggest, const char *word, size_t len)
{
	*suggest = (struct rt_suggest){.word = word, .len = len, .distance = UINT_MAX};
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Optimal string alignment: Damerau 1964, computed row by row. */
static unsigned distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	unsigned row[3][LETTERS_MAX + 1];

	for (size_t j = 0; j <= b_len; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= a_len; i++) {
		unsigned *now = row[i % 3], *before = row[(i - 1) % 3];

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= b_len; j++) {
			unsigned cost = same(a[i - 1], b[j - 1]) ? 0 : 1;

			now[j] = least(before[j] + 1, now[j - 1] + 1, before[j - 1] + cost);
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) &&
			    same(a[i - 2], b[j - 1]) && row[(i - 2) % 3][j - 2] + 1 < now[j])
				now[j] = row[(i - 2) % 3][j - 2] + 1;
		}
	}
	return row[a_len % 3][b_len];
}

void rt_suggest_offer(struct rt_suggest *suggest, const char *candidate)
{
	size_t len = strlen(candidate);
	unsigned limit = suggest->len <= 3 || len <= 3 ? 1 : 2, found;

	/* One letter is like every other letter. */
	if (suggest->len < 2 || len < 2 || suggest->len > LETTERS_MAX || len > LETTERS_MAX)
		return;
	found = distance(suggest->word, suggest->len, candidate, len);
	/* The beginning of a longer word is meant for it. */
	if (suggest->len >= 3 && suggest->len < len &&
	    strncmp(suggest->word, candidate, suggest->len) == 0)
		found = 1;
	if (found > limit || found >= suggest->distance)
		return;
	suggest->distance = found;
	suggest->best = candidate;
}

char *rt_suggest_help(const struct rt_suggest *suggest, const char *otherwise)
{
	struct rt_str help = {0};

	if (!suggest->best)
		return rt_strdup(otherwise);
	rt_str_addf(&help, _("did you mean \"%s\"?"), suggest->best);
	return rt_str_take(&help);
}
