/*
 * Lesson files: what becomes of a good one, and every mistake that a bad one can hold, with its
 * place and its words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "lesson/lesson.h"
#include "lesson/script.h"

#define FRONT "---\nid: x\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n" /* 7 lines */
#define STEP FRONT "## A\n<!-- step: a -->\n"					/* 9 lines */
#define LAB "```lab\no: s = socket(AF_INET, SOCK_STREAM)\no: listen(s) @l\nexpect tcp * @e\n```\n"
#define ASK "```predict l\nask Q?\nchoice 0: yes\nwhy Y\nchoice EINVAL: no\nwhy N\n```\n"

static struct rt_lesson *read_good(const char *text)
{
	struct rt_mistakes mistakes;
	struct rt_error err = {0};
	struct rt_lesson *lesson = rt_lesson_parse(text, strlen(text), "x.md", &mistakes, &err);
	struct rt_str shown = {0};

	if (!lesson) {
		rt_mistakes_format(&mistakes, "x.md", &shown);
		fail_msg("%s\n%s", err.what, rt_str_text(&shown));
	}
	assert_int_equal(mistakes.n, 0);
	return lesson;
}

/* All mistakes of text as they are shown. The caller frees them. */
static char *read_bad(const char *text, size_t len)
{
	struct rt_mistakes mistakes;
	struct rt_error err = {0};
	struct rt_lesson *lesson = rt_lesson_parse(text, len, "x.md", &mistakes, &err);
	struct rt_str shown = {0};

	if (lesson)
		fail_msg("no mistake in:\n%s", text);
	assert_int_equal(err.kind, RT_ERR_LESSON);
	rt_mistakes_format(&mistakes, "x.md", &shown);
	rt_mistakes_fini(&mistakes);
	return rt_str_take(&shown);
}

/* --- a good one ------------------------------------------------------------------------------- */

static void test_front(void **state)
{
	struct rt_lesson *lesson =
		read_good("---\nid: time-wait \ntitle: \"A \\\"b\\\" \\\\ c\"\nminutes: 60\n\n"
			  "question: 为什么: why?\nbelief: B\nafter: one-port per-ip\n---\n## A\n"
			  "<!-- step: a -->\n");

	(void)state;
	assert_string_equal(lesson->path, "x.md");
	assert_string_equal(lesson->id, "time-wait");
	assert_string_equal(lesson->title, "A \"b\" \\ c");
	assert_int_equal(lesson->minutes, 60);
	assert_string_equal(lesson->question, "为什么: why?");
	assert_string_equal(lesson->belief, "B");
	assert_string_equal(lesson->after, "one-port per-ip");
	rt_lesson_free(lesson);
	lesson = read_good("\xef\xbb\xbf" STEP);
	assert_string_equal(lesson->after, "");
	rt_lesson_free(lesson);
}

static void test_steps(void **state)
{
	struct rt_lesson *lesson = read_good(
		FRONT "\n<!-- nothing -->\n## The `first` *one* ##\n<!-- step: a-1 -->\n"
		      "<!-- note: Say\n     this.\n\nThen\tthat. --><!-- note: More. -->\n" LAB
		      "## B\n<!-- step: 2 -->\n```lab\no: close(s)\n```\n## C\n"
		      "<!-- step: c -->\n");

	(void)state;
	assert_int_equal(lesson->n_steps, 3);
	assert_string_equal(lesson->step[0].id, "a-1");
	assert_string_equal(lesson->step[0].title, "The first one");
	assert_string_equal(lesson->step[0].note, "Say this.\nThen\tthat.\nMore.");
	assert_int_equal(lesson->step[0].number, 10);
	assert_int_equal(lesson->step[0].first_line, 0);
	assert_int_equal(lesson->step[0].n_lines, 3);
	assert_string_equal(lesson->step[1].note, "");
	assert_int_equal(lesson->step[1].first_line, 3);
	assert_int_equal(lesson->step[1].n_lines, 1);
	assert_int_equal(lesson->step[2].first_line, 4);
	assert_int_equal(lesson->step[2].n_lines, 0);
	assert_int_equal(lesson->line[3].step, 1);
	assert_int_equal(lesson->line[3].number, 24);
	assert_int_equal(rt_lesson_find_step(lesson, "c"), 2);
	assert_int_equal(rt_lesson_find_step(lesson, "2"), 1);
	assert_int_equal(rt_lesson_find_step(lesson, "3"), 2);
	assert_int_equal(rt_lesson_find_step(lesson, "4"), -1);
	assert_int_equal(rt_lesson_find_step(lesson, "0"), -1);
	assert_int_equal(rt_lesson_find_step(lesson, ""), -1);
	assert_int_equal(rt_lesson_find_step(lesson, "99999999999999999999999"), -1);
	rt_lesson_free(lesson);
}

