/* Private to lesson/: the words of one paragraph, from the inline nodes of libcmark. */
#ifndef RT_LESSON_SPANS_H
#define RT_LESSON_SPANS_H

#include <cmark.h>

#include "lesson/reader.h"

struct rt_spans {
	struct rt_reader *reader;
	int line; /* of the file, where the block begins */
	struct rt_span *span;
	size_t n, cap;
	struct rt_str text; /* of the span that is being filled */
	enum rt_text_style style;
	struct rt_str plain; /* all text without styles */
	bool line_end;	     /* the next text begins a line of the file */
	int emph, strong;    /* how many are around */
	size_t link;	     /* where the text of a link begins in plain */
	size_t found;	     /* up to here the file was searched for what is not allowed */
};

/* Starts with nothing, for a block that begins in line number. */
void rt_spans_begin(struct rt_spans *spans, struct rt_reader *reader, int number);

/* Takes one inline node of the walk. */
void rt_spans_node(struct rt_spans *spans, cmark_node *node, bool enter);

/* Gives the spans to para, and frees the rest. */
void rt_spans_end(struct rt_spans *spans, struct rt_para *para);

void rt_spans_fini(struct rt_spans *spans);

#endif
