/* What lasts, as the screen asks for it: the table of ui/keeper.h. */
#include "cmd/due.h"
#include "cmd/keep_private.h"

static struct rt_kept ui_kept(void *ctx, const char *id)
{
	struct rt_keep *keep = ctx;
	const struct rt_progress_lesson *lesson = rt_progress_lesson(keep->progress, id);
	struct rt_kept kept = {0};

	if (!lesson)
		return kept;
	kept.begun = rt_progress_is_begun(lesson);
	kept.done = lesson->done > 0;
	kept.step = lesson->place.number;
	kept.steps = lesson->place.steps;
	return kept;
}

static const char *ui_last(void *ctx)
{
	struct rt_keep *keep = ctx;
	const struct rt_progress_lesson *last = NULL;

	for (size_t i = 0; i < rt_progress_count(keep->progress); i++) {
		const struct rt_progress_lesson *lesson = rt_progress_at(keep->progress, i);

		if (rt_progress_is_begun(lesson) &&
		    (!last || lesson->place.when > last->place.when))
			last = lesson;
	}
	return last ? last->id : NULL;
}

static void ui_open(void *ctx, struct rt_session *session, bool resume)
{
	rt_keep_open(ctx, session, resume);
}

static void ui_save(void *ctx, const struct rt_session *session)
{
	rt_keep_save(ctx, session);
}

static const char *ui_note(void *ctx, const char *lesson, const char *step)
{
	struct rt_keep *keep = ctx;

	return rt_progress_note(keep->progress, lesson, step);
}

static void ui_set_note(void *ctx, const char *lesson, const char *step, const char *text)
{
	struct rt_keep *keep = ctx;

	rt_progress_set_note(keep->progress, lesson, step, text);
	(void)rt_progress_save(keep->progress, NULL);
}

static const char *ui_welcome(void *ctx)
{
	return rt_keep_welcome(ctx);
}

static const char *ui_trouble(void *ctx)
{
	return rt_keep_trouble(ctx);
}

static void ui_told(void *ctx)
{
	rt_keep_told(ctx);
}

static size_t ui_due(void *ctx, struct rt_due **list)
{
	struct rt_keep *keep = ctx;

	return rt_due_find(keep->progress, keep->catalog, false, list);
}

static void ui_reviewed(void *ctx, const struct rt_due *due, bool right)
{
	struct rt_keep *keep = ctx;

	rt_due_answered(keep->progress, keep->catalog, due, right);
}

static size_t ui_waiting(void *ctx, const char *lesson)
{
	return rt_keep_waiting(ctx, lesson);
}

static const char *ui_coming(void *ctx)
{
	struct rt_keep *keep = ctx;

	rt_str_clear(&keep->coming);
	rt_due_words(keep->progress, keep->catalog, &keep->coming);
	return rt_str_text(&keep->coming);
}

static void ui_set_theme(void *ctx, enum rt_theme theme)
{
	struct rt_keep *keep = ctx;

	(void)rt_config_set(keep->config, "theme", rt_theme_word(theme)); /* tells it, once */
}

struct rt_ui_keeper rt_keep_for_ui(struct rt_keep *keep)
{
	return (struct rt_ui_keeper){.ctx = keep,
				     .kept = ui_kept,
				     .last = ui_last,
				     .open = ui_open,
				     .save = ui_save,
				     .note = ui_note,
				     .set_theme = ui_set_theme,
				     .set_note = ui_set_note,
				     .due = keep->catalog ? ui_due : NULL,
				     .reviewed = ui_reviewed,
				     .waiting = ui_waiting,
				     .coming = ui_coming,
				     .welcome = ui_welcome,
				     .trouble = ui_trouble,
				     .told = ui_told};
}