/* KIND INDENT MARKER [STYLE text] ... of each paragraph, a line each. */
static char *dump(const struct rt_step *step)
{
	static const char *const kinds[] = {"text", "item", "code", "quote", "heading"};
	static const char *const styles[] = {"", "*", "**", "`"};
	struct rt_str out = {0};

	for (size_t i = 0; i < step->n_paras; i++) {
		const struct rt_para *para = &step->para[i];

		rt_str_addf(&out, "%s %d %s after %zu:", kinds[para->kind], para->indent,
			    para->marker[0] ? para->marker : "_", para->after_line);
		for (size_t j = 0; j < para->n_spans; j++)
			rt_str_addf(&out, " [%s%s]", styles[para->span[j].style],
				    para->span[j].text);
		rt_str_addc(&out, '\n');
	}
	return rt_str_take(&out);
}

static void expect_prose(const char *text, const char *expected)
{
	struct rt_str file = {0};
	struct rt_lesson *lesson;
	char *got;

	rt_str_addf(&file, "%s\n%s", STEP, text);
	lesson = read_good(rt_str_text(&file));
	got = dump(&lesson->step[0]);
	assert_string_equal(got, expected);
	free(got);
	rt_lesson_free(lesson);
	rt_str_fini(&file);
}

static void test_prose(void **state)
{
	(void)state;
	expect_prose("One *two* **three** `four  4` five\nsix **a *b* `c`**\n",
		     "text 0 _ after 0: [One ] [*two] [ ] [**three] [ ] [`four  4] [ five six ] "
		     "[**a b ] [`c]\n");
	expect_prose("a\\\nb &amp; \\*c\\*\n", "text 0 _ after 0: [a\nb & *c*]\n");
	/*
	 * No blank at a line end between wide characters; one beside a narrow one, and none of it
	 * in code.
	 */
	expect_prose("地址\n已被 `x`\n占用\nyes\n",
		     "text 0 _ after 0: [地址已被 ] [`x] [ 占用 yes]\n");
	expect_prose("[tcp(7)](http://x/y) <http://z> <a@b.c> [](u) [v]()\n",
		     "text 0 _ after 0: [tcp(7) <http://x/y> http://z a@b.c <u> v]\n");
	expect_prose("a <!-- gone --> b\n", "text 0 _ after 0: [a  b]\n");
	expect_prose("- one\n- two\n\n  more\n  - deep\n\n7. x\n8. y\n",
		     "item 1 - after 0: [one]\nitem 1 - after 0: [two]\nitem 1 _ after 0: [more]\n"
		     "item 2 - after 0: [deep]\nitem 1 7. after 0: [x]\nitem 1 8. after 0: [y]\n");
	expect_prose("-\n- ```c\n  int x;\n\n  int y;\n  ```\n- > q\n",
		     "item 1 - after 0:\nitem 1 - after 0:\ncode 1 _ after 0: [`int x;\n\nint y;]\n"
		     "item 1 - after 0:\nquote 2 _ after 0: [q]\n");
	expect_prose("> quote\n>\n> - item\n\n### Sub `x`\n\n    code\n\n~~~ sh\nls\n~~~\n",
		     "quote 1 _ after 0: [quote]\nitem 2 - after 0: [item]\nheading 0 _ after 0: "
		     "[Sub ] [`x]\n"
		     "code 0 _ after 0: [`code]\ncode 0 _ after 0: [`ls]\n");
	expect_prose(
		"before\n\n" LAB "\nafter\n\n```lab\no: close(s)\n```\n\nend\n",
		"text 0 _ after 0: [before]\ntext 0 _ after 3: [after]\ntext 0 _ after 4: [end]\n");
}

static void test_fresh(void **state)
{
	struct rt_lesson *lesson = read_good(
		STEP "```lab\n# nothing\n```\n" LAB "```lab\no: close(s)\n```\n"
		     "```lab fresh\n\n# comment\no: s = socket(AF_INET, SOCK_STREAM) # c\n"
		     "o: close(s)\n```\n");
	static const bool fresh[] = {true, false, false, false, true, false};

	(void)state;
	assert_int_equal(lesson->n_lines, RT_COUNT(fresh));
	for (size_t i = 0; i < RT_COUNT(fresh); i++)
		assert_int_equal(lesson->line[i].fresh, fresh[i]);
	assert_string_equal(lesson->line[4].comment, "c");
	assert_string_equal(lesson->line[1].label, "l");
	rt_lesson_free(lesson);
}

