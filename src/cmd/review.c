/* review: asks the questions that are due again, on the screen or as plain text. */
#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "cmd/cmd.h"
#include "cmd/due.h"
#include "cmd/keep.h"
#include "cmd/run.h"
#include "cmd/run_plain.h"
#include "report/plain.h"

static void say_nothing_due(const struct rt_keep *keep, const struct rt_catalog *catalog)
{
	struct rt_str text = {0};

	rt_str_add(&text, _("Nothing is due for review."));
	rt_str_addc(&text, ' ');
	rt_due_words(rt_keep_progress(keep), catalog, &text);
	if (text.s[text.len - 1] == ' ')
		rt_str_add(&text, _("Questions come here that you answered wrong, or with \"I do "
				    "not know yet\": from the next day on."));
	rt_plain_wrap(stdout, "", text.s);
	rt_str_fini(&text);
}

static int review(struct rt_catalog *catalog, const struct rt_options *options,
		  struct rt_error *err)
{
	struct rt_ui_options ui = {.review = true};
	struct rt_keep *keep = rt_keep_new(catalog);
	struct rt_due *due;
	size_t n = rt_due_find(rt_keep_progress(keep), catalog, false, &due);
	int status = 0;

	if (rt_progress_trouble(rt_keep_progress(keep), err) < 0)
		status = rt_error_status(err);
	else if (n == 0)
		say_nothing_due(keep, catalog);
	else if (options->plain)
		status = rt_run_plain_review(catalog, keep, due, n, options, err);
	free(due);
	rt_keep_free(keep);
	if (status != 0 || n == 0 || options->plain)
		return status;
	return rt_run_screen(catalog, ui, options, err);
}

int rt_cmd_review(int argc, char **argv, const struct rt_options *options, struct rt_error *err)
{
	struct rt_catalog *catalog;
	int status;

	if (argc > 0) {
		rt_error_set(err, RT_ERR_USAGE, _("review takes no \"%.40s\""), argv[0]);
		rt_error_fix(err, "%s", _("`reuse-tutor review` asks what is due in all lessons"));
		return RT_ERR_USAGE;
	}
	catalog = rt_catalog_new(err);
	if (!catalog)
		return rt_error_status(err);
	status = review(catalog, options, err);
	rt_catalog_free(catalog);
	return status;
}
