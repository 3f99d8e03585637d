/* The cells, and how they are filled. */
#include "lesson/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/engine.h"
#include "lesson/foresee.h"
#include "lesson/matrix_private.h"
#include "lesson/script.h"
#include "lesson/words.h"
#include "rules/words.h"

/*
 * No call of a cell blocks where all is well, so a slow machine is waited for: 4 s for a state that
 * does not come.
 */
enum { PATIENCE_MS = 2000, SOCKETS_SHOWN = 3 };

struct rt_matrix {
	struct rt_matrix_setup setup;
	const enum rt_state *state;
	size_t n_states;
	struct rt_matrix_cell *cell; /* row by row */
	size_t n_cells, at;	     /* at: the cell that is being filled */

	struct rt_engine *engine; /* NULL before it begins */
	struct rt_foresee *foresee;
	struct rt_line *line; /* of the cell */
	size_t n_lines, bind_line;
};

/* --- values ----------------------------------------------------------------------------------- */

struct rt_matrix *rt_matrix_new(const struct rt_matrix_setup *setup)
{
	struct rt_matrix *matrix = rt_calloc(1, sizeof(*matrix));

	matrix->setup = *setup;
	matrix->n_states = rt_matrix_states(setup->proto, &matrix->state);
	matrix->n_cells = rt_matrix_rows(matrix) * RT_MATRIX_OPTIONS;
	matrix->cell = rt_calloc(matrix->n_cells, sizeof(*matrix->cell));
	return matrix;
}

static void drop_lines(struct rt_matrix *matrix)
{
	for (size_t i = 0; i < matrix->n_lines; i++)
		rt_line_fini(&matrix->line[i]);
	free(matrix->line);
	matrix->line = NULL;
	matrix->n_lines = 0;
}

void rt_matrix_free(struct rt_matrix *matrix)
{
	if (!matrix)
		return;
	rt_matrix_stop(matrix);
	for (size_t i = 0; i < matrix->n_cells; i++) {
		rt_str_fini(&matrix->cell[i].calls);
		rt_str_fini(&matrix->cell[i].why);
		rt_str_fini(&matrix->cell[i].foreseen);
	}
	free(matrix->cell);
	free(matrix);
}

const struct rt_matrix_setup *rt_matrix_setup(const struct rt_matrix *matrix)
{
	return &matrix->setup;
}

size_t rt_matrix_rows(const struct rt_matrix *matrix)
{
	return matrix->n_states * RT_MATRIX_OPTIONS;
}

struct rt_matrix_row rt_matrix_row(const struct rt_matrix *matrix, size_t row)
{
	return (struct rt_matrix_row){matrix->state[row / RT_MATRIX_OPTIONS],
				      (unsigned)(row % RT_MATRIX_OPTIONS)};
}

const struct rt_matrix_cell *rt_matrix_cell(const struct rt_matrix *matrix, size_t row,
					    size_t column)
{
	return &matrix->cell[row * RT_MATRIX_OPTIONS + column];
}

void rt_matrix_script(const struct rt_matrix *matrix, size_t row, size_t column, struct rt_str *out)
{
	rt_matrix_write(&matrix->setup, rt_matrix_row(matrix, row), (unsigned)column, out);
}

/* --- one cell --------------------------------------------------------------------------------- */

static void read_script(struct rt_matrix *matrix)
{
	struct rt_scope *scope = rt_scope_new();
	struct rt_str text = {0};
	size_t cap = 0, len;

	drop_lines(matrix);
	rt_matrix_script(matrix, matrix->at / RT_MATRIX_OPTIONS, matrix->at % RT_MATRIX_OPTIONS,
			 &text);
	for (const char *at = rt_str_text(&text); *at; at += len + 1) {
		struct rt_mistake mistake = {0};

		len = strcspn(at, "\n");
		RT_GROW(matrix->line, matrix->n_lines, cap);
		if (rt_script_parse(at, len, scope, &matrix->line[matrix->n_lines], &mistake) == 1)
			matrix->n_lines++;
		else
			rt_mistake_fini(&mistake); /* what we write is right: the tests see it */
	}
	matrix->bind_line = matrix->n_lines - (matrix->setup.proto == RT_TCP ? 2 : 1);
	rt_scope_free(scope);
	rt_str_fini(&text);
}

static void begin_cell(struct rt_matrix *matrix)
{
	matrix->cell[matrix->at].differs = matrix->cell[matrix->at].either = false;
	read_script(matrix);
	rt_engine_load(matrix->engine, matrix->line, matrix->n_lines);
	rt_engine_go(matrix->engine, matrix->bind_line + 1);
}

