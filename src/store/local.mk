libreuse_a_SOURCES += \
	src/store/config.c \
	src/store/config.h \
	src/store/file.c \
	src/store/file.h \
	src/store/folder.c \
	src/store/folder.h \
	src/store/ledger.c \
	src/store/ledger.h \
	src/store/ledger_json.c \
	src/store/progress.c \
	src/store/progress.h \
	src/store/progress_edit.c \
	src/store/progress_private.h \
	src/store/review.c \
	src/store/review.h
