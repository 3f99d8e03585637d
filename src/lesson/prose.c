/*
 * The tree of libcmark to steps and paragraphs. The tree may be as deep as a stranger's file makes
 * it, so it is walked with cmark_iter, never by recursion.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lesson/spans.h"
#include "lesson/suggest.h"
#include "lesson/tree.h"

enum {
	/*
	 * libcmark 0.30 takes quadratic time for many ![[](). An image is a mistake in any case, so
	 * few are enough.
	 */
	IMAGES_MAX = 200,
	MARKER_MAX = 99999,
	/* Deeper ones stand where this one does: the blanks of each line would have no end. */
	INDENT_MAX = 12,
};

struct walk {
	struct rt_reader *reader;
	struct rt_spans spans;
	int indent;	/* levels of list or quote */
	char marker[8]; /* of an item that has shown nothing yet; "" for none */
	int marker_indent;
};

static int indent_of(const struct walk *walk)
{
	return walk->indent < INDENT_MAX ? walk->indent : INDENT_MAX;
}

/* --- paragraphs ------------------------------------------------------------------------------- */

static void add_para(struct walk *walk, enum rt_para_kind kind, struct rt_spans *spans)
{
	struct rt_para para = {.kind = kind, .indent = indent_of(walk)};

	if (spans)
		rt_spans_end(spans, &para);
	rt_step_add(walk->reader, &para);
}

/*
 * The mark of an item stands before its first paragraph; where something else comes first, on a
 * line of its own.
 */
static void flush_marker(struct walk *walk)
{
	struct rt_para para = {.kind = RT_PARA_ITEM, .indent = walk->marker_indent};

	if (!walk->marker[0])
		return;
	memcpy(para.marker, walk->marker, sizeof(para.marker));
	walk->marker[0] = '\0';
	rt_step_add(walk->reader, &para);
}

static void begin_item(struct walk *walk, cmark_node *item)
{
	cmark_node *list = cmark_node_parent(item);
	intptr_t n = (intptr_t)cmark_node_get_user_data(list);
	long number = cmark_node_get_list_start(list) + (long)n;

	flush_marker(walk);
	cmark_node_set_user_data(list, (void *)(n + 1));
	walk->marker_indent = indent_of(walk);
	if (cmark_node_get_list_type(list) != CMARK_ORDERED_LIST)
		strcpy(walk->marker, "-");
	else
		snprintf(walk->marker, sizeof(walk->marker), "%d.",
			 (int)(number < MARKER_MAX ? number : MARKER_MAX));
}

static void end_paragraph(struct walk *walk, cmark_node *node)
{
	cmark_node_type around = cmark_node_get_type(cmark_node_parent(node));
	struct rt_para para = {.indent = indent_of(walk)};

	para.kind = around == CMARK_NODE_ITEM	       ? RT_PARA_ITEM
		    : around == CMARK_NODE_BLOCK_QUOTE ? RT_PARA_QUOTE
						       : RT_PARA_TEXT;
	if (around == CMARK_NODE_ITEM) {
		memcpy(para.marker, walk->marker, sizeof(para.marker));
		walk->marker[0] = '\0';
	}
	rt_spans_end(&walk->spans, &para);
	/* A comment inside a text may have been all of it. */
	if (para.n_spans > 0 || para.marker[0])
		rt_step_add(walk->reader, &para);
	else
		rt_para_fini(&para);
}

/* --- headings --------------------------------------------------------------------------------- */

static bool is_setext(const struct rt_reader *reader, int number)
{
	struct rt_word line = rt_word_trim(rt_reader_line(reader, number));

	return line.len > 0 && line.s[0] != '#';
}

static void end_heading(struct walk *walk, cmark_node *node)
{
	struct rt_reader *reader = walk->reader;
	int level = cmark_node_get_heading_level(node), number = cmark_node_get_start_line(node);
	bool alone = cmark_node_get_type(cmark_node_parent(node)) == CMARK_NODE_DOCUMENT;

	if (alone && is_setext(reader, number))
		rt_reader_mistake(
			reader, number, 0,
			_("leave an empty line above --- or ===, or begin the heading with ##"),
			_("the line below makes this a heading"));
	else if (level == 1)
		rt_reader_mistake(
			reader, number, 0,
			_("a step begins with ##, and the lesson's title stands at the top"),
			_("expected ## or ###"));
	else if (level > 3)
		rt_reader_mistake(reader, number, 0, _("a heading inside a step begins with ###"),
				  _("expected ## or ###"));
	else if (level == 2 && !alone)
		rt_reader_mistake(reader, number, 0, _("write ## at the beginning of the line"),
				  _("a step cannot begin inside a list or a quote"));
	else if (rt_str_text(&walk->spans.plain)[0] == '\0')
		rt_reader_mistake(reader, number, 0, _("as in: ## The second bind"),
				  _("this heading has no text"));
	else if (level == 2)
		rt_step_begin(reader, number, rt_str_text(&walk->spans.plain));
	else if (rt_step_inside(reader, number))
		add_para(walk, RT_PARA_HEADING, &walk->spans);
	rt_spans_fini(&walk->spans);
}

