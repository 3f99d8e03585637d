/*
 * How fast the rules are held against the kernel: every pair of sockets of tests/live/pairs.h with
 * each call judged, against a bare loop that makes the same calls and checks nothing. In namespaces
 * of its own.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "live/pairs.h"

enum { ROUNDS = 7 };

static const double min_of_bare = 0.6;

/* The pairs whose first socket has a connection, and those without. */
struct lap {
	size_t n[2];
	int64_t us[2];
	bool judged;
	struct pair_count count;
};

static void bare(struct pair_place *place, const struct pair *pair)
{
	struct pair_fds fds;

	pair_first(place, pair, &fds);
	if (pair_bind(place, pair, &fds) == 0)
		pair_listen(&fds);
	pair_end(&fds);
}

static void visit(struct pair_place *place, const struct pair *pair, void *arg)
{
	struct lap *lap = arg;
	bool connected = pair->state > PAIR_LISTENING;
	int64_t start = rt_now_us();

	if (lap->judged)
		pair_check(place, pair, &lap->count);
	else
		bare(place, pair);
	lap->us[connected] += rt_now_us() - start;
	lap->n[connected]++;
}

static struct lap run(bool judged)
{
	struct lap lap = {.judged = judged};
	struct pair_place place;

	pair_place_init(&place);
	pairs_each(&place, 0, 0, visit, &lap);
	pair_place_fini(&place);
	return lap;
}

static double rate(const struct lap *lap, int connected)
{
	return (double)lap->n[connected] * 1e6 / (double)lap->us[connected];
}

static double ratio(const struct lap *judged, const struct lap *without)
{
	return (double)(without->us[0] + without->us[1]) / (double)(judged->us[0] + judged->us[1]);
}

static int compare_numbers(const void *one, const void *other)
{
	const double *a = one, *b = other;

	return (*a > *b) - (*a < *b);
}

int main(void)
{
	const char *refused = pairs_enter();
	struct lap judged, without;
	double of_bare[ROUNDS];

	if (refused) {
		printf("skipped: %s\n", refused);
		return 77;
	}
	/* A ratio is that of one round, whose parts met the same load of the machine. */
	for (int i = 0; i < ROUNDS; i++) {
		without = run(false);
		judged = run(true);
		of_bare[i] = ratio(&judged, &without);
		if (judged.count.mismatches)
			return 99;
	}
	qsort(of_bare, ROUNDS, sizeof(of_bare[0]), compare_numbers);
	printf("the rules over %zu pairs: %.0f a second without a connection, %.0f with one; bare "
	       "loop %.0f and %.0f; ratio %.2f (at least %.1f)\n",
	       judged.count.pairs, rate(&judged, 0), rate(&judged, 1), rate(&without, 0),
	       rate(&without, 1), of_bare[ROUNDS / 2], min_of_bare);
	return of_bare[ROUNDS / 2] < min_of_bare;
}
