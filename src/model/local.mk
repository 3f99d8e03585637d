libreuse_a_SOURCES += \
	src/model/addr.c \
	src/model/addr.h \
	src/model/annotate.c \
	src/model/bundle.c \
	src/model/bundle.h \
	src/model/call.c \
	src/model/call.def \
	src/model/call.h \
	src/model/call_format.c \
	src/model/cast.c \
	src/model/cast.h \
	src/model/cast_private.h \
	src/model/constants.c \
	src/model/constants.h \
	src/model/groups.c \
	src/model/groups.h \
	src/model/holder.c \
	src/model/holder.h \
	src/model/index.c \
	src/model/index.h \
	src/model/order.h \
	src/model/row.c \
	src/model/row.h \
	src/model/snapshot.c \
	src/model/snapshot.h \
	src/model/sockopt.def