/* --- blocks of code --------------------------------------------------------------------------- */

static void check_info(struct walk *walk, int number, struct rt_word word)
{
	static const char *const known[] = {"lab", "predict", "c", "text", "sh", "console"};
	static const char *const of_page[] = {"facts", "table", "c", "text", "sh", "console"};
	const char *const *word_of = walk->reader->page ? of_page : known;
	struct rt_suggest suggest;
	struct rt_lex lex;
	struct rt_mistake mistake = {0};
	struct rt_word line = rt_reader_line(walk->reader, number);
	const char *place = memmem(line.s, line.len, word.s, word.len);
	char *help;

	rt_suggest_init(&suggest, word.s, word.len);
	for (size_t i = 0; i < RT_COUNT(known); i++) {
		if (rt_word_is(word, word_of[i]))
			return;
		rt_suggest_offer(&suggest, word_of[i]);
	}
	lex = (struct rt_lex){.text = line.s, .len = line.len, .mistake = &mistake};
	help = rt_suggest_help(
		&suggest,
		walk->reader->page
			? _("code has c, text, sh, console or nothing behind ```; what is known of "
			    "an entry has facts or table")
			: _("code has c, text, sh, console or nothing behind ```; script has lab "
			    "or "
			    "predict"));
	rt_lex_expected(&lex, place ? (size_t)(place - line.s) : 0, _("the kind of the block"),
			help);
	rt_reader_adopt(walk->reader, number, &mistake);
	free(help);
}

static void add_code(struct walk *walk, const char *literal)
{
	size_t len = strlen(literal);
	struct rt_spans spans = {.reader = walk->reader};

	while (len > 0 && literal[len - 1] == '\n')
		len--;
	spans.span = rt_calloc(1, sizeof(spans.span[0]));
	spans.span[spans.n++] =
		(struct rt_span){.style = RT_TEXT_CODE, .text = rt_strndup(literal, len)};
	add_para(walk, RT_PARA_CODE, &spans);
}

/*
 * What can be read: `lab` and `predict` in a lesson, `facts` and `table` in a page. These are read
 * from the file, not from the tree: only so they have columns.
 */
static bool take_live(struct walk *walk, const struct rt_fence *fence)
{
	static const struct {
		const char *name;
		bool of_page;
		void (*read)(struct rt_reader *reader, const struct rt_fence *fence);
	} blocks[] = {{"lab", false, rt_lab_read},
		      {"predict", false, rt_predict_read},
		      {"facts", true, rt_page_read_facts},
		      {"table", true, rt_page_read_table}};
	struct rt_reader *reader = walk->reader;
	size_t i = 0;

	while (i < RT_COUNT(blocks) && !(blocks[i].of_page == (reader->page != NULL) &&
					 rt_word_is(fence->word, blocks[i].name)))
		i++;
	if (i < RT_COUNT(blocks) && !rt_step_inside(reader, fence->line))
		return true;
	if (i < RT_COUNT(blocks))
		blocks[i].read(reader, fence);
	if (!fence->closed && !reader->lost) {
		rt_reader_mistake(reader, fence->line, 0, _("write ``` behind its last line"),
				  _("this block has no end"));
		reader->lost = true;
	}
	return i < RT_COUNT(blocks);
}

static void take_code(struct walk *walk, cmark_node *node)
{
	const char *info = cmark_node_get_fence_info(node);
	int number = cmark_node_get_start_line(node);
	struct rt_word word = {.s = info, .len = info ? strcspn(info, " \t") : 0};
	struct rt_fence fence = {0};

	flush_marker(walk);
	if (cmark_node_get_type(cmark_node_parent(node)) == CMARK_NODE_DOCUMENT) {
		if (rt_fence_read(walk->reader, number, &fence)) {
			if (take_live(walk, &fence))
				return;
			word = fence.word;
		}
	} else if (word.len && (rt_word_is(word, "lab") || rt_word_is(word, "predict"))) {
		rt_reader_mistake(walk->reader, number, 0,
				  _("write ``` at the beginning of the line, behind an empty line"),
				  _("a block of script cannot stand inside a list or a quote"));
		return;
	}
	if (word.len)
		check_info(walk, number, word);
	if (rt_step_inside(walk->reader, number))
		add_code(walk, cmark_node_get_literal(node));
}

