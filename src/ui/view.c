#include "ui/view.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"

bool rt_face_is_stageless(const struct rt_face *face)
{
	return face->trouble || rt_session_phase(face->session) == RT_PHASE_LOST ||
	       !rt_engine_world(rt_session_engine(face->session));
}

const struct rt_step *rt_face_step(const struct rt_face *face)
{
	return &rt_session_lesson(face->session)->step[rt_session_step(face->session)];
}

size_t rt_face_answers(const struct rt_face *face)
{
	if (rt_session_phase(face->session) != RT_PHASE_ASK)
		return 0;
	return rt_session_question(face->session)->n_choices + 1;
}

static const struct rt_view *view_now(const struct rt_face *face)
{
	if (face->tape)
		return &rt_view_play;
	if (face->draft)
		return &rt_view_draft;
	if (rt_face_is_stageless(face))
		return &rt_view_trouble;
	switch (rt_session_phase(face->session)) {
	case RT_PHASE_ASK:
		return &rt_view_ask;
	case RT_PHASE_RESULT:
		return &rt_view_result;
	default:
		return &rt_view_next;
	}
}

const struct rt_view *rt_view_of(const struct rt_face *face, enum rt_panel panel)
{
	switch (panel) {
	case RT_PANEL_SCRIPT:
		return &rt_view_script;
	case RT_PANEL_SOCKETS:
		return &rt_view_sockets;
	case RT_PANEL_NOW:
		return view_now(face);
	default:
		/* While calls run there is none for a moment. */
		if (face->why && rt_session_why(face->session))
			return &rt_view_why;
		return face->note ? &rt_view_note : &rt_view_read;
	}
}

const struct rt_snapshot *rt_face_sockets(const struct rt_face *face)
{
	return face->frozen ? face->frozen : rt_engine_sockets(rt_session_engine(face->session));
}

void rt_face_freeze(struct rt_face *face)
{
	rt_face_thaw(face);
	face->frozen = rt_calloc(1, sizeof(*face->frozen));
	rt_snapshot_copy(face->frozen, rt_engine_sockets(rt_session_engine(face->session)));
	face->frozen_ms = rt_now_ms();
}

void rt_face_thaw(struct rt_face *face)
{
	if (face->frozen)
		rt_snapshot_fini(face->frozen);
	free(face->frozen);
	face->frozen = NULL;
}

/* The socket that Up and Down stand on; how many there are where none is. */
static size_t socket_of(const struct rt_face *face)
{
	const struct rt_snapshot *sockets = rt_face_sockets(face);
	size_t record = sockets->n;

	for (size_t i = 0; i < sockets->n && face->row_chosen && face->row_cookie; i++)
		if (sockets->row[i].cookie == face->row_cookie)
			return i;
	if (face->row_chosen && sockets->n > 0)
		return face->row < sockets->n ? face->row : sockets->n - 1;
	/* Nobody has chosen: the record that one may want to end, where there is just one. */
	for (size_t i = 0; i < sockets->n; i++) {
		if (sockets->row[i].state != RT_TIME_WAIT || sockets->row[i].mark == RT_MARK_GONE)
			continue;
		if (record < sockets->n)
			return sockets->n;
		record = i;
	}
	return record;
}

void rt_face_bundles(const struct rt_face *face, struct rt_bundles *bundles)
{
	rt_bundles_init(bundles, rt_face_sockets(face), face->zoom || face->all_fields);
}

size_t rt_face_bundle(const struct rt_face *face, const struct rt_bundles *bundles)
{
	const struct rt_snapshot *sockets = rt_face_sockets(face);
	size_t i = socket_of(face);

	return i < sockets->n ? rt_bundles_find(bundles, &sockets->row[i]) : bundles->n;
}

const struct rt_row *rt_face_doomed_row(const struct rt_face *face, size_t *several)
{
	const struct rt_snapshot *sockets = rt_face_sockets(face);
	size_t i = socket_of(face), n = 1, at;
	struct rt_bundles bundles;

	if (several)
		*several = 0;
	if (rt_face_is_stageless(face) || i >= sockets->n || sockets->row[i].proto != RT_TCP ||
	    sockets->row[i].state != RT_TIME_WAIT || sockets->row[i].mark == RT_MARK_GONE)
		return NULL;
	rt_face_bundles(face, &bundles);
	at = rt_face_bundle(face, &bundles);
	if (at < bundles.n)
		n = bundles.bundle[at].n;
	rt_bundles_fini(&bundles);
	if (several && n > 1)
		*several = n;
	return n > 1 ? NULL : &sockets->row[i];
}

bool rt_face_has_timer(const struct rt_face *face)
{
	const struct rt_snapshot *sockets = rt_face_sockets(face);

	for (size_t i = 0; i < sockets->n; i++)
		if (sockets->row[i].timer != RT_TIMER_NONE && sockets->row[i].mark != RT_MARK_GONE)
			return true;
	return false;
}
