/* A verdict in paragraphs: words.h has what each of them is. */
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "rules/words.h"
#include "rules/words_private.h"

struct teller {
	rt_rules_tell_fn *tell;
	void *ctx;
	struct rt_str text; /* of the next paragraph */
};

static void say(struct teller *teller, enum rt_says says)
{
	if (teller->text.len > 0)
		teller->tell(teller->ctx, says, rt_str_text(&teller->text));
	rt_str_clear(&teller->text);
}

static void tell_answer(const struct rt_rules_query *query, const struct rt_rules_verdict *verdict,
			struct teller *teller)
{
	const char *what;

	rt_words_results(verdict, &teller->text);
	rt_str_addf(&teller->text, ": %s.", rt_words_reason(verdict));
	if (verdict->by < verdict->n && query->self->name[0])
		rt_str_addf(&teller->text, _(" Here is %s.%s, there the other socket."),
			    query->self->name_owner, query->self->name);
	say(teller, RT_SAYS_ANSWER);
	for (size_t i = 0; (what = rt_words_dependence(verdict, &i)) != NULL;) {
		rt_str_addf(&teller->text, _("It depends on %s."), what);
		say(teller, RT_SAYS_DEPENDS);
	}
}

/* "yes  ", "no   ": below each other the texts begin in one column. */
static void add_holds(uint8_t holds, struct rt_str *out)
{
	const char *word = rt_words_holds(holds);

	rt_str_addf(out, "%s%*s", word, RT_SAYS_HOLDS - rt_columns(word, strlen(word)), "");
}

static void tell_socket(const struct rt_snapshot *snapshot, const struct rt_rules_socket *socket,
			struct teller *teller)
{
	const struct rt_row *row = &snapshot->row[socket->row];

	rt_words_head(row, socket, &teller->text);
	say(teller, RT_SAYS_SOCKET);
	for (size_t i = 0; i < socket->n_clauses; i++) {
		const struct rt_rules_clause *clause = &socket->clause[i];

		if (rt_words_is_noise(clause))
			continue;
		add_holds(clause->holds, &teller->text);
		rt_words_clause(row, socket, clause, &teller->text);
		say(teller, i == socket->decided ? RT_SAYS_DECIDING : RT_SAYS_CLAUSE);
	}
}

static void tell_sockets(const struct rt_snapshot *snapshot, const struct rt_rules_verdict *verdict,
			 size_t max, struct teller *teller)
{
	size_t told = 0;

	if (verdict->by < verdict->n && max > 0) {
		tell_socket(snapshot, &verdict->socket[verdict->by], teller);
		told++;
	}
	for (size_t i = 0; i < verdict->n && told < max; i++) {
		if (i == verdict->by)
			continue;
		tell_socket(snapshot, &verdict->socket[i], teller);
		told++;
	}
	/* A listener is none of those that could refuse. */
	if (verdict->by >= verdict->n && verdict->by_row < snapshot->n) {
		rt_words_row(&snapshot->row[verdict->by_row], &teller->text);
		say(teller, RT_SAYS_SOCKET);
	}
	if (told == verdict->n)
		return;
	rt_str_addf(&teller->text,
		    P_("and %zu socket more", "and %zu sockets more", verdict->n - told),
		    verdict->n - told);
	say(teller, RT_SAYS_SOCKET);
}

void rt_rules_tell(const struct rt_snapshot *snapshot, const struct rt_rules_query *query,
		   const struct rt_rules_verdict *verdict, size_t max, rt_rules_tell_fn *tell,
		   void *ctx)
{
	struct teller teller = {tell, ctx, {0}};
	const char *source, *rule = rt_words_rule(query, verdict, &source);

	tell_answer(query, verdict, &teller);
	tell_sockets(snapshot, verdict, max, &teller);
	tell(ctx, RT_SAYS_RULE, rule);
	tell(ctx, RT_SAYS_SOURCE, source);
	rt_rules_words_try(snapshot, query, verdict, &teller.text);
	say(&teller, RT_SAYS_TRY);
	rt_str_fini(&teller.text);
}
