/* Pages: how a file is read, what is wrong with one, what it links to, and how the screen shows it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "lesson/page_check.h"
#include "lesson/terms.h"
#include "report/json.h"
#include "report/page.h"
#include "ui_fixture.h"

#define FRONT "---\nid: t\ntitle: A page\nquestion: What is on it?\n---\n\n"

static const char whole[] =
	FRONT "Before the first entry.\n\n"
	      "## TIME_WAIT\n\nA *record*.\n\n- one\n- two\n\n"
	      "```facts\nalso 2MSL\nverdict true,\n\tin part\nsource tcp(7)\nsource RFC 9293\n"
	      "see first:begin\nsee first:begin@label = EADDRINUSE\n```\n\n"
	      "## Accept queue\n\nOf a listener.\n\n"
	      "```table\nwho | TCP | UDP | three | four\n"
	      "Go | set [1] | - | - | -\nNode | off [2, 1] |\n  set [2] | - | -\n"
	      "[1] net/sockopt_linux.go\n[2] src/tcp.c, in\n  uv_tcp_bind()\n```\n";

static struct rt_page *parse(const char *text, unsigned needs, struct rt_str *said)
{
	struct rt_page_spec spec = {"t", needs, ""};
	struct rt_mistakes mistakes = {0};
	struct rt_error err = {0};
	struct rt_page *page = rt_page_parse(text, strlen(text), "t.md", &spec, &mistakes, &err);

	rt_str_clear(said);
	rt_mistakes_format(&mistakes, "t.md", said);
	assert_true((page != NULL) == (mistakes.n == 0));
	if (!page)
		assert_int_equal(err.kind, RT_ERR_LESSON);
	rt_mistakes_fini(&mistakes);
	return page;
}

static void test_a_whole_page(void **state)
{
	struct rt_str said = {0};
	struct rt_page *page = parse(whole, 0, &said);
	const struct rt_entry *entry;
	const struct rt_table *table;

	(void)state;
	if (!page) {
		fail_msg("%s", rt_str_text(&said));
		return;
	}
	assert_string_equal(page->title, "A page");
	assert_int_equal(page->n_intro, 1);
	assert_int_equal(page->n, 2);
	entry = &page->entry[0];
	assert_string_equal(entry->id, "time-wait");
	assert_string_equal(entry->verdict, "true, in part");
	assert_int_equal(entry->n_paras, 3);
	assert_int_equal(entry->also.n, 1);
	assert_int_equal(entry->source.n, 2);
	assert_int_equal(entry->n_sees, 2);
	assert_string_equal(entry->see[0].label, "");
	assert_string_equal(entry->see[1].lesson, "first");
	assert_string_equal(entry->see[1].step, "begin");
	assert_string_equal(entry->see[1].label, "label");
	assert_string_equal(entry->see[1].result, "EADDRINUSE");
	table = page->entry[1].para[1].table;
	assert_non_null(table);
	assert_int_equal(table->n_columns, 5);
	assert_int_equal(table->n_rows, 3);
	assert_string_equal(table->cell[12], "set [2]");
	assert_int_equal(table->n_sources, 2);
	assert_string_equal(table->source[1], "src/tcp.c, in uv_tcp_bind()");
	rt_page_free(page);
	rt_str_fini(&said);
}

/* Each mistake with its line and column. */
static void test_mistakes(void **state)
{
	static const struct {
		const char *body, *said;
		unsigned needs;
	} cases[] = {
		{"", "t.md:1:1: this page has no entry", 0},
		{"## A\n", "t.md:7:1: this entry has no text", 0},
		{"## A\n\nX.\n", "t.md:7:1: this entry has no verdict", RT_HAS_VERDICT},
		{"## A\n\nX.\n", "t.md:7:1: this entry has no source", RT_HAS_SOURCE},
		{"## A\n\nX.\n\n```facts\nsee a:b\n```\n", "t.md:7:1: no step with a result shows",
		 RT_HAS_RESULT},
		{"## A\n\nX.\n\n## a\n\nY.\n", "t.md:11:1: the entry of line 7 has this title", 0},
		{"## A\n\nX.\n\n```facts\nsoure x\n```\n",
		 "t.md:12:1: expected verdict, also, source or see, got \"soure\"", 0},
		{"## A\n\nX.\n\n```facts\nsource\n```\n", "t.md:12:7: text is missing", 0},
		{"## A\n\nX.\n\n```facts\nverdict a\nverdict b\n```\n",
		 "t.md:13:1: this entry has a verdict already", 0},
		{"## A\n\nX.\n\n```facts\nsee time-wait\n```\n", "t.md:12:5: expected a lesson", 0},
		{"## A\n\nX.\n\n```facts\nsee a:b@c\n```\n", "t.md:12:5: expected a lesson", 0},
		{"## A\n\nX.\n\n```facts\nsee a:b@c =\n```\n", "t.md:12:5: expected a lesson", 0},
		{"X.\n\n```facts\nsource x\n```\n", "t.md:9:1: these facts stand before the first",
		 0},
		{"## A\n\nX.\n\n```lab\n```\n", "got \"lab\"", 0},
		{"## A\n\n```table\na | b\nc | d\n```\n", "t.md:11:1: cell 2 ends with no source",
		 0},
		{"## A\n\n```table\na | b\nc | d [1]\n```\n", "this table has no source [1]", 0},
		{"## A\n\n```table\na | b\nc | -\n[1] x\n```\n", "no cell has the source [1]", 0},
		{"## A\n\n```table\na | b\nc | -\n[2] x\n```\n", "expected [1] and a source", 0},
		{"## A\n\n```table\na | b\nc | - | -\n```\n", "t.md:11:1: a table has 2 to 8", 0},
		{"## A\n\n```table\na | b\n```\n", "t.md:9:1: this table has no row", 0},
		{"## A\n\n```table\na | b\nc |\n```\n", "t.md:11:1: cell 2 is empty", 0},
		{"## A\n\nX.\n\n```facts\nsource x\n", "t.md:11:1: this block has no end", 0},
	};
	struct rt_str text = {0}, said = {0};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(cases); i++) {
		struct rt_page *page;

		rt_str_clear(&text);
		rt_str_addf(&text, "%s%s", FRONT, cases[i].body);
		page = parse(rt_str_text(&text), cases[i].needs, &said);
		rt_page_free(page);
		if (page || !strstr(rt_str_text(&said), cases[i].said))
			fail_msg("case %zu: %s\nwanted: %s", i, rt_str_text(&said), cases[i].said);
	}
	rt_str_fini(&text);
	rt_str_fini(&said);
}