static void test_questions(void **state)
{
	struct rt_lesson *lesson = read_good(
		STEP
		"```predict e\nask  Which\n  row is\n\tthere? \nchoice none:\nwhy\n W1\nchoice "
		"LISTEN:一\n why\n"
		"why W2\nchoice 2: two: more\n\nwhy W3\nhint H1\nhint H2\n  on\nhint H3\n```\n" LAB
			ASK "  ~~~~ predict a\n  ask Q\n  choice 127.0.0.1:*: x\n    y\n  why W\n  "
		"choice *: z\n  why W\n"
		"  ~~~~\n"
		"```lab\no: getsockname(s) @a\n```\n");
	const struct rt_predict *predict;

	(void)state;
	assert_int_equal(lesson->n_predicts, 3);
	assert_null(rt_lesson_predict(lesson, 0));
	predict = rt_lesson_predict(lesson, 1);
	assert_ptr_equal(predict, &lesson->predict[0]);
	assert_string_equal(predict->ask, "Q?");
	assert_int_equal(predict->choice[0].want.kind, RT_WANT_NUMBER);
	assert_int_equal(predict->choice[1].want.kind, RT_WANT_ERRNO);
	predict = rt_lesson_predict(lesson, 2);
	assert_string_equal(predict->ask, "Which row is there?");
	assert_int_equal(predict->number, 10);
	assert_int_equal(predict->n_choices, 3);
	assert_int_equal(predict->choice[0].want.kind, RT_WANT_NONE);
	assert_string_equal(predict->choice[0].text, "");
	assert_string_equal(predict->choice[0].why, "W1");
	assert_string_equal(predict->choice[1].pattern, "LISTEN");
	assert_int_equal(predict->choice[1].want.number, RT_LISTEN);
	assert_string_equal(predict->choice[1].text, "一 why");
	assert_string_equal(predict->choice[1].why, "W2");
	assert_string_equal(predict->choice[2].text, "two: more");
	assert_int_equal(predict->n_hints, 3);
	assert_string_equal(predict->hint[1], "H2 on");
	predict = rt_lesson_predict(lesson, 3);
	assert_string_equal(predict->choice[0].pattern, "127.0.0.1:*");
	assert_string_equal(predict->choice[0].text, "x y");
	assert_true(predict->choice[1].want.address.any_host);
	rt_lesson_free(lesson);
}

/* --- mistakes --------------------------------------------------------------------------------- */

