/*
 * Private to lesson/: memory for the tree that libcmark makes of one text. It asks for thousands of
 * small pieces, and none is of use any more once the tree has been walked: so they are cut, one
 * behind the other, from a few large blocks, which go at once.
 */
#ifndef RT_LESSON_TREE_H
#define RT_LESSON_TREE_H

#include <cmark.h>

/*
 * What libcmark takes its memory from until rt_tree_end(), as in cmark_parser_new_with_mem(). There
 * is one tree at a time: cmark_mem has no place for a context.
 */
cmark_mem *rt_tree_begin(void);

/* All of it is gone, whether or not it was given back to it before. */
void rt_tree_end(void);

#endif