/* --- the walk --------------------------------------------------------------------------------- */

static void begin_text(struct walk *walk, cmark_node *node)
{
	rt_spans_begin(&walk->spans, walk->reader, cmark_node_get_start_line(node));
}

static void enter(struct walk *walk, cmark_node *node)
{
	int number = cmark_node_get_start_line(node);

	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_DOCUMENT:
		break;
	case CMARK_NODE_BLOCK_QUOTE:
		flush_marker(walk);
		walk->indent++;
		break;
	case CMARK_NODE_LIST:
		flush_marker(walk);
		walk->indent++;
		break;
	case CMARK_NODE_ITEM:
		begin_item(walk, node);
		break;
	case CMARK_NODE_CODE_BLOCK:
		take_code(walk, node);
		break;
	case CMARK_NODE_HTML_BLOCK:
		rt_step_comments(walk->reader, number, cmark_node_get_literal(node),
				 cmark_node_get_type(cmark_node_parent(node)) ==
					 CMARK_NODE_DOCUMENT);
		break;
	case CMARK_NODE_THEMATIC_BREAK:
		rt_reader_mistake(walk->reader, number, 0, _("a step begins with: ## Its title"),
				  _("a rule across the page is not shown"));
		break;
	case CMARK_NODE_PARAGRAPH:
		rt_step_inside(walk->reader, number);
		begin_text(walk, node);
		break;
	case CMARK_NODE_HEADING:
		flush_marker(walk);
		begin_text(walk, node);
		break;
	default:
		rt_spans_node(&walk->spans, node, true);
		break;
	}
}

static void leave(struct walk *walk, cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_DOCUMENT:
		break;
	case CMARK_NODE_BLOCK_QUOTE:
	case CMARK_NODE_LIST:
		walk->indent--;
		break;
	case CMARK_NODE_ITEM:
		flush_marker(walk);
		break;
	case CMARK_NODE_PARAGRAPH:
		end_paragraph(walk, node);
		break;
	case CMARK_NODE_HEADING:
		end_heading(walk, node);
		break;
	default:
		rt_spans_node(&walk->spans, node, false);
		break;
	}
}

/* Whether libcmark can read the text in good time. */
static bool bearable(struct rt_reader *reader)
{
	const char *s = reader->text, *end = s + reader->len;
	size_t n = 0;
	int number = 1;

	while (s < end && (s = memchr(s, '!', (size_t)(end - s))) && ++s < end)
		if (*s == '[' && ++n > IMAGES_MAX)
			break;
	if (n <= IMAGES_MAX)
		return true;
	while (reader->text + rt_reader_offset(reader, number + 1) < s)
		number++;
	rt_reader_mistake(reader, number,
			  (size_t)(s - 1 - reader->text) - rt_reader_offset(reader, number),
			  _("say it in words"), _("images are not shown"));
	return false;
}

/*
 * The front matter is not Markdown: libcmark would read it as a heading. Empty lines in its place
 * keep the numbers.
 */
static cmark_node *parse(const struct rt_reader *reader)
{
	cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, rt_tree_begin());
	size_t from = reader->begin[reader->body];
	cmark_node *root;

	for (size_t i = 0; i < reader->body; i++)
		cmark_parser_feed(parser, "\n", 1);
	cmark_parser_feed(parser, reader->text + from, reader->len - from);
	root = cmark_parser_finish(parser);
	cmark_parser_free(parser);
	return root;
}

void rt_prose_read(struct rt_reader *reader)
{
	struct walk walk = {.reader = reader};
	cmark_event_type event;
	cmark_node *root;
	cmark_iter *iter;

	if (!bearable(reader))
		return;
	root = parse(reader);
	iter = cmark_iter_new(root);
	while (!reader->lost && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		if (event == CMARK_EVENT_ENTER)
			enter(&walk, cmark_iter_get_node(iter));
		else
			leave(&walk, cmark_iter_get_node(iter));
	}
	rt_spans_fini(&walk.spans);
	rt_tree_end();
}