static const struct {
	const char *text, *shown;
} bad[] = {
	/* the front matter */
	{"", "x.md:1:1: expected ---, the beginning of the front matter\n    \n    ^\n    a lesson "
	     "begins with ---, then id, "
	     "title, minutes, question and belief, then ---\nx.md:1:1: this lesson has no step\n   "
	     " \n    ^\n    a step begins "
	     "with: ## Its title\n"},
	{"---\nid: x\n", "x.md:1:1: the front matter has no end\n    ---\n    ^\n    write --- "
			 "behind its last line\n"},
	{"---\nid: X y\ntitel: T\ntitle: T\nminutes: 61\nquestion: \"Q\nbelief\n---\n## A\n<!-- "
	 "step: a -->\n",
	 "x.md:2:5: an id has small letters, digits and -, not first, at most 64\n    id: X y\n    "
	 "    ^\n    "
	 "id: time-wait\n"
	 "x.md:3:1: the front matter has no key \"titel\"\n    titel: T\n    ^\n    did you mean "
	 "\"title\"?\n"
	 "x.md:5:10: expected a number of minutes from 1 to 60\n    minutes: 61\n             ^\n  "
	 "  minutes: 8\n"
	 "x.md:6:11: this text has no end\n    question: \"Q\n              ^\n    write \" behind "
	 "it\n"
	 "x.md:7:1: expected a key, a colon and a value\n    belief\n    ^\n    title: ...\n"
	 "x.md:8:1: the front matter has no belief\n    ---\n    ^\n    belief: The new server "
	 "alone needs SO_REUSEADDR.\n"},
	{"---\nid: x\nid: x\ntitle:\nminutes: 0\nquestion: \"Q\" q\nbelief: B\nafter: a  B "
	 "c\n---\n## A\n<!-- step: a -->\n",
	 "x.md:3:1: id is given twice\n    id: x\n    ^\n"
	 "x.md:4:7: title has no value\n    title:\n          ^\n    title: Restart and TIME_WAIT\n"
	 "x.md:5:10: expected a number of minutes from 1 to 60\n    minutes: 0\n             ^\n   "
	 " minutes: 8\n"
	 "x.md:6:14: text stands behind the closing quote\n    question: \"Q\" q\n                 "
	 "^\n    write \\\" for a quote "
	 "inside\n"
	 "x.md:8:11: an id has small letters, digits and -, not first, at most 64\n    after: a  B "
	 "c\n        "
	 "      ^\n    after: one-port "
	 "per-ip\n"},
	/* steps */
	{FRONT, "x.md:7:1: this lesson has no step\n    ---\n    ^\n    a step begins with: ## Its "
		"title\n"},
	{FRONT "\ntext\n\nmore\n\n" LAB "\n## A\n<!-- step: a -->\n",
	 "x.md:9:1: this stands before the first step\n    text\n    ^\n    a step begins with: ## "
	 "Its title\n"},
	{FRONT "<!-- step: b -->\n## A\n<!-- step: a -->\n",
	 "x.md:8:1: this stands before the first step\n    <!-- step: b -->\n    ^\n    a step "
	 "begins with: ## Its title\n"},
	{FRONT "## A\n\n## B\n<!-- step: b -->\n<!-- step: c -->\n## C\n<!-- step: b -->\n## "
	       "D\n<!-- step: D -->\n",
	 "x.md:8:1: this step has no id\n    ## A\n    ^\n    write below it: <!-- step: some-id "
	 "-->\n"
	 "x.md:12:1: this step has an id already\n    <!-- step: c -->\n    ^\n    a step begins "
	 "with: ## Its title\n"
	 "x.md:14:1: the step of line 10 has this id already\n    <!-- step: b -->\n    ^\n    "
	 "choose another id\n"
	 "x.md:16:1: the id of a step has small letters, digits and -, at most 64\n    <!-- step: "
	 "D -->\n    ^\n    as in <!-- "
	 "step: second-bind -->\n"},
	{STEP "# B\n#### C\n##\n\nD\n---\n\n***\n- ## E\n",
	 "x.md:10:1: expected ## or ###\n    # B\n    ^\n    a step begins with ##, and the "
	 "lesson's title stands at the top\n"
	 "x.md:11:1: expected ## or ###\n    #### C\n    ^\n    a heading inside a step begins "
	 "with ###\n"
	 "x.md:12:1: this heading has no text\n    ##\n    ^\n    as in: ## The second bind\n"
	 "x.md:14:1: the line below makes this a heading\n    D\n    ^\n    leave an empty line "
	 "above --- or ===, or begin the "
	 "heading with ##\n"
	 "x.md:17:1: a rule across the page is not shown\n    ***\n    ^\n    a step begins with: "
	 "## Its title\n"
	 "x.md:18:1: a step cannot begin inside a list or a quote\n    - ## E\n    ^\n    write ## "
	 "at the beginning of the line\n"},
	/* what is not shown */
	{STEP "\n中 ![i](u) <b>x\n\n<div>\n</div>\n\na <!-- note: n --> b\n",
	 "x.md:11:4: images are not shown\n    中 ![i](u) <b>x\n       ^\n    say it in words\n"
	 "x.md:11:12: HTML is not shown\n    中 ![i](u) <b>x\n               ^\n    write it as "
	 "Markdown\n"
	 "x.md:13:1: HTML is not shown\n    <div>\n    ^\n    write it as Markdown\n"
	 "x.md:16:3: this comment stands inside a text\n    a <!-- note: n --> b\n      ^\n    "
	 "write it on a line of its own\n"},
	{STEP "![a](b) ![c](d)\n![e](f)\n",
	 "x.md:10:1: images are not shown\n    ![a](b) ![c](d)\n    ^\n    say it in words\n"
	 "x.md:10:9: images are not shown\n    ![a](b) ![c](d)\n            ^\n    say it in "
	 "words\n"
	 "x.md:11:1: images are not shown\n    ![e](f)\n    ^\n    say it in words\n"},
	{STEP "<!-- note: a\n\n## B\n\n# C\n",
	 "x.md:10:1: this comment has no end\n    <!-- note: a\n    ^\n    write --> behind it\n"},
	{STEP "<!-- a --> text\n",
	 "x.md:10:1: HTML is not shown\n    <!-- a --> text\n    ^\n    write it as Markdown\n"},
	/* blocks */
	{STEP "```labb\n```\n\n```python\n```\n\n- ```lab\n  x\n  ```\n\n- ```pyth\n  ```\n",
	 "x.md:10:4: expected the kind of the block, got \"labb\"\n    ```labb\n       ^\n    did "
	 "you mean \"lab\"?\n"
	 "x.md:13:4: expected the kind of the block, got \"python\"\n    ```python\n       ^\n    "
	 "code has c, text, sh, console "
	 "or nothing behind ```; script has lab or predict\n"
	 "x.md:16:1: a block of script cannot stand inside a list or a quote\n    - ```lab\n    "
	 "^\n    write ``` at the beginning "
	 "of the line, behind an empty line\n"
	 "x.md:20:6: expected the kind of the block, got \"pyth\"\n    - ```pyth\n         ^\n    "
	 "code has c, text, sh, console "
	 "or nothing behind ```; script has lab or predict\n"},
	{STEP "```lab frehs\n```\n```\ncode\n",
	 "x.md:10:8: expected fresh, when or the end of the line\n    ```lab frehs\n           ^\n "
	 "   a "
	 "block of script begins with "
	 "```lab or ```lab fresh, and may say behind it: when FEATURE\n"
	 "x.md:12:1: this block has no end\n    ```\n    ^\n    write ``` behind its last line\n"},
	{STEP "```lab\no: s = socket(AF_INET, SOCK_STREAM)\n\nText\n",
	 "x.md:10:1: this block has no end\n    ```lab\n    ^\n    write ``` behind its last line\n"
	 "x.md:13:1: expected a process, a call or expect, got \"Text\"\n    Text\n    ^\n    a "
	 "line begins with the process that "
	 "makes the call: old: s = socket(AF_INET, SOCK_STREAM)\n"},
	{STEP "```lab\no: s = socket(AF_INET, SOCK_STREAM)\n\n```predict l\nask Q\n```\n",
	 "x.md:13:1: the block of line 10 has no end\n    ```predict l\n    ^\n    write ``` "
	 "behind the last line of that block\n"},
	{STEP "```predict l\nask Q\n```lab\n```\n",
	 "x.md:12:1: the block of line 10 has no end\n    ```lab\n    ^\n    write ``` behind the "
	 "last line of that block\n"},
	/*
	 * lines of script: one wrong line is one mistake, and the caret stands under it behind tabs
	 * and Chinese
	 */
	{STEP "  ```lab\n  o:\ts = sokcet(AF_INET, SOCK_STREAM) @l\n\to: send(s, \"中\", x)\n  o: "
	      "listen(s)\n  ```\n" ASK,
	 "x.md:11:10: expected a call, got \"sokcet\"\n      o:\ts = sokcet(AF_INET, SOCK_STREAM) "
	 "@l\n        \t    ^\n    did "
	 "you mean \"socket\"?\n"
	 "x.md:12:19: expected flags, got \"x\"\n    \to: send(s, \"中\", x)\n    \t               "
	 "  ^\n    there are MSG_DONTWAIT, "
	 "MSG_PEEK, MSG_WAITALL, MSG_NOSIGNAL, MSG_TRUNC, MSG_OOB\n"},
	{STEP LAB "```lab\no: close(s)\no: close(s) @l\nx: k = accpt(s)\nx: close(k)\n```\n```lab "
		  "fresh\no: close(s)\n```\n",
	 "x.md:17:10: s was closed in line 16\n    o: close(s) @l\n             ^\n"
	 "x.md:18:8: expected a call, got \"accpt\"\n    x: k = accpt(s)\n           ^\n    did "
	 "you mean \"accept\"?\n"
	 "x.md:22:10: o has no descriptor \"s\"\n    o: close(s)\n             ^\n    a descriptor "
	 "gets its name from socket or "
	 "accept: s = socket(AF_INET, SOCK_STREAM)\n"},
	{STEP LAB "```lab\no: send(s, \"@l\\\"@l\") @l # @l\n```\n",
	 "x.md:16:22: @l is the label of line 12 already\n    o: send(s, \"@l\\\"@l\") @l # @l\n"
	 "                         ^\n    choose another label\n"},
	/* questions */
	{STEP LAB "```predict\nask Q\n```\n",
	 "x.md:15:11: expected the label of the line that is asked about\n    ```predict\n         "
	 "     ^\n    write @second-bind "
	 "behind the line of script, and ```predict second-bind\n"},
	{STEP LAB "```predict e l\n```\n",
	 "x.md:15:12: expected the label of the line that is asked about\n    ```predict e l\n     "
	 "          ^\n    write "
	 "@second-bind behind the line of script, and ```predict second-bind\n"},
	{STEP LAB "```predict l\naks Q\nwhy W\nchoice yes\nchoice 0:\nwhy W\nwhy W\nask Q\nask "
		  "Q\nhint\nhint 1\nhint 2\nhint 3\n"
		  "hint 4\n```\n",
	 "x.md:16:1: expected ask, choice, why or hint, got \"aks\"\n    aks Q\n    ^\n    did you "
	 "mean \"ask\"?\n"
	 "x.md:17:1: no choice stands above this why\n    why W\n    ^\n    it says why the choice "
	 "above it is right or wrong\n"
	 "x.md:18:8: expected a result and a colon, got \"yes\"\n    choice yes\n           ^\n    "
	 "as in: choice EADDRINUSE: It is "
	 "refused.\n"
	 "x.md:21:1: the choice \"0\" has a why already\n    why W\n    ^\n"
	 "x.md:23:1: a question asks once\n    ask Q\n    ^\n"
	 "x.md:24:5: text is missing\n    hint\n        ^\n"
	 "x.md:28:1: a question has at most 3 hints\n    hint 4\n    ^\n"},
	{STEP LAB "```predict l\nchoice 0:\n```\n",
	 "x.md:15:1: this question has no ask\n    ```predict l\n    ^\n    as in: ask Does the "
	 "second bind succeed?\n"
	 "x.md:15:1: this question has fewer than 2 choices\n    ```predict l\n    ^\n    as in: "
	 "choice EADDRINUSE: It is "
	 "refused.\n"
	 "x.md:16:1: the choice \"0\" has no why\n    choice 0:\n    ^\n    write a line below it: "
	 "why ...\n"},
	{STEP LAB "```predict m\nask Q\nchoice 0:\nwhy W\nchoice EINVAL:\nwhy W\n```\n" ASK ASK,
	 "x.md:15:12: no line of this step has the label @m\n    ```predict m\n               ^\n  "
	 "  write the label behind the "
	 "line that is asked about\n"
	 "x.md:29:12: the question of line 22 asks about @l already\n    ```predict l\n            "
	 "   ^\n"},
	{STEP LAB "## B\n<!-- step: b -->\n" ASK,
	 "x.md:17:12: no line of this step has the label @l\n    ```predict l\n               ^\n  "
	 "  write the label behind the "
	 "line that is asked about\n"},
	{STEP LAB "```predict l\nask Q\nchoice 0:\nwhy W\nchoice success:\nwhy W\nchoice \"a: b\": "
		  "x\nwhy W\nchoice EADRINUSE: x\n"
		  "why W\nchoice LISTEN: x\nwhy W\n```\n",
	 "x.md:19:8: this choice says the same as the one in line 17\n    choice success:\n        "
	 "   ^\n    the kernel can make "
	 "only one choice right\n"
	 "x.md:21:8: expected 0, an errno name or blocks, got \"a: b\"\n    choice \"a: b\": x\n   "
	 "        ^\n"
	 "x.md:23:8: expected a result, got \"EADRINUSE\"\n    choice EADRINUSE: x\n           ^\n "
	 "   did you mean "
	 "\"EADDRINUSE\"?\n"
	 "x.md:25:8: expected a result, got \"LISTEN\"\n    choice LISTEN: x\n           ^\n    "
	 "results are 0, a number, "
	 "EADDRINUSE, \"bytes\", blocks, success, or an address such as 127.0.0.1:*\n"},
	{STEP LAB
	 "```predict e\nask Q\nchoice 0:\nwhy W\nchoice none:\nwhy W\nchoice EINVAL:\nwhy W\n```\n",
	 "x.md:19:8: this choice says the same as the one in line 17\n    choice none:\n           "
	 "^\n    the kernel can make only "
	 "one choice right\n"
	 "x.md:21:8: expected a number of rows, a state, an owner or none, got \"EINVAL\"\n    "
	 "choice "
	 "EINVAL:\n           ^\n    about an "
	 "expect line one can say a number, a state such as TIME_WAIT, owner and a process, "
	 "or none\n"},
	{STEP LAB "```predict l\nask Q\nchoice 0:\nwhy W\nchoice EINVAL|0: x\nwhy W\n```\n",
	 "x.md:19:8: expected one result, got \"EINVAL\"\n    choice EINVAL|0: x\n           ^\n"},
	/* bytes */
	{STEP "\na \xff \xff\nb \xe4\xb8\n\n\x1b]0;x\n\n# C\x1b\xe2\x80\xae\n",
	 "x.md:11:3: byte 0xff is not UTF-8\n    a \xef\xbf\xbd \xef\xbf\xbd\n      ^\n    save "
	 "the file as UTF-8\n"
	 "x.md:12:3: byte 0xe4 is not UTF-8\n    b \xef\xbf\xbd\xef\xbf\xbd\n      ^\n    save the "
	 "file as UTF-8\n"
	 "x.md:16:1: expected ## or ###\n    # C\xef\xbf\xbd\xef\xbf\xbd\n    ^\n    a step begins "
	 "with ##, and the lesson's "
	 "title stands at the top\n"},
	/* line ends: \r\n and \r count as libcmark counts them */
	{"---\r\nid: x\r\ntitle: T\r\nminutes: 1\r\nquestion: Q\r\nbelief: B\r\n---\r\n## "
	 "A\r\n<!-- step: a -->\rtext\r\r# B\r\n",
	 "x.md:12:1: expected ## or ###\n    # B\n    ^\n    a step begins with ##, and the "
	 "lesson's title stands at the top\n"},
};

