noinst_LIBRARIES += libreuse.a
libreuse_a_SOURCES =

include src/base/local.mk
include src/model/local.mk
include src/rules/local.mk
include src/stage/local.mk
include src/diag/local.mk
include src/store/local.mk
include src/lesson/local.mk
include src/report/local.mk
include src/ui/local.mk
include src/cmd/local.mk

bin_PROGRAMS += reuse-tutor
reuse_tutor_SOURCES = src/main.c
reuse_tutor_LDFLAGS = $(WHOLE)
reuse_tutor_LDADD = libreuse.a $(WHOLE_LIBS)
