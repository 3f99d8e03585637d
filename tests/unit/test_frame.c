/* One drawing, one write(2): what goes to the terminal, and when. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "ui/frame.h"

enum { LONG = 20000 };

/*
 * A socket that keeps each write apart stands for the terminal while it lasts: nothing may be told
 * of the test meanwhile.
 */
struct fixture {
	int stdout_before, end;
	struct rt_frame *frame;
};

static void begin(struct fixture *f)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	fflush(stdout);
	f->stdout_before = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	dup2(pair[1], STDOUT_FILENO);
	close(pair[1]);
	f->end = pair[0];
	f->frame = rt_frame_new();
}

static void end(struct fixture *f)
{
	rt_frame_free(f->frame);
	dup2(f->stdout_before, STDOUT_FILENO);
	close(f->stdout_before);
	close(f->end);
}

static void put(struct fixture *f, const char *text)
{
	ssize_t n = write(fileno(rt_frame_file(f->frame)), text, strlen(text));

	(void)n;
}

/* The next write, or "" where there is none. */
static const char *got(struct fixture *f)
{
	static char text[LONG + 1];
	ssize_t n = recv(f->end, text, LONG, MSG_DONTWAIT);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void test_a_drawing_is_one_write(void **state)
{
	char before[100], drawn[100], after[100], direct[100];
	struct fixture f;

	(void)state;
	begin(&f);
	rt_frame_begin(f.frame);
	put(&f, "a");
	put(&f, "b");
	strcpy(before, got(&f));
	rt_frame_end(f.frame);
	strcpy(drawn, got(&f));
	rt_frame_begin(f.frame);
	rt_frame_end(f.frame);
	strcpy(after, got(&f));
	put(&f, "c");
	strcpy(direct, got(&f));
	end(&f);
	assert_string_equal(before, "");
	assert_string_equal(drawn, "ab");
	assert_string_equal(after, "");
	assert_string_equal(direct, "c");
}

static void test_what_is_kept_stands_before_the_next_drawing(void **state)
{
	char kept[100], direct[100], drawn[100], after[100];
	struct fixture f;

	(void)state;
	begin(&f);
	rt_frame_begin(f.frame);
	put(&f, "state ");
	rt_frame_keep(f.frame);
	strcpy(kept, got(&f));
	/* The terminal is behind the file meanwhile: its modes can be set. */
	put(&f, "mode");
	strcpy(direct, got(&f));
	rt_frame_begin(f.frame);
	put(&f, "drawing");
	rt_frame_end(f.frame);
	strcpy(drawn, got(&f));
	rt_frame_end(f.frame);
	strcpy(after, got(&f));
	end(&f);
	assert_string_equal(kept, "");
	assert_string_equal(direct, "mode");
	assert_string_equal(drawn, "state drawing");
	assert_string_equal(after, "");
}

/* Where the program ends before it draws. */
static void test_what_is_kept_can_be_all_there_is(void **state)
{
	char drawn[100];
	struct fixture f;

	(void)state;
	begin(&f);
	rt_frame_begin(f.frame);
	put(&f, "state");
	rt_frame_keep(f.frame);
	rt_frame_end(f.frame);
	strcpy(drawn, got(&f));
	end(&f);
	assert_string_equal(drawn, "state");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_drawing_is_one_write),
		cmocka_unit_test(test_what_is_kept_stands_before_the_next_drawing),
		cmocka_unit_test(test_what_is_kept_can_be_all_there_is),
	};

	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
