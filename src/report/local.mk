libreuse_a_SOURCES += \
	src/report/check.c \
	src/report/check.h \
	src/report/json.c \
	src/report/json.h \
	src/report/matrix.c \
	src/report/matrix.h \
	src/report/plain.c \
	src/report/page.c \
	src/report/page.h \
	src/report/plain.h \
	src/report/why.c \
	src/report/why.h \
	src/report/why_show.c
