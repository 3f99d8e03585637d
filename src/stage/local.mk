libreuse_a_SOURCES += \
	src/stage/actor.c \
	src/stage/actor.h \
	src/stage/asleep.c \
	src/stage/asleep.h \
	src/stage/channel.c \
	src/stage/channel.h \
	src/stage/enter.c \
	src/stage/enter.h \
	src/stage/enter_wait.c \
	src/stage/groups.c \
	src/stage/init.c \
	src/stage/inside.c \
	src/stage/namespace.c \
	src/stage/namespace.h \
	src/stage/refusal.c \
	src/stage/report.c \
	src/stage/run.c \
	src/stage/run.h \
	src/stage/run_capture.c \
	src/stage/run_process.c \
	src/stage/run_socket.c \
	src/stage/run_stage.c \
	src/stage/segment.c \
	src/stage/segment.h \
	src/stage/stage.c \
	src/stage/stage.h
