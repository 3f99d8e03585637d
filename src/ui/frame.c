#include "ui/frame.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"

struct rt_frame {
	FILE *file;
	int memory; /* takes the place of the terminal behind the file; -1: there is none */
	char *text;
	size_t cap;
};

struct rt_frame *rt_frame_new(void)
{
	struct rt_frame *frame = rt_calloc(1, sizeof(*frame));
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	frame->file = fd < 0 ? NULL : fdopen(fd, "w");
	if (!frame->file) {
		if (fd >= 0)
			close(fd);
		free(frame);
		return NULL;
	}
	/* Where there is none, each part is written by itself. */
	frame->memory = memfd_create("reuse-tutor-frame", MFD_CLOEXEC);
	return frame;
}

void rt_frame_free(struct rt_frame *frame)
{
	if (!frame)
		return;
	if (frame->memory >= 0)
		close(frame->memory);
	fclose(frame->file);
	free(frame->text);
	free(frame);
}

FILE *rt_frame_file(const struct rt_frame *frame)
{
	return frame->file;
}

void rt_frame_begin(struct rt_frame *frame)
{
	if (frame->memory >= 0)
		dup3(frame->memory, fileno(frame->file), O_CLOEXEC);
}

void rt_frame_keep(struct rt_frame *frame)
{
	if (frame->memory >= 0)
		dup3(STDOUT_FILENO, fileno(frame->file), O_CLOEXEC);
}

void rt_frame_end(struct rt_frame *frame)
{
	ssize_t got;
	off_t len;

	if (frame->memory < 0)
		return;
	rt_frame_keep(frame);
	len = lseek(frame->memory, 0, SEEK_CUR);
	if (len <= 0)
		return;
	if ((size_t)len > frame->cap) {
		frame->cap = (size_t)len;
		frame->text = rt_realloc(frame->text, frame->cap, 1);
	}
	got = pread(frame->memory, frame->text, (size_t)len, 0);
	lseek(frame->memory, 0, SEEK_SET);
	/* A terminal that is gone is told by its poll(2). */
	if (got > 0)
		rt_write_all(STDOUT_FILENO, frame->text, (size_t)got);
}
