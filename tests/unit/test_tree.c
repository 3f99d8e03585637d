/* The memory of libcmark's tree: what it asks for it gets, and none of it stays. */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lesson/tree.h"

enum { MANY = 5000, LARGE = 1 << 20 };

static void assert_all(const char *bytes, char wanted, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(bytes[i], wanted);
}

static void test_pieces_are_zeroed_aligned_and_apart(void **state)
{
	cmark_mem *mem = rt_tree_begin();
	char *piece[MANY];

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		piece[i] = mem->calloc(1, 1 + i % 50);
		assert_int_equal((uintptr_t)piece[i] % _Alignof(max_align_t), 0);
		assert_all(piece[i], 0, 1 + i % 50);
		memset(piece[i], (char)i, 1 + i % 50);
	}
	for (size_t i = 0; i < MANY; i++)
		assert_all(piece[i], (char)i, 1 + i % 50);
	rt_tree_end();
}

static void test_what_was_used_before_is_zeroed_again(void **state)
{
	cmark_mem *mem = rt_tree_begin();
	char *first = mem->calloc(10, 10), *second;

	(void)state;
	memset(first, 'x', 100);
	mem->free(first);
	second = mem->calloc(10, 10);
	assert_ptr_equal(second, first);
	assert_all(second, 0, 100);
	rt_tree_end();
}

static void test_a_piece_grows_with_what_is_in_it(void **state)
{
	static const char abc[] = {'a', 'b', 'c'};
	cmark_mem *mem = rt_tree_begin();
	char *text = mem->realloc(NULL, sizeof(abc)), *other, *moved;

	(void)state;
	memcpy(text, abc, sizeof(abc));
	/* The last one grows where it is, ... */
	assert_ptr_equal(mem->realloc(text, 500), text);
	memset(text + 3, 'd', 497);
	assert_ptr_equal(mem->realloc(text, 10), text);
	/* ... one with another behind it elsewhere, and a large one gets a block of its own. */
	other = mem->calloc(1, 16);
	moved = mem->realloc(text, 600);
	assert_ptr_not_equal(moved, text);
	assert_memory_equal(moved, abc, sizeof(abc));
	assert_all(moved + 3, 'd', 497);
	memset(moved + 500, 'd', 100);
	assert_all(other, 0, 16);
	moved = mem->realloc(moved, LARGE);
	assert_memory_equal(moved, abc, sizeof(abc));
	assert_all(moved + 3, 'd', 597);
	memset(moved, 'e', LARGE);
	assert_all(other, 0, 16);
	assert_all(mem->calloc(1, 100), 0, 100);
	rt_tree_end();
}

static void test_to_give_back_nothing_or_an_old_piece_is_harmless(void **state)
{
	cmark_mem *mem = rt_tree_begin();
	char *first = mem->calloc(1, 8), *second = mem->calloc(1, 8);

	(void)state;
	memset(second, 's', 8);
	mem->free(NULL);
	mem->free(first);
	assert_ptr_not_equal(mem->calloc(1, 8), second);
	assert_all(second, 's', 8);
	rt_tree_end();
	rt_tree_end();
}

static void test_nothing_stays(void **state)
{
	struct mallinfo2 before = mallinfo2(), after;

	(void)state;
	for (int i = 0; i < 3; i++) {
		cmark_node *root;
		cmark_parser *parser =
			cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, rt_tree_begin());

		for (int k = 0; k < MANY; k++)
			cmark_parser_feed(parser, "* *a* `b`\n\n", 11);
		root = cmark_parser_finish(parser);
		cmark_parser_free(parser);
		assert_int_equal(cmark_node_get_type(cmark_node_first_child(root)),
				 CMARK_NODE_LIST);
		rt_tree_end();
	}
	after = mallinfo2();
	assert_int_equal(after.uordblks, before.uordblks);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces_are_zeroed_aligned_and_apart),
		cmocka_unit_test(test_what_was_used_before_is_zeroed_again),
		cmocka_unit_test(test_a_piece_grows_with_what_is_in_it),
		cmocka_unit_test(test_to_give_back_nothing_or_an_old_piece_is_harmless),
		cmocka_unit_test(test_nothing_stays),
	};

	return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
