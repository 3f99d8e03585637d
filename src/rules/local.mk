libreuse_a_SOURCES += \
	src/rules/bind.c \
	src/rules/cache.c \
	src/rules/connect.c \
	src/rules/host.c \
	src/rules/port.c \
	src/rules/rules.c \
	src/rules/rules.h \
	src/rules/rules_private.h \
	src/rules/words.c \
	src/rules/words.h \
	src/rules/words_private.h \
	src/rules/words_tell.c \
	src/rules/words_try.c
