libreuse_a_SOURCES += \
	src/diag/diag.c \
	src/diag/diag.h \
	src/diag/holders.c \
	src/diag/holders.h \
	src/diag/parse.c \
	src/diag/request.c \
	src/diag/request.h