static void test_mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < RT_COUNT(bad); i++) {
		char *shown = read_bad(bad[i].text, strlen(bad[i].text));

		if (strcmp(shown, bad[i].shown) != 0)
			fail_msg("%s\n--- is:\n%s--- not:\n%s", bad[i].text, shown, bad[i].shown);
		free(shown);
	}
}

static void test_nul(void **state)
{
	static const char text[] = STEP "\na\0b\0\n";
	char *shown = read_bad(text, sizeof(text) - 1);

	(void)state;
	assert_string_equal(shown,
			    "x.md:11:2: a NUL byte stands here; a lesson is text\n    a\xef\xbf\xbd"
			    "b\xef\xbf\xbd\n     ^\n");
	free(shown);
}

/* --- limits ----------------------------------------------------------------------------------- */

/* front, n times text with %zu in it, then end; NULL-terminated. */
static char *repeat(const char *front, const char *text, size_t n, const char *end)
{
	struct rt_str out = {0};
	const char *number = strstr(text, "%zu");

	rt_str_add(&out, front);
	for (size_t i = 0; i < n; i++) {
		if (number)
			rt_str_addf(&out, "%.*s%zu%s", (int)(number - text), text, i, number + 3);
		else
			rt_str_add(&out, text);
	}
	rt_str_add(&out, end);
	return rt_str_take(&out);
}

