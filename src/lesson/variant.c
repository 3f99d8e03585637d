#include "lesson/variant.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/lines.h"

enum {
	PORT_FIRST = 1024,	    /* below, bind() needs CAP_NET_BIND_SERVICE: ip(7) */
	PORT_LAST = 32767,	    /* above, net.ipv4.ip_local_port_range begins */
	HUNDREDS = PORT_LAST / 100, /* that are whole */
	HOST_LAST = 254,
	HOSTS_SHORT = 9, /* of one digit: the columns of a script stay straight */
	TRIES = 400,
};

struct variant {
	bool *seen;	       /* [65536]: the number stands somewhere in the file */
	bool *is_port, *other; /* [65536]: behind an address of the script; as anything else */
	bool *bound;	       /* [65536]: a sysctl of ports names it */
	uint16_t *port;	       /* [65536]: what it becomes, 0 for itself */
	/* host_given: the script puts this one on `lo`, so it means something there. */
	bool host_seen[256], is_host[256], host_given[256];
	uint8_t host[256]; /* what it becomes, 0 for itself */
	uint64_t random;
};

/* --- chance ----------------------------------------------------------------------------------- */

/* splitmix64 (Steele, Lea, Flood 2014): the same numbers everywhere for one seed. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* 0 to n - 1. */
static size_t below(uint64_t *state, size_t n)
{
	return (size_t)(next_random(state) % n);
}

