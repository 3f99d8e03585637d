libreuse_a_SOURCES += \
	src/report/check.c \
	src/report/check.h \
	src/report/plain.c \
	src/report/plain.h