static void expect_first(char *text, const char *first)
{
	char *shown = read_bad(text, strlen(text));

	if (strncmp(shown, first, strlen(first)) != 0)
		fail_msg("%.300s\nnot %s", shown, first);
	free(shown);
	free(text);
}

static void test_limits(void **state)
{
	struct rt_mistakes mistakes;
	struct rt_error err = {0};
	char *text;

	(void)state;
	text = repeat(STEP "```lab\no: s = socket(AF_INET, SOCK_STREAM)\n", "o: listen(s)\n",
		      RT_LESSON_LINES_MAX - 1, "```\n");
	rt_lesson_free(read_good(text));
	free(text);
	expect_first(repeat(STEP "```lab\no: s = socket(AF_INET, SOCK_STREAM)\n", "o: listen(s)\n",
			    RT_LESSON_LINES_MAX, "```\n"),
		     "x.md:2011:1: a lesson has at most 2000 lines of script\n");
	text = repeat(FRONT, "## A\n<!-- step: a%zu -->\n", RT_LESSON_STEPS_MAX, "");
	rt_lesson_free(read_good(text));
	free(text);
	expect_first(repeat(FRONT, "## A\n<!-- step: a%zu -->\n", RT_LESSON_STEPS_MAX + 1, ""),
		     "x.md:208:1: a lesson has at most 100 steps\n");
	expect_first(repeat(STEP LAB "```predict e\nask Q\n", "choice %zu:\nwhy W\n",
			    RT_LESSON_CHOICES_MAX + 1, "```\n"),
		     "x.md:33:1: a question has at most 8 choices\n");
	text = repeat(STEP "```lab\n", "x\n", 60, "```\n");
	assert_null(rt_lesson_parse(text, strlen(text), "x.md", &mistakes, &err));
	assert_int_equal(mistakes.n, RT_LESSON_ERRORS_MAX);
	assert_string_equal(err.what, "x.md has 50 mistakes or more");
	rt_mistakes_fini(&mistakes);
	free(text);
	text = rt_calloc(RT_LESSON_BYTES_MAX + 1, 1);
	assert_null(rt_lesson_parse(text, RT_LESSON_BYTES_MAX + 1, "x.md", &mistakes, &err));
	assert_int_equal(mistakes.n, 0);
	assert_string_equal(err.why, "it has 1048577 bytes, and a lesson has at most 1048576");
	free(text);
}