static bool begins(const char *line, size_t len, const char *with)
{
	return len >= strlen(with) && memcmp(line, with, strlen(with)) == 0;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* --- what the script uses --------------------------------------------------------------------- */

/* A number below 65536 at i: how many digits, else 0. */
static size_t digits(const char *line, size_t len, size_t i, unsigned *number)
{
	size_t n = 0;

	for (*number = 0; i + n < len && isdigit((unsigned char)line[i + n]); n++)
		*number = *number < 65536 ? *number * 10 + (unsigned)(line[i + n] - '0') : 65536;
	return *number < 65536 ? n : 0;
}

/* The length of a run of digits, however long. */
static size_t run_of(const char *line, size_t len, size_t i)
{
	size_t n = 0;

	while (i + n < len && isdigit((unsigned char)line[i + n]))
		n++;
	return n;
}

/* "127.0.0.2" at i: how many bytes stand before the last number; else 0. */
static size_t loopback(const char *line, size_t len, size_t i)
{
	static const char net[] = "127.0.0.";

	return begins(line + i, len - i, net) ? sizeof(net) - 1 : 0;
}

/* Everything before the comment of a script line: a # in a string begins none. */
static size_t code_length(const char *line, size_t len)
{
	bool string = false;

	for (size_t i = 0; i < len; i++) {
		if (string && line[i] == '\\')
			i++;
		else if (line[i] == '"')
			string = !string;
		else if (line[i] == '#' && !string)
			return i;
	}
	return len;
}

/* The numbers of a script line, or of the pattern of a choice. */
static void learn_numbers(struct variant *v, const char *line, size_t len)
{
	bool bounds = memmem(line, len, "sysctl(", 7) && memmem(line, len, "port", 4);
	bool given = memmem(line, len, "address(", 8);
	size_t n;

	for (size_t i = 0; i < len; i += n ? n : 1) {
		char before = i > 0 ? line[i - 1] : '\0', host = i > 1 ? line[i - 2] : '\0';
		unsigned number;

		n = loopback(line, len, i);
		if (n > 0) {
			n += digits(line, len, i + n, &number);
			if (number <= HOST_LAST)
				*(given ? &v->host_given[number] : &v->is_host[number]) = true;
			continue;
		}
		n = run_of(line, len, i);
		if (n == 0 || digits(line, len, i, &number) == 0 || is_word(before))
			continue;
		if (before == ':' && (isdigit((unsigned char)host) || host == ']' || host == '*'))
			v->is_port[number] = true;
		else
			v->other[number] = true;
		if (bounds)
			v->bound[number] = true;
	}
}

static void learn_line(struct variant *v, const char *line, size_t len, enum rt_lines_kind kind)
{
	static const char choice[] = "choice ";
	size_t n;

	for (size_t i = 0; i < len; i += n ? n : 1) {
		unsigned number;

		n = run_of(line, len, i);
		if (n > 0 && digits(line, len, i, &number) > 0) {
			v->seen[number] = true;
			if (number < 256 && i > 0 && line[i - 1] == '.')
				v->host_seen[number] = true;
		}
	}
	if (kind == RT_LINES_LAB) {
		learn_numbers(v, line, code_length(line, len));
	} else if (kind == RT_LINES_QUESTION && begins(line, len, choice)) {
		line += sizeof(choice) - 1;
		len -= sizeof(choice) - 1;
		for (n = 0; n < len && line[n] != ' ' && line[n] != '\n';)
			n++;
		learn_numbers(v, line, n);
	}
}

/* --- what becomes of it ----------------------------------------------------------------------- */

static bool changes(const struct variant *v, unsigned port)
{
	return port >= PORT_FIRST && port <= PORT_LAST && v->is_port[port] && !v->other[port];
}

/* Whether no bound that the script sets for ports stands between the two. */
static bool same_side(const struct variant *v, unsigned a, unsigned b)
{
	for (unsigned i = a < b ? a : b; i <= (a < b ? b : a); i++)
		if (v->bound[i])
			return false;
	return true;
}

static bool can_move(const struct variant *v, unsigned from, unsigned to)
{
	for (unsigned i = 0; i < 100; i++) {
		unsigned port = from * 100 + i, other = to * 100 + i;

		if (v->seen[other] ||
		    (changes(v, port) && (other < PORT_FIRST || !same_side(v, port, other))))
			return false;
	}
	return true;
}

/* A port keeps its last two digits and its length. */
static void move_ports(struct variant *v)
{
	for (unsigned from = PORT_FIRST / 100; from < HUNDREDS; from++) {
		unsigned first = from < 100 ? PORT_FIRST / 100 + 1 : 100;
		unsigned n = (from < 100 ? 100 : HUNDREDS) - first, to = from;
		bool any = false;

		for (unsigned i = 0; i < 100; i++)
			any = any || changes(v, from * 100 + i);
		for (int tries = 0; any && tries < TRIES && to == from; tries++) {
			unsigned at = first + (unsigned)below(&v->random, n);

			if (can_move(v, from, at))
				to = at;
		}
		for (unsigned i = 0; i < 100 && to != from; i++)
			if (changes(v, from * 100 + i)) {
				v->port[from * 100 + i] = (uint16_t)(to * 100 + i);
				v->seen[to * 100 + i] = true;
			}
	}
}

/* Fewer than two of the hosts may be free among the short ones: then longer ones. */
static void move_hosts(struct variant *v)
{
	bool taken[256] = {false};
	size_t n = 0, free_short = 0, last;
	unsigned at = 1;

	for (unsigned host = 2; host <= HOST_LAST; host++) {
		v->is_host[host] = v->is_host[host] && !v->host_given[host];
		n += v->is_host[host];
		free_short += host <= HOSTS_SHORT && !v->host_seen[host];
	}
	last = free_short >= n ? HOSTS_SHORT : HOST_LAST;
	for (size_t chosen = 0, tries = 0; chosen < n && tries < TRIES; tries++) {
		size_t host = 2 + below(&v->random, last - 1);

		if (v->host_seen[host] || taken[host])
			continue;
		taken[host] = true;
		chosen++;
	}
	for (unsigned host = 2; host <= HOST_LAST; host++) {
		if (!v->is_host[host])
			continue;
		while (at <= HOST_LAST && !taken[at])
			at++;
		if (at <= HOST_LAST)
			v->host[host] = (uint8_t)at++;
	}
}

/* --- rewriting -------------------------------------------------------------------------------- */

/* "RFC 8000", also with the line ending between the two. */
static bool after_rfc(const char *text, size_t at)
{
	while (at > 0 && isspace((unsigned char)text[at - 1]))
		at--;
	return at >= 3 && memcmp(text + at - 3, "RFC", 3) == 0;
}

/* "8000 ms": a number of something. */
static bool before_unit(const char *text, size_t len, size_t at)
{
	static const char *const unit[] = {"s",	  "ms",	 "us",	    "bytes",
					   "KiB", "MiB", "seconds", "minutes"};
	size_t word = 0;

	if (at < len && text[at] == '%')
		return true;
	while (at < len && isspace((unsigned char)text[at]))
		at++;
	while (at + word < len && isalpha((unsigned char)text[at + word]))
		word++;
	for (size_t i = 0; i < RT_COUNT(unit); i++)
		if (word == strlen(unit[i]) && memcmp(text + at, unit[i], word) == 0)
			return true;
	return false;
}

/* Whether the number at text[at], n digits, stands alone: not in a name, a fraction or a date. */
static bool stands_alone(const char *text, size_t len, size_t at, size_t n)
{
	char before = at > 0 ? text[at - 1] : ' ', far = at > 1 ? text[at - 2] : ' ';
	char after = at + n < len ? text[at + n] : ' ',
	     next = at + n + 1 < len ? text[at + n + 1] : ' ';

	if (is_word(before) || before == '.' || before == '@' || before == '#')
		return false;
	if (before == '-' && !isdigit((unsigned char)far))
		return false;
	if (is_word(after) || (after == '.' && isdigit((unsigned char)next)))
		return false;
	return !(after == '-' && isalpha((unsigned char)next));
}

static bool is_port_here(const struct variant *v, const char *text, size_t len, size_t at, size_t n,
			 unsigned number)
{
	return v->port[number] && stands_alone(text, len, at, n) && !after_rfc(text, at) &&
	       !before_unit(text, len, at + n);
}

/* "127.0.0.2", or in prose ".2": how many bytes before the last number, 0 where it is none. */
static size_t host_here(const char *text, size_t len, size_t at, bool prose)
{
	char before = at > 0 ? text[at - 1] : ' ';

	if (is_word(before) || before == '.')
		return 0;
	if (prose && text[at] == '.' && (isspace((unsigned char)before) || before == '('))
		return 1;
	return loopback(text, len, at);
}

/* Adds text[from..to) of the whole text, which is needed around it, rewritten. */
static void rewrite(const struct variant *v, const char *text, size_t len, size_t from, size_t to,
		    bool prose, struct rt_str *out)
{
	while (from < to) {
		size_t head = host_here(text, to, from, prose), n = run_of(text, to, from + head);
		unsigned number = 0;
		char after;

		if (n == 0) {
			rt_str_addc(out, text[from++]);
			continue;
		}
		after = from + head + n < len ? text[from + head + n] : ' ';
		if (digits(text, to, from + head, &number) == 0) {
			rt_str_addn(out, text + from, head + n);
		} else if (head && number <= HOST_LAST && v->host[number] && !is_word(after) &&
			   after != '/' && !(head == 1 && before_unit(text, len, from + 1 + n))) {
			rt_str_addn(out, text + from, head);
			rt_str_addf(out, "%u", v->host[number]);
		} else if (!head && is_port_here(v, text, len, from, n, number)) {
			rt_str_addf(out, "%u", v->port[number]);
		} else {
			rt_str_addn(out, text + from, head + n);
		}
		from += head + n;
	}
}

static void variant_init(struct variant *v, uint64_t seed)
{
	*v = (struct variant){.random = seed};
	v->seen = rt_calloc(65536, sizeof(v->seen[0]));
	v->is_port = rt_calloc(65536, sizeof(v->is_port[0]));
	v->other = rt_calloc(65536, sizeof(v->other[0]));
	v->bound = rt_calloc(65536, sizeof(v->bound[0]));
	v->port = rt_calloc(65536, sizeof(v->port[0]));
}

static void variant_fini(struct variant *v)
{
	free(v->seen);
	free(v->is_port);
	free(v->other);
	free(v->bound);
	free(v->port);
}

void rt_variant_rewrite(const char *text, size_t len, uint64_t seed, struct rt_str *out)
{
	struct rt_lines lines = {.next = text, .end = text + len};
	struct variant v;
	enum rt_lines_kind kind;
	const char *line;
	size_t n;

	variant_init(&v, seed);
	while (rt_lines_next(&lines, &line, &n, &kind))
		learn_line(&v, line, n, kind);
	move_ports(&v);
	move_hosts(&v);
	lines = (struct rt_lines){.next = text, .end = text + len};
	while (rt_lines_next(&lines, &line, &n, &kind)) {
		size_t from = (size_t)(line - text);

		if (kind == RT_LINES_FIXED)
			rt_str_addn(out, line, n);
		else
			rewrite(&v, text, len, from, from + n, kind != RT_LINES_LAB, out);
	}
	variant_fini(&v);
}

/* --- the lesson ------------------------------------------------------------------------------- */

/* Into another order than that of the file. */
static void shuffle(struct rt_predict *predict, uint64_t *random)
{
	struct rt_choice first = predict->choice[0];
	size_t n = predict->n_choices;

	for (size_t i = n; i > 1; i--) {
		size_t j = below(random, i);
		struct rt_choice choice = predict->choice[i - 1];

		predict->choice[i - 1] = predict->choice[j];
		predict->choice[j] = choice;
	}
	/* What stood first does so no more: that one is remembered best. */
	if (n > 1 && predict->choice[0].pattern == first.pattern) {
		memmove(&predict->choice[0], &predict->choice[1], (n - 1) * sizeof(first));
		predict->choice[n - 1] = first;
	}
}

struct rt_lesson *rt_variant_load(const char *path, uint64_t seed, struct rt_mistakes *mistakes,
				  struct rt_error *err)
{
	struct rt_lesson *lesson;
	struct rt_str other = {0};
	char *text;
	size_t len;

	if (rt_lesson_text(path, &text, &len, err) < 0)
		return NULL;
	rt_variant_rewrite(text, len, seed, &other);
	lesson = rt_lesson_parse(rt_str_text(&other), other.len, path, mistakes, err);
	rt_str_fini(&other);
	free(text);
	for (size_t i = 0; lesson && i < lesson->n_predicts; i++)
		shuffle(&lesson->predict[i], &seed);
	return lesson;
}