/* The rules on one of the second socket's calls; the words are of the last one, which decides. */
static void on_judged(void *ctx, const struct rt_foresight *foresight)
{
	struct rt_matrix *matrix = ctx;
	struct rt_matrix_cell *cell = &matrix->cell[matrix->at];

	if (foresight->line < matrix->bind_line)
		return;
	cell->differs = cell->differs || !rt_foresight_agrees(foresight);
	cell->either = cell->either || foresight->verdict.n_also > 0;
	rt_str_clear(&cell->why);
	rt_str_clear(&cell->foreseen);
	rt_rules_words(&foresight->sockets, &foresight->query, &foresight->verdict, SOCKETS_SHOWN,
		       &cell->why);
	rt_str_add(&cell->foreseen,
		   foresight->verdict.err ? rt_errno_name(foresight->verdict.err) : _("success"));
	for (size_t i = 0; i < foresight->verdict.n_also; i++)
		rt_str_addf(&cell->foreseen, _(" or %s"),
			    foresight->verdict.also[i] ? rt_errno_name(foresight->verdict.also[i])
						       : _("success"));
}

static void note_call(const struct rt_matrix *matrix, size_t line, struct rt_str *out)
{
	const struct rt_outcome *outcome = rt_engine_outcome(matrix->engine, line);

	rt_line_format(&matrix->line[line], out);
	if (matrix->line[line].kind == RT_LINE_CALL) {
		/* There is no lesson that states what would come of it. */
		rt_str_add(out, "  = ");
		if (outcome->how == RT_RECORDED)
			rt_str_add(out, _("not run"));
		else
			rt_words_outcome(&matrix->line[line], outcome, out);
	}
	rt_str_addc(out, '\n');
}

/* The first line before the second socket's bind that did not do as it should; n_lines: none. */
static size_t find_failure(const struct rt_matrix *matrix)
{
	for (size_t i = 0; i < rt_engine_position(matrix->engine); i++) {
		const struct rt_outcome *outcome = rt_engine_outcome(matrix->engine, i);
		bool decides = i >= matrix->bind_line;

		if (decides ? outcome->how != RT_DONE : !outcome->as_wanted)
			return i;
	}
	return matrix->n_lines;
}

static void take_results(struct rt_matrix *matrix, struct rt_matrix_cell *cell)
{
	size_t position = rt_engine_position(matrix->engine), failure = find_failure(matrix);

	for (size_t i = 0; i < position && i < matrix->n_lines; i++)
		note_call(matrix, i, &cell->calls);
	if (failure < matrix->n_lines) {
		const struct rt_outcome *outcome = rt_engine_outcome(matrix->engine, failure);

		cell->how = RT_MATRIX_FAILED;
		cell->differs = cell->either = false;
		rt_str_clear(&cell->why);
		if (outcome->why)
			rt_str_addf(&cell->why, "%s\n", outcome->why);
		else
			rt_str_add(&cell->why, _("The first socket did not get there.\n"));
		return;
	}
	cell->how = RT_MATRIX_RAN;
	cell->bind = rt_engine_outcome(matrix->engine, matrix->bind_line)->err;
	cell->listened = position > matrix->bind_line + 1;
	if (cell->listened)
		cell->listen = rt_engine_outcome(matrix->engine, matrix->bind_line + 1)->err;
}

/* Whether the engine rests before a listen that is of use: after a bind that succeeded. */
static bool is_bound(const struct rt_matrix *matrix)
{
	size_t position = rt_engine_position(matrix->engine);
	const struct rt_outcome *bind = rt_engine_outcome(matrix->engine, matrix->bind_line);

	return position == matrix->bind_line + 1 && position < matrix->n_lines &&
	       bind->how == RT_DONE && bind->err == 0;
}

/* --- all of them ------------------------------------------------------------------------------ */

void rt_matrix_begin(struct rt_matrix *matrix, struct rt_world *world)
{
	matrix->engine = rt_engine_new(world, PATIENCE_MS);
	matrix->foresee = rt_foresee_new(matrix->engine, RT_FORESEE_ALL, on_judged, matrix);
	rt_world_set_lesson(world, "");
	if (matrix->at < matrix->n_cells)
		begin_cell(matrix);
}

void rt_matrix_stop(struct rt_matrix *matrix)
{
	rt_foresee_free(matrix->foresee);
	rt_engine_free(matrix->engine);
	matrix->foresee = NULL;
	matrix->engine = NULL;
	drop_lines(matrix);
}