static void test_front_matter(void **state)
{
	struct rt_str said = {0};

	(void)state;
	assert_null(parse("---\nid: t\ntitle: T\nminutes: 8\n---\n\n## A\n\nX.\n", 0, &said));
	assert_non_null(strstr(rt_str_text(&said), "t.md:4:1: the front matter has no key \"min"));
	assert_non_null(strstr(rt_str_text(&said), "the front matter has no question"));
	rt_str_fini(&said);
}

static void test_finding_an_entry(void **state)
{
	static const struct {
		const char *word;
		int entry;
	} cases[] = {{"1", 0},
		     {"2", 1},
		     {"3", -1},
		     {"time-wait", 0},
		     {"time_wait", 0},
		     {"2msl", 0},
		     {"ACCEPT", 1},
		     {"accept queue", 1},
		     {"accept-queue", 1},
		     {"queue", -1},
		     {"", -1}};
	struct rt_str said = {0};
	struct rt_page *page = parse(whole, 0, &said);
	struct rt_error err = {0};

	(void)state;
	assert_non_null(page);
	for (size_t i = 0; i < RT_COUNT(cases); i++)
		if (rt_page_find(page, cases[i].word, &err) != cases[i].entry)
			fail_msg("\"%s\"", cases[i].word);
	assert_int_equal(rt_page_find(page, "TIME_WAI", &err), 0);
	assert_int_equal(rt_page_find(page, "TIME_WIAT", &err), -1);
	assert_string_equal(err.fix, "did you mean \"TIME_WAIT\"?");
	rt_page_free(page);
	rt_str_fini(&said);
}