/*
 * A file that wants to take long does not. The bound is far from what is measured (some tenths of a
 * second).
 */
static void test_patience(void **state)
{
	static const struct {
		const char *front, *text;
	} evil[] = {
		{STEP, ">"},
		{STEP, "- "},
		{STEP, "![[]()"},
		{STEP, "[a]("},
		{STEP "a", "<?"},
		{STEP "a", "*a_ "},
		{STEP, "> > - \n"},
		{STEP, "```\n"},
		{STEP, "<!--"},
		{STEP, "a\n\n"},
		{"---\n", "id: x\n"},
		{"", "\n"},
		{STEP "```lab\n", "o: s(\""},
		{STEP "```lab\n", "#\n"},
		{STEP "```predict l\n", "ask a\n b\n"},
		{STEP "```lab\n", "x\n"},
		{STEP, "<!-- step: %zu -->\n"},
	};

	(void)state;
	for (size_t i = 0; i < RT_COUNT(evil); i++) {
		size_t n = (RT_LESSON_BYTES_MAX - 200) / (strlen(evil[i].text) + 4);
		char *text = repeat(evil[i].front, evil[i].text, n, "");
		int64_t start = rt_now_ms();
		struct rt_mistakes mistakes;
		struct rt_error err = {0};

		rt_lesson_free(rt_lesson_parse(text, strlen(text), "x.md", &mistakes, &err));
		rt_mistakes_fini(&mistakes);
		free(text);
		if (rt_now_ms() - start > 10000)
			fail_msg("%s... took %lld ms", evil[i].text,
				 (long long)(rt_now_ms() - start));
	}
}

/* Of a line that is too long to be shown, the part around the caret is. */
static void test_long_line(void **state)
{
	char *text = repeat(STEP "```lab\no: s = socket(AF_INET, SOCK_STREAM)\no: send(s, \"", "中",
			    200, "\", x)\n```\n");
	char *shown = read_bad(text, strlen(text)), *expected;

	(void)state;
	expected = repeat("x.md:12:416: expected flags, got \"x\"\n    ...", "中", 43, "");
	assert_memory_equal(shown, expected, strlen(expected));
	assert_non_null(strstr(shown, "中\", x)\n"));
	free(expected);
	expected = repeat("\n       ", " ", 89, "^\n");
	assert_non_null(strstr(shown, expected));
	free(expected);
	free(shown);
	free(text);
}

