#include "cmd/play_plain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cmd/publish.h"
#include "lesson/draft_file.h"
#include "lesson/explain.h"
#include "report/plain.h"

struct play {
	struct rt_loop *loop;
	struct rt_world *world;
	struct rt_publish *publish;
	struct rt_session *session;
	struct rt_draft *draft;
	bool person;		    /* at a terminal, who is asked for lines and may wait */
	size_t printed;		    /* lines of the script whose outcome was written */
	struct rt_snapshot sockets; /* as they were last written */
	size_t mistakes;	    /* lines of the input, not of a person, that were no script */
	bool left;
	struct rt_error *err;
	bool blocked[RT_LESSON_LINES_MAX]; /* of each line: written as blocking */
};

/* The rows that are there, of both, in turn; NULL at the end. */
static const struct rt_row *next_row(const struct rt_snapshot *sockets, size_t *at)
{
	while (*at < sockets->n && sockets->row[*at].mark == RT_MARK_GONE)
		++*at;
	return *at < sockets->n ? &sockets->row[(*at)++] : NULL;
}

/* The marks are about the last line: they make no row another one. */
static bool is_same_row(const struct rt_row *a, const struct rt_row *b)
{
	struct rt_row x = *a, y = *b;

	x.mark = y.mark = RT_MARK_SAME;
	x.old_state = y.old_state = 0;
	return rt_row_same(&x, &y);
}

static bool is_same(const struct rt_snapshot *a, const struct rt_snapshot *b)
{
	const struct rt_row *x, *y;
	size_t i = 0, k = 0;

	do {
		x = next_row(a, &i);
		y = next_row(b, &k);
	} while (x && y && is_same_row(x, y));
	return !x && !y;
}

/* Writes the sockets where anything but a timer's rest has changed since they were last written. */
static void print_sockets(struct play *play)
{
	const struct rt_snapshot *now = rt_engine_sockets(rt_session_engine(play->session));

	if (is_same(now, &play->sockets))
		return;
	rt_plain_sockets(stdout, play->session);
	rt_snapshot_copy(&play->sockets, now);
}

/* Lets the script run to its end, and writes what came of its new lines. */
static int run(struct play *play)
{
	struct rt_engine *engine = rt_session_engine(play->session);
	size_t upto;

	rt_session_pump(play->session);
	if (play->person && rt_engine_waiting_line(engine) >= 0) {
		puts(_("Waiting, as the script says: this can take a minute."));
		fflush(stdout);
	}
	rt_session_settle(play->session);
	if (rt_session_phase(play->session) == RT_PHASE_LOST) {
		*play->err = *rt_session_error(play->session);
		return rt_error_status(play->err);
	}
	upto = rt_engine_position(engine);
	while (play->printed < upto)
		rt_plain_line(stdout, play->session, play->printed++);
	rt_plain_resumed(stdout, play->session, upto, play->blocked);
	print_sockets(play);
	fflush(stdout);
	return 0;
}

static int changed(struct play *play)
{
	size_t same;

	(void)rt_draft_lesson(play->draft, &same);
	if (same < play->printed) {
		puts(_("On a fresh stage, from the beginning:"));
		play->printed = 0;
		memset(play->blocked, 0, sizeof(play->blocked));
	}
	rt_session_changed(play->session, same);
	return run(play);
}

/* --- what is typed ---------------------------------------------------------------------------- */

static void show_mistake(struct play *play, struct rt_mistake *mistake, int number)
{
	struct rt_mistakes one = {.mistake = mistake, .n = 1};
	struct rt_str text = {0};

	mistake->line = number;
	/* A program that reads the results finds them alone on standard output. */
	rt_mistakes_format(&one, "-", &text);
	fputs(rt_str_text(&text), stderr);
	fflush(stderr);
	rt_str_fini(&text);
	play->mistakes += !play->person;
}

static void help(void)
{
	const char *sentence;

	puts(_("A line is process: name = call(arguments), as in old: s = socket(AF_INET, "
	       "SOCK_STREAM)."));
	for (enum rt_draft_word word = RT_WORD_WHY; rt_draft_word_name(word, &sentence); word++) {
		char first[16];

		snprintf(first, sizeof(first), "  %-6s", rt_draft_word_name(word, &sentence));
		rt_plain_wrap(stdout, first, sentence);
	}
	rt_plain_wrap(stdout, "  fresh  ", _("begins the next line on a fresh stage"));
}