static void test_score(void **state)
{
	struct rt_str said = {0}, score = {0};
	struct rt_page *page = parse(FRONT "## A\n\nX.\n\n```facts\nverdict true\n```\n\n"
					   "## B\n\nX.\n\n```facts\nverdict false\n```\n\n"
					   "## C\n\nX.\n\n```facts\nverdict true\n```\n",
				     0, &said);

	(void)state;
	assert_non_null(page);
	rt_page_score(page, &score);
	assert_string_equal(rt_str_text(&score), "2 true; 1 false");
	rt_page_free(page);
	rt_str_fini(&said);
	rt_str_fini(&score);
}

static void test_which_files_are_pages(void **state)
{
	(void)state;
	assert_true(rt_page_is_path("lessons/pages/article.md"));
	assert_true(rt_page_is_path("pages/article.md"));
	assert_false(rt_page_is_path("lessons/time-wait.md"));
	assert_false(rt_page_is_path("mypages/x.md"));
	assert_false(rt_page_is_path("pages.md"));
}

/* --- terms ------------------------------------------------------------------------------------ */

static void test_terms(void **state)
{
	static const struct {
		const char *text;
		int entry; /* -1: none */
		size_t at, len;
	} cases[] = {
		{"In TIME_WAIT it waits", 0, 3, 9},
		{"in time_wait", -1, 0, 0}, /* a constant is written as it is */
		{"MY_TIME_WAIT", -1, 0, 0}, /* whole words */
		{"TIME_WAITING", -1, 0, 0},
		{"for 2MSL.", 0, 4, 4},
		{"Accept queues are", 1, 0, 13},
		{"the accept queue", 1, 4, 12},
		{"accept", -1, 0, 0},
		{"", -1, 0, 0},
	};
	struct rt_terms *terms = rt_terms_new(rt_strdup(whole));

	(void)state;
	for (size_t i = 0; i < RT_COUNT(cases); i++) {
		struct rt_term term = {0};
		bool found = rt_terms_next(terms, cases[i].text, 0, &term);

		if (found != (cases[i].entry >= 0) ||
		    (found && (term.entry != (size_t)cases[i].entry || term.at != cases[i].at ||
			       term.len != cases[i].len)))
			fail_msg("\"%s\": %d, entry %zu at %zu, %zu bytes", cases[i].text, found,
				 term.entry, term.at, term.len);
	}
	rt_terms_free(terms);
}

/* What is looked through by lines and what is parsed must number the entries alike. */
static void test_terms_are_those_of_the_page(void **state)
{
	const char *top = getenv("top_srcdir");
	struct rt_mistakes mistakes = {0};
	struct rt_str path = {0};
	struct rt_error err = {0};
	struct rt_terms *terms;
	struct rt_page *page;
	struct rt_term term;

	(void)state;
	rt_str_addf(&path, "%s/lessons/pages/glossary.md", top ? top : ".");
	page = rt_page_load(path.s, &mistakes, &err);
	terms = rt_terms_load(path.s);
	assert_non_null(page);
	assert_non_null(terms);
	for (size_t i = 0; i < page->n; i++) {
		const struct rt_texts *also = &page->entry[i].also;

		for (size_t k = 0; k <= also->n; k++) {
			const char *name = k < also->n ? also->text[k] : page->entry[i].title;

			assert_true(rt_terms_next(terms, name, 0, &term));
			assert_int_equal(term.entry, i);
			assert_int_equal(term.len, strlen(name));
		}
	}
	rt_terms_free(terms);
	rt_page_free(page);
	rt_mistakes_fini(&mistakes);
	rt_str_fini(&path);
}

