libreuse_a_SOURCES += \
	src/cmd/answers.c \
	src/cmd/answers.h \
	src/cmd/check.c \
	src/cmd/cmd.h \
	src/cmd/list.c \
	src/cmd/options.c \
	src/cmd/options.h \
	src/cmd/run.c \
	src/cmd/run_plain.c \
	src/cmd/run_plain.h \
	src/cmd/stage_process.c