static int save(struct play *play, const char *id)
{
	struct rt_error err = {0};
	char text[1280];

	if (rt_draft_save(play->draft, rt_session_engine(play->session), id, &err) == 0) {
		printf(_("Made %s.md: it passes `reuse-tutor check %s.md`.\n"), id, id);
		return 0;
	}
	if (!play->person) {
		*play->err = err;
		return rt_error_status(&err);
	}
	printf("%s\n", rt_error_format(&err, text, sizeof(text)));
	return 0;
}

static void tell(void *ctx, enum rt_says says, const char *text)
{
	(void)ctx;
	rt_plain_wrap(stdout,
		      says == RT_SAYS_DECIDING ? "  > "
		      : says == RT_SAYS_CLAUSE ? "    "
		      : says == RT_SAYS_SOURCE ? _("Source: ")
		      : says == RT_SAYS_TRY    ? _("Try: ")
		      : says == RT_SAYS_RULE   ? _("Rule: ")
					       : "",
		      text);
}

static void why(const struct play *play)
{
	const struct rt_foresight *call = rt_session_why(play->session);

	if (!call)
		puts(_("No bind, listen or connect has run last."));
	else
		rt_explain_tell(&rt_session_lesson(play->session)->line[call->line], call, tell,
				NULL);
}

static int do_word(struct play *play, enum rt_draft_word word, const char *operand)
{
	switch (word) {
	case RT_WORD_WHY:
		why(play);
		return 0;
	case RT_WORD_UNDO:
	case RT_WORD_REDO:
		if (word == RT_WORD_UNDO ? rt_draft_undo(play->draft) : rt_draft_redo(play->draft))
			return changed(play);
		puts(word == RT_WORD_UNDO ? _("There is nothing to undo.")
					  : _("There is nothing to redo."));
		return 0;
	case RT_WORD_SAVE:
		return save(play, operand);
	case RT_WORD_QUIT:
		play->left = true;
		return 0;
	default:
		help();
		return 0;
	}
}

static int do_line(struct play *play, const char *line, int number)
{
	char operand[80];
	struct rt_mistake mistake;
	enum rt_draft_word word = rt_draft_word(line, operand);

	if (word != RT_WORD_NONE)
		return do_word(play, word, operand);
	rt_draft_number(play->draft, number);
	switch (rt_draft_insert(play->draft, rt_draft_count(play->draft), line, &mistake)) {
	case -1:
		fflush(stdout);
		show_mistake(play, &mistake, number);
		rt_mistake_fini(&mistake);
		return 0;
	case 0:
		return 0;
	default:
		return changed(play);
	}
}

static int read_lines(struct play *play)
{
	int number = 0, status = 0;
	char *line;

	/* What goes on being no script is something else, and may have no end. */
	while (status == 0 && !play->left && play->mistakes < RT_LESSON_ERRORS_MAX) {
		if (play->person) {
			fputs("> ", stdout);
			fflush(stdout);
		}
		line = rt_draft_read_line(stdin);
		if (!line)
			break;
		status = do_line(play, line, ++number);
		free(line);
	}
	if (play->person && !play->left)
		putchar('\n');
	return status;
}

/* --- the whole -------------------------------------------------------------------------------- */

int rt_play_plain(struct rt_draft *draft, struct rt_error *err)
{
	struct play *play = rt_calloc(1, sizeof(*play));
	size_t same;
	int status;

	play->draft = draft;
	play->err = err;
	play->person = isatty(STDIN_FILENO);
	play->loop = rt_loop_new();
	play->world = rt_world_live_new(play->loop);
	play->publish = rt_publish_new(play->world);
	play->session = rt_session_new(play->world);
	/* Where nobody watches the time, a wait is done by ending the record. */
	if (!play->person)
		rt_engine_replace_waits(rt_session_engine(play->session), true);
	else
		puts(_("Type lines of script; help names the other words, end of input leaves."));
	rt_session_borrow(play->session, rt_draft_lesson(draft, &same));
	status = run(play);
	if (status == 0)
		status = read_lines(play);
	if (status == 0 && play->mistakes > 0)
		status = rt_error_status((
			rt_error_set(err, RT_ERR_LESSON,
				     P_("%zu line of the input was no line of script, and was left "
					"out",
					"%zu lines of the input were no lines of script, and were "
					"left out",
					play->mistakes),
				     play->mistakes),
			err));
	rt_session_free(play->session);
	rt_publish_free(play->publish);
	rt_world_free(play->world);
	rt_loop_free(play->loop);
	rt_snapshot_fini(&play->sockets);
	free(play);
	return status;
}
