#include "lesson/spans.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

void rt_spans_begin(struct rt_spans *spans, struct rt_reader *reader, int number)
{
	*spans = (struct rt_spans){.reader = reader, .line = number};
	spans->found = rt_reader_offset(reader, number);
}

static void end_span(struct rt_spans *spans)
{
	if (spans->text.len == 0)
		return;
	RT_GROW(spans->span, spans->n, spans->cap);
	spans->span[spans->n].style = spans->style;
	spans->span[spans->n++].text = rt_str_take(&spans->text);
}

static void put(struct rt_spans *spans, enum rt_text_style style, const char *text)
{
	if (spans->style != style)
		end_span(spans);
	spans->style = style;
	rt_str_add(&spans->text, text);
	rt_str_add(&spans->plain, text);
}

static enum rt_text_style style_around(const struct rt_spans *spans)
{
	return spans->strong ? RT_TEXT_STRONG : spans->emph ? RT_TEXT_EMPH : RT_TEXT_PLAIN;
}

static void add(struct rt_spans *spans, enum rt_text_style style, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	if (len == 0)
		return;
	/* The blank of a line end is no code. */
	if (spans->line_end && rt_text_needs_blank(spans->plain.s, spans->plain.len, text, len))
		put(spans, style_around(spans), " ");
	spans->line_end = false;
	put(spans, style, text);
}

/* The address of a link behind its text, where it is not the text itself. */
static void add_url(struct rt_spans *spans, const char *url)
{
	const char *text = rt_str_text(&spans->plain) + spans->link;

	if (!url || !url[0] || strcmp(url, text) == 0)
		return;
	if (strncmp(url, "mailto:", 7) == 0 && strcmp(url + 7, text) == 0)
		return;
	put(spans, style_around(spans), spans->plain.len > spans->link ? " <" : "<");
	put(spans, style_around(spans), url);
	put(spans, style_around(spans), ">");
}

/*
 * libcmark's lines of inline nodes are not to be relied on. The nodes come in the order of the
 * file, so the next place where such text stands is the right one.
 */
static void refuse(struct rt_spans *spans, const char *literal, const char *help, const char *what)
{
	struct rt_reader *reader = spans->reader;
	size_t len = strcspn(literal, "\r\n"), at;
	const char *place =
		memmem(reader->text + spans->found, reader->len - spans->found, literal, len);
	int number = spans->line;

	if (!place) {
		rt_reader_mistake(reader, number, 0, help, "%s", what);
		return;
	}
	at = (size_t)(place - reader->text);
	while (rt_reader_offset(reader, number + 1) <= at && (size_t)number < reader->n_lines)
		number++;
	rt_reader_mistake(reader, number, at - rt_reader_offset(reader, number), help, "%s", what);
	spans->found = at + len;
}

static void take_html(struct rt_spans *spans, const char *literal)
{
	const char *body = literal;

	if (strncmp(body, "<!--", 4) != 0) {
		refuse(spans, literal, _("write it as Markdown"), _("HTML is not shown"));
		return;
	}
	body += 4 + strspn(body + 4, " \t\r\n");
	if (strncmp(body, "step:", 5) == 0 || strncmp(body, "note:", 5) == 0)
		refuse(spans, literal, _("write it on a line of its own"),
		       _("this comment stands inside a text"));
}

void rt_spans_node(struct rt_spans *spans, cmark_node *node, bool enter)
{
	cmark_node_type type = cmark_node_get_type(node);

	if (type == CMARK_NODE_EMPH)
		spans->emph += enter ? 1 : -1;
	else if (type == CMARK_NODE_STRONG)
		spans->strong += enter ? 1 : -1;
	else if (type == CMARK_NODE_LINK && enter)
		spans->link = spans->plain.len + (spans->line_end ? 1 : 0);
	else if (type == CMARK_NODE_LINK)
		add_url(spans, cmark_node_get_url(node));
	else if (type == CMARK_NODE_IMAGE && enter)
		refuse(spans, "![", _("say it in words"), _("images are not shown"));
	else if (type == CMARK_NODE_TEXT)
		add(spans, style_around(spans), cmark_node_get_literal(node));
	else if (type == CMARK_NODE_CODE)
		add(spans, RT_TEXT_CODE, cmark_node_get_literal(node));
	else if (type == CMARK_NODE_HTML_INLINE)
		take_html(spans, cmark_node_get_literal(node));
	else if (type == CMARK_NODE_SOFTBREAK)
		spans->line_end = true;
	else if (type == CMARK_NODE_LINEBREAK)
		put(spans, style_around(spans), "\n");
}

void rt_spans_end(struct rt_spans *spans, struct rt_para *para)
{
	end_span(spans);
	para->span = spans->span;
	para->n_spans = spans->n;
	spans->span = NULL;
	spans->n = 0;
	rt_spans_fini(spans);
}

void rt_spans_fini(struct rt_spans *spans)
{
	for (size_t i = 0; i < spans->n; i++)
		free(spans->span[i].text);
	free(spans->span);
	rt_str_fini(&spans->text);
	rt_str_fini(&spans->plain);
	memset(spans, 0, sizeof(*spans));
}