/* A heading or a fact within a block of code is none, or all behind it would have a wrong number. */
static void test_terms_are_none_in_code(void **state)
{
	static const char text[] = "---\nid: glossary\n---\n\n```text\n## Zero\n```\n## One\n\n"
				   "~~~\n## Two\nalso Three\n~~~\n\n````text\n```facts\nalso Four\n"
				   "```\n````\n\n```facts\nalso Five\n```\n\n## Six\n";
	static const struct {
		const char *text;
		int entry;
	} cases[] = {{"zero", -1}, {"one", 0},	{"two", -1}, {"three", -1},
		     {"four", -1}, {"five", 0}, {"six", 1}};
	struct rt_terms *terms = rt_terms_new(rt_strdup(text));

	(void)state;
	for (size_t i = 0; i < RT_COUNT(cases); i++) {
		struct rt_term term = {0};

		assert_int_equal(rt_terms_next(terms, cases[i].text, 0, &term),
				 cases[i].entry >= 0);
		if (cases[i].entry >= 0)
			assert_int_equal(term.entry, cases[i].entry);
	}
	rt_terms_free(terms);
}

static void test_marks(void **state)
{
	struct rt_span span[] = {{RT_TEXT_PLAIN, (char *)"a TIME_WAIT and TIME_WAIT, "},
				 {RT_TEXT_CODE, (char *)"accept queue"},
				 {RT_TEXT_EMPH, (char *)" accept queue"}};
	struct rt_para para = {.kind = RT_PARA_TEXT, .span = span, .n_spans = 3}, marked;
	struct rt_str text = {0};
	struct rt_terms *terms = rt_terms_new(rt_strdup(whole));
	bool seen[RT_PAGE_ENTRIES_MAX] = {false};

	(void)state;
	marked = rt_terms_mark(terms, &para, seen);
	for (size_t i = 0; i < marked.n_spans; i++)
		rt_str_addf(&text, "%d[%s]", (int)marked.span[i].style, marked.span[i].text);
	/* Once each, and not in code. */
	assert_string_equal(rt_str_text(&text),
			    "0[a ]4[TIME_WAIT]0[ and TIME_WAIT, ]3[accept queue]"
			    "1[ ]4[accept queue]");
	assert_true(seen[0] && seen[1]);
	rt_terms_fini(&marked);
	rt_terms_free(terms);
	rt_str_fini(&text);
}

/* Whoever reads it gets each character; a terminal that shows it gets none that commands. */
static void test_json_is_harmless_and_whole(void **state)
{
	static const char text[] = "a\033[31m\302\23331m\342\200\256\177\357\273\277\344\270\255\t";
	json_t *json = json_pack("{s:s}", "text", text), *again;
	char *shown = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&shown, &len);

	(void)state;
	rt_json_print(file, json, JSON_COMPACT);
	fclose(file);
	assert_string_equal(shown, "{\"text\":\"a\\u001B[31m\\u009b31m\\u202e\\u007f\\ufeff"
				   "\344\270\255\\t\"}");
	again = json_loads(shown, 0, NULL);
	assert_true(json_equal(json, again));
	json_decref(again);
	json_decref(json);
	free(shown);
}

/* --- links, and the screen over files --------------------------------------------------------- */

static const char lesson_text[] =
	"---\nid: first\ntitle: One port\nminutes: 5\nquestion: Who?\nbelief: B\n---\n\n"
	"## Beginning\n<!-- step: begin -->\n<!-- note: N -->\n\nHere a TIME_WAIT stands.\n\n"
	"```lab\nold: s = socket(AF_INET, SOCK_STREAM)\nold: listen(s, 8) = EADDRINUSE @label\n"
	"```\n\n"
	"## End\n<!-- step: end -->\n<!-- note: N -->\n\nNo word of interest.\n";

struct world {
	struct ui_fixture *f;
	char dir[64];
};