/* --- files ------------------------------------------------------------------------------------ */

struct folder {
	char path[64], file[128];
};

static int make_folder(void **state)
{
	struct folder *folder = rt_calloc(1, sizeof(*folder));

	strcpy(folder->path, "/tmp/rt-lesson-XXXXXX");
	if (!mkdtemp(folder->path))
		return -1;
	snprintf(folder->file, sizeof(folder->file), "%s/x.md", folder->path);
	*state = folder;
	return 0;
}

static int remove_folder(void **state)
{
	struct folder *folder = *state;

	unlink(folder->file);
	rmdir(folder->path);
	free(folder);
	return 0;
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void refuse(const char *path, const char *why)
{
	struct rt_mistakes mistakes;
	struct rt_error err = {0};

	assert_null(rt_lesson_load(path, &mistakes, &err));
	assert_int_equal(err.kind, RT_ERR_LESSON);
	assert_int_equal(mistakes.n, 0);
	assert_string_equal(err.why, why);
	memset(&err, 0, sizeof(err));
	assert_null(rt_lesson_load_head(path, &err));
	assert_int_equal(err.kind, RT_ERR_LESSON);
}

static void test_load(void **state)
{
	const struct folder *folder = *state;
	struct rt_mistakes mistakes;
	struct rt_error err = {0};
	struct rt_lesson *lesson;

	write_file(folder->file, STEP LAB ASK);
	lesson = rt_lesson_load(folder->file, &mistakes, &err);
	assert_non_null(lesson);
	assert_string_equal(lesson->path, folder->file);
	assert_int_equal(lesson->n_lines, 3);
	rt_lesson_free(lesson);
	write_file(folder->file, "---\nid: y\ntitle: T\nminutes: 1\nquestion: Q\nbelief: "
				 "B\n---\n## A\n<!-- step: a -->\n");
	assert_null(rt_lesson_load(folder->file, &mistakes, &err));
	assert_int_equal(mistakes.n, 1);
	assert_int_equal(mistakes.mistake[0].line, 2);
	assert_string_equal(mistakes.mistake[0].what, "the id is y and the file's name is x.md");
	assert_non_null(strstr(err.what, "x.md has 1 mistake"));
	rt_mistakes_fini(&mistakes);
}

static void test_head(void **state)
{
	const struct folder *folder = *state;
	struct rt_error err = {0};
	struct rt_lesson *lesson;
	char *text;

	/* What stands behind the front matter is not looked at, however long. */
	text = repeat(FRONT, "# wrong\n", 200000, "");
	write_file(folder->file, text);
	free(text);
	lesson = rt_lesson_load_head(folder->file, &err);
	assert_non_null(lesson);
	assert_string_equal(lesson->id, "x");
	assert_string_equal(lesson->title, "T");
	assert_int_equal(lesson->minutes, 1);
	assert_string_equal(lesson->after, "");
	assert_int_equal(lesson->n_steps, 0);
	rt_lesson_free(lesson);
	/* Lists show the title as it is: nothing in it commands the terminal. */
	write_file(folder->file, "---\nid: x\ntitle: \"T\033[31m\302\2332J\"\nminutes: 1\n"
				 "question: \007Q\nbelief: B\n---\n");
	lesson = rt_lesson_load_head(folder->file, &err);
	assert_non_null(lesson);
	assert_string_equal(lesson->title, "T\357\277\275[31m\357\277\2752J");
	assert_string_equal(lesson->question, "\357\277\275Q");
	rt_lesson_free(lesson);
	write_file(folder->file, "# A page\n");
	assert_null(rt_lesson_load_head(folder->file, &err));
	assert_string_equal(err.why, "line 1: expected ---, the beginning of the front matter");
}

static void test_files_that_are_none(void **state)
{
	const struct folder *folder = *state;

	refuse(folder->file, "ENOENT (No such file or directory)");
	refuse(folder->path, "EISDIR (Is a directory)");
	refuse("/dev/null", "it is not a regular file");
	assert_int_equal(mkfifo(folder->file, 0600), 0);
	refuse(folder->file, "it is not a regular file");
	unlink(folder->file);
	write_file(folder->file, "");
	assert_int_equal(truncate(folder->file, 10 * 1024 * 1024), 0);
	refuse(folder->file, "it has 10485760 bytes, and a lesson has at most 1048576");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_front),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_prose),
		cmocka_unit_test(test_fresh),
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_patience),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test_setup_teardown(test_load, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_head, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_files_that_are_none, make_folder,
						remove_folder),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
