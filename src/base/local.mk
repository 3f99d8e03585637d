libreuse_a_SOURCES += \
	src/base/account.c \
	src/base/account.h \
	src/base/clock.c \
	src/base/clock.h \
	src/base/error.c \
	src/base/error.h \
	src/base/i18n.c \
	src/base/i18n.h \
	src/base/io.c \
	src/base/io.h \
	src/base/loop.c \
	src/base/loop.h \
	src/base/mem.c \
	src/base/mem.h \
	src/base/str.c \
	src/base/str.h \
	src/base/utf8.c \
	src/base/utf8.h