enum rt_matrix_state rt_matrix_pump(struct rt_matrix *matrix)
{
	while (matrix->engine && matrix->at < matrix->n_cells) {
		enum rt_engine_state state = rt_engine_pump(matrix->engine);

		if (state == RT_ENGINE_FAILED)
			return RT_MATRIX_LOST;
		if (state == RT_ENGINE_BUSY)
			return RT_MATRIX_BUSY;
		if (is_bound(matrix)) {
			rt_engine_go(matrix->engine, matrix->n_lines);
			continue;
		}
		take_results(matrix, &matrix->cell[matrix->at]);
		if (++matrix->at < matrix->n_cells)
			begin_cell(matrix);
	}
	return RT_MATRIX_DONE;
}

int rt_matrix_timeout_ms(const struct rt_matrix *matrix)
{
	return matrix->engine && matrix->at < matrix->n_cells ? rt_engine_timeout_ms(matrix->engine)
							      : -1;
}

const struct rt_error *rt_matrix_error(const struct rt_matrix *matrix)
{
	return rt_engine_error(matrix->engine);
}

struct rt_matrix_tally rt_matrix_tally(const struct rt_matrix *matrix)
{
	struct rt_matrix_tally tally = {.cells = matrix->n_cells};

	for (size_t i = 0; i < matrix->n_cells; i++) {
		tally.done += matrix->cell[i].how != RT_MATRIX_OPEN;
		tally.failed += matrix->cell[i].how == RT_MATRIX_FAILED;
		tally.differ += matrix->cell[i].differs;
		tally.either += matrix->cell[i].either;
	}
	return tally;
}

/* --- words ------------------------------------------------------------------------------------ */

const char *rt_matrix_options(unsigned options)
{
	static const char *const name[RT_MATRIX_OPTIONS] = {"-", "A", "P", "AP"};

	return name[options];
}

const char *rt_matrix_options_long(unsigned options)
{
	static const char *const name[RT_MATRIX_OPTIONS] = {N_("no option"), "SO_REUSEADDR",
							    "SO_REUSEPORT", N_("both options")};

	return _(name[options]);
}

const char *rt_matrix_word(const struct rt_matrix_cell *cell)
{
	if (cell->how == RT_MATRIX_OPEN)
		return "..";
	if (cell->how == RT_MATRIX_FAILED)
		return "?";
	if (cell->bind)
		return _("no");
	return cell->listen ? _("bind") : _("yes");
}

const char *rt_matrix_mark(const struct rt_matrix_cell *cell)
{
	return cell->differs ? "!" : cell->either ? "~" : "";
}

static const char *result_of(int err)
{
	return err ? rt_errno_name(err) : _("succeeds");
}

void rt_matrix_result(const struct rt_matrix_cell *cell, struct rt_str *out)
{
	if (cell->how == RT_MATRIX_OPEN)
		rt_str_add(out, _("not run yet"));
	else if (cell->how == RT_MATRIX_FAILED)
		rt_str_add(out, _("could not be run"));
	else
		rt_str_addf(out, _("bind %s"), result_of(cell->bind));
	if (cell->how == RT_MATRIX_RAN && cell->listened)
		rt_str_addf(out, _(", listen %s"), result_of(cell->listen));
}

void rt_matrix_title(const struct rt_matrix *matrix, struct rt_str *out)
{
	const struct rt_matrix_setup *setup = &matrix->setup;
	char first[RT_ADDR_TEXT], second[RT_ADDR_TEXT];

	rt_str_addf(out, _("%s, first socket on %s, second on %s, %s"), rt_proto_name(setup->proto),
		    rt_addr_format(&setup->first, first), rt_addr_format(&setup->second, second),
		    setup->two_users ? _("two users") : _("one user"));
}

void rt_matrix_legend(const struct rt_matrix *matrix, struct rt_str *out)
{
	struct rt_matrix_tally tally = rt_matrix_tally(matrix);

	if (matrix->setup.proto == RT_TCP)
		rt_str_add(out, _("yes: bind and listen succeed; bind: bind alone does; no: bind "
				  "is refused. Options: A SO_REUSEADDR, P SO_REUSEPORT.\n"));
	else
		rt_str_add(out, _("yes: bind succeeds; no: it is refused. Options: A SO_REUSEADDR, "
				  "P SO_REUSEPORT.\n"));
	if (tally.either)
		rt_str_add(out, _("~: the rules leave the result open, because it depends on what "
				  "no table of sockets shows.\n"));
	if (tally.failed)
		rt_str_add(out, _("?: could not be run here; `reuse-tutor doctor` says what that "
				  "needs.\n"));
	if (tally.differ)
		rt_str_addf(out,
			    P_("!: %zu cell differs from the rules, which are those of Linux "
			       "6.18.\n",
			       "!: %zu cells differ from the rules, which are those of Linux "
			       "6.18.\n",
			       tally.differ),
			    tally.differ);
	else if (tally.done == tally.cells)
		rt_str_add(out, _("No cell differs from the rules.\n"));
}