static void write_file(const struct world *w, const char *name, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", w->dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* A lesson, and every page of the program with the text of `whole`. */
static struct world *world_new(int width, int height)
{
	struct world *w = rt_calloc(1, sizeof(*w));
	struct rt_str text = {0};
	struct rt_error err;
	char name[64];
	size_t n;
	const struct rt_page_spec *spec = rt_page_specs(&n);

	strcpy(w->dir, "/tmp/rt-page.XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	snprintf(name, sizeof(name), "%s/pages", w->dir);
	assert_int_equal(mkdir(name, 0700), 0);
	write_file(w, "first.md", lesson_text);
	for (size_t i = 0; i < n; i++) {
		rt_str_clear(&text);
		rt_str_addf(&text, "---\nid: %s\n%s", spec[i].id, strstr(whole, "title"));
		/* What some pages ask of every entry. */
		rt_str_add(&text, "\n```facts\nverdict false\nsource x\n"
				  "see first:begin@label = EADDRINUSE\n```\n");
		snprintf(name, sizeof(name), "pages/%s.md", spec[i].id);
		write_file(w, name, rt_str_text(&text));
	}
	rt_str_fini(&text);
	w->f = ui_fixture_new(width, height, false, true, lesson_text);
	rt_lesson_free(w->f->catalog.head[0]);
	snprintf(name, sizeof(name), "%s/first.md", w->dir);
	w->f->catalog.head[0] = rt_lesson_load_head(name, &err);
	assert_non_null(w->f->catalog.head[0]);
	free(w->f->catalog.dir);
	w->f->catalog.dir = rt_strdup(w->dir);
	rt_reading_begin(&w->f->ui);
	assert_int_equal(w->f->ui.books.n, n);
	return w;
}

static void world_free(struct world *w)
{
	char path[128];
	size_t n;
	const struct rt_page_spec *spec = rt_page_specs(&n);

	for (size_t i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/pages/%s.md", w->dir, spec[i].id);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/first.md", w->dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/pages", w->dir);
	rmdir(path);
	rmdir(w->dir);
	ui_fixture_free(w->f);
	free(w);
}

static void test_links(void **state)
{
	static const struct {
		const char *see, *said;
	} cases[] = {
		{"first:begin", NULL},
		{"first:begin@label = EADDRINUSE", NULL},
		{"first:begin@label = 0", NULL}, /* it could be; the kernel is asked by check */
		{"frist:begin", "there is no lesson \"frist\""},
		{"first:bigin", "that lesson has no step \"bigin\""},
		{"first:begin@lable = 0", "no line with the label \"lable\""},
		{"first:end@label = 0", "no line with the label \"label\""},
		{"first:begin@label = 7", "that line cannot give \"7\""},
		{"first:begin@label = EADDR", "expected a result"},
	};
	struct world *w = world_new(80, 24);
	struct rt_str text = {0}, said = {0};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(cases); i++) {
		struct rt_mistakes mistakes = {0};
		struct rt_page *page;
		int result;

		rt_str_clear(&text);
		rt_str_addf(&text, FRONT "## A\n\nX.\n\n```facts\nsee %s\n```\n", cases[i].see);
		page = parse(rt_str_text(&text), 0, &said);
		assert_non_null(page);
		result = rt_page_link(page, &w->f->catalog, &mistakes);
		assert_int_equal(result, cases[i].said ? -1 : 0);
		rt_str_clear(&said);
		rt_mistakes_format(&mistakes, "t.md", &said);
		if (cases[i].said && (!strstr(rt_str_text(&said), cases[i].said) ||
				      !strstr(rt_str_text(&said), "t.md:12:5")))
			fail_msg("%s: %s", cases[i].see, rt_str_text(&said));
		if (!cases[i].said)
			assert_string_equal(page->entry[0].see[0].step_title, "Beginning");
		rt_mistakes_fini(&mistakes);
		rt_page_free(page);
	}
	rt_str_fini(&text);
	rt_str_fini(&said);
	world_free(w);
}

/* What the kernel does decides, not what the lesson states: here a kernel that says success. */
static void test_check_asks_the_kernel(void **state)
{
	struct world *w = world_new(80, 24);
	struct rt_str said = {0};
	struct rt_page *page = parse(FRONT "## A\n\nX.\n\n```facts\nsee first:begin\n"
					   "see first:begin@label = EADDRINUSE\n"
					   "see first:begin@label = 0\nsee first:gone\n```\n",
				     0, &said);
	struct rt_checks checks;
	struct rt_error err = {0};
	size_t passed = 0;

	(void)state;
	assert_non_null(page);
	assert_int_equal(rt_page_check(&w->f->fake->world, page, &w->f->catalog, &checks, &err), 0);
	assert_int_equal(checks.n, 4);
	for (size_t i = 0; i < checks.n; i++)
		passed += checks.check[i].passed;
	/* The step that is there, and one of the two results. */
	assert_int_equal(passed, 2);
	assert_int_equal(checks.failed, 2);
	rt_checks_fini(&checks);
	rt_page_free(page);
	rt_str_fini(&said);
	world_free(w);
}

static void test_on_the_screen(void **state)
{
	static const struct {
		int width, height;
	} sizes[] = {{40, 12}, {80, 24}, {110, 30}, {200, 50}};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(sizes); i++) {
		struct world *w = world_new(sizes[i].width, sizes[i].height);

		ui_key(w->f, 'G');
		ui_draw(w->f);
		ui_assert_sound(w->f);
		ui_assert_shows(w->f, "A page");
		ui_assert_shows(w->f, "1 of 2");
		ui_assert_shows(w->f, "> TIME_WAIT");
		ui_key(w->f, RT_KEY_END);
		ui_draw(w->f);
		ui_assert_sound(w->f);
		ui_assert_shows(w->f, "2 of 2");
		ui_assert_shows(w->f, "Step: first:begin");
		/* Every line can be come by. */
		for (int k = 0; k < 60; k++)
			ui_key(w->f, RT_KEY_UP);
		ui_draw(w->f);
		ui_assert_shows(w->f, "What is on it?");
		ui_key(w->f, 'q');
		ui_draw(w->f);
		ui_assert_shows(w->f, "Lessons");
		world_free(w);
	}
}

static void test_down_shows_everything(void **state)
{
	struct world *w = world_new(40, 12);
	bool source = false, cell = false;

	(void)state;
	ui_key(w->f, 'G');
	for (int k = 0; k < 60; k++) {
		const char *picture = ui_draw(w->f);

		source = source || strstr(picture, "[2] src/tcp.c");
		cell = cell || strstr(picture, "UDP: set [2]");
		ui_key(w->f, RT_KEY_DOWN);
	}
	assert_true(source && cell);
	world_free(w);
}

static void test_table_has_columns_where_there_is_room(void **state)
{
	struct world *w = world_new(80, 40);

	(void)state;
	ui_key(w->f, 'G');
	ui_draw(w->f);
	ui_assert_shows(w->f, "who   TCP");
	ui_assert_hides(w->f, "TCP: set");
	ui_resize(w->f, 40, 40);
	ui_key(w->f, RT_KEY_DOWN);
	ui_draw(w->f);
	ui_assert_shows(w->f, "TCP: set [1]");
	world_free(w);
}

static void test_enter_opens_the_step_and_leaving_comes_back(void **state)
{
	struct world *w = world_new(80, 24);

	(void)state;
	ui_key(w->f, 'G');
	ui_key(w->f, RT_KEY_END);
	ui_press(w->f, "\n");
	ui_draw(w->f);
	ui_assert_shows(w->f, "Read: Beginning");
	ui_press(w->f, "q");
	ui_draw(w->f);
	ui_assert_shows(w->f, "2 of 2");
	/* The same lesson is open already; a number opens a step too. */
	ui_press(w->f, "1");
	ui_draw(w->f);
	ui_assert_shows(w->f, "Read: Beginning");
	ui_press(w->f, "qq");
	ui_draw(w->f);
	ui_assert_shows(w->f, "Lessons");
	world_free(w);
}

static void test_terms_of_a_step(void **state)
{
	struct world *w = world_new(80, 24);

	(void)state;
	ui_press(w->f, "\n");
	ui_draw(w->f);
	ui_assert_shows(w->f, "G terms");
	assert_int_equal(ui_style_of(w->f, "TIME_WAIT stands"), RT_STYLE_TERM);
	ui_press(w->f, "G");
	ui_draw(w->f);
	ui_assert_shows(w->f, "Terms of this step");
	ui_assert_shows(w->f, "1 of 1");
	ui_assert_hides(w->f, "Accept queue");
	ui_press(w->f, "G");
	ui_draw(w->f);
	ui_assert_shows(w->f, "1 of 2");
	/* Back over the help too, to the step where it was opened. */
	ui_press(w->f, "?\x1bq");
	ui_draw(w->f);
	ui_assert_shows(w->f, "Read: Beginning");
	ui_press(w->f, "\n\n");
	ui_draw(w->f);
	ui_assert_shows(w->f, "Read: End");
	ui_assert_hides(w->f, "G terms");
	world_free(w);
}

static void test_search_finds_entries(void **state)
{
	struct world *w = world_new(80, 24);

	(void)state;
	ui_press(w->f, "/time_w");
	ui_draw(w->f);
	ui_assert_shows(w->f, "page TIME_WAIT");
	ui_assert_shows(w->f, "A record.");
	ui_press(w->f, "\n");
	ui_draw(w->f);
	ui_assert_shows(w->f, "> TIME_WAIT");
	ui_press(w->f, "q");
	ui_draw(w->f);
	ui_assert_shows(w->f, "Lessons");
	/* By its text alone, a table's too. */
	ui_press(w->f, "/node");
	ui_draw(w->f);
	ui_assert_shows(w->f, "page Accept queue");
	world_free(w);
}

static void test_in_the_list_of_lessons(void **state)
{
	struct world *w = world_new(80, 24);

	(void)state;
	ui_key(w->f, RT_KEY_END);
	ui_draw(w->f);
	ui_assert_shows(w->f, "> glossary");
	ui_assert_shows(w->f, "What is on it?");
	ui_press(w->f, "\n");
	ui_draw(w->f);
	ui_assert_shows(w->f, "1 of 2");
	ui_press(w->f, "q");
	ui_draw(w->f);
	ui_assert_shows(w->f, "> glossary");
	world_free(w);
}

/* --- linear ----------------------------------------------------------------------------------- */

static char *printed(void (*print)(FILE *, const struct rt_page *, int), int entry)
{
	struct rt_str said = {0};
	struct rt_page *page = parse(whole, 0, &said);
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(page);
	print(out, page, entry);
	fclose(out);
	rt_page_free(page);
	rt_str_fini(&said);
	return text;
}

static void test_plain(void **state)
{
	char *text = printed(rt_plain_page, -1), *one = printed(rt_plain_page, 1);

	(void)state;
	assert_non_null(strstr(text, "A page\nWhat is on it?\n\nBefore the first entry.\n"));
	assert_non_null(strstr(text, "1. TIME_WAIT\nVerdict: true, in part\n\nA record.\n"));
	assert_non_null(strstr(text, "Source: RFC 9293\nStep: first:begin\n"));
	assert_null(strstr(one, "TIME_WAIT"));
	assert_non_null(strstr(one, "Node\n  TCP: off [2, 1]\n  UDP: set [2]\n"));
	assert_non_null(strstr(one, "[2] src/tcp.c, in uv_tcp_bind()\n"));
	free(text);
	free(one);
}

static void test_json(void **state)
{
	char *text = printed(rt_json_page, 0);

	(void)state;
	assert_non_null(strstr(text, "\"title\": \"TIME_WAIT\""));
	assert_non_null(strstr(text, "\"result\": \"EADDRINUSE\""));
	assert_null(strstr(text, "Accept queue"));
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_whole_page),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_front_matter),
		cmocka_unit_test(test_finding_an_entry),
		cmocka_unit_test(test_score),
		cmocka_unit_test(test_which_files_are_pages),
		cmocka_unit_test(test_terms),
		cmocka_unit_test(test_terms_are_those_of_the_page),
		cmocka_unit_test(test_terms_are_none_in_code),
		cmocka_unit_test(test_json_is_harmless_and_whole),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_check_asks_the_kernel),
		cmocka_unit_test(test_on_the_screen),
		cmocka_unit_test(test_down_shows_everything),
		cmocka_unit_test(test_table_has_columns_where_there_is_room),
		cmocka_unit_test(test_enter_opens_the_step_and_leaving_comes_back),
		cmocka_unit_test(test_terms_of_a_step),
		cmocka_unit_test(test_search_finds_entries),
		cmocka_unit_test(test_in_the_list_of_lessons),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
