# A new test is one line: tests/unit/test_NAME for tests/unit/test_NAME.c, the same in live, or a script in screen.

unit_tests = \
	tests/unit/test_bundle \
	tests/unit/test_call \
	tests/unit/test_canvas \
	tests/unit/test_cast \
	tests/unit/test_complete \
	tests/unit/test_config \
	tests/unit/test_diag_parse \
	tests/unit/test_doctor \
	tests/unit/test_draft \
	tests/unit/test_engine \
	tests/unit/test_find \
	tests/unit/test_explain \
	tests/unit/test_foresee \
	tests/unit/test_frame \
	tests/unit/test_gate \
	tests/unit/test_ids \
	tests/unit/test_fits \
	tests/unit/test_histogram \
	tests/unit/test_i18n \
	tests/unit/test_keep \
	tests/unit/test_groups \
	tests/unit/test_lesson \
	tests/unit/test_loop \
	tests/unit/test_matrix \
	tests/unit/test_model \
	tests/unit/test_page \
	tests/unit/test_play \
	tests/unit/test_progress \
	tests/unit/test_progress_faults \
	tests/unit/test_repeat \
	tests/unit/test_review \
	tests/unit/test_rules \
	tests/unit/test_screens \
	tests/unit/test_script \
	tests/unit/test_segment \
	tests/unit/test_stated \
	tests/unit/test_tools \
	tests/unit/test_tree \
	tests/unit/test_update \
	tests/unit/test_variant \
	tests/unit/test_views \
	tests/unit/test_whatif \
	tests/unit/test_why

live_tests = \
	tests/live/test_diag \
	tests/live/test_diag_events \
	tests/live/test_doctor_terminal \
	tests/live/test_enter \
	tests/live/test_foresee \
	tests/live/test_kill \
	tests/live/test_programs \
	tests/live/test_refused \
	tests/live/test_rules \
	tests/live/test_rules_connect \
	tests/live/test_stage \
	tests/live/test_stage_calls \
	tests/live/test_why

screen_tests = \
	tests/screen/selftest.sh \
	tests/screen/test_find.sh \
	tests/screen/test_first.sh \
	tests/screen/test_keys.sh \
	tests/screen/test_lesson.sh \
	tests/screen/test_matrix.sh \
	tests/screen/test_many.sh \
	tests/screen/test_monkey.sh \
	tests/screen/test_no_stage.sh \
	tests/screen/test_pages.sh \
	tests/screen/test_play.sh \
	tests/screen/test_resize.sh \
	tests/screen/test_resume.sh \
	tests/screen/test_review.sh \
	tests/screen/test_shell.sh \
	tests/screen/test_signals.sh \
	tests/screen/test_theme.sh \
	tests/screen/test_tools.sh \
	tests/screen/test_trouble.sh \
	tests/screen/test_whatif.sh \
	tests/screen/test_why.sh

lesson_tests = \
	tests/fuzz/run_corpus.sh \
	tests/live/doctor.sh \
	tests/live/examples.sh \
	tests/live/faults.sh \
	tests/live/gates.sh \
	tests/live/hashes.sh \
	tests/live/lessons.sh \
	tests/live/matrix.sh \
	tests/live/pages.sh \
	tests/live/plain.sh \
	tests/live/play.sh \
	tests/live/progress.sh \
	tests/live/repeat.sh \
	tests/live/review.sh \
	tests/live/segments.sh \
	tests/live/shell.sh \
	tests/live/variants.sh \
	tests/live/writing.sh \
	tests/man.sh

# What several tests share.
screen_fixtures = \
	tests/screen/lib.sh

fixtures = \
	tests/live/diag_fixture.c \
	tests/live/diag_fixture.h \
	tests/live/pair_check.c \
	tests/live/pairs.c \
	tests/live/pairs.h \
	tests/live/stage_fixture.c \
	tests/live/stage_fixture.h \
	tests/live/triples.c \
	tests/unit/fake_world.c \
	tests/unit/fake_world.h \
	tests/unit/progress_fixture.c \
	tests/unit/progress_fixture.h \
	tests/unit/ui_fixture.c \
	tests/unit/ui_fixture.h

TESTS += tests/layers.sh $(screen_tests) $(lesson_tests)
if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests) $(live_tests)
check_LIBRARIES = tests/libfixtures.a
TESTS += $(unit_tests) $(live_tests)
else
TESTS += tests/no-cmocka.sh
endif
check_PROGRAMS += tests/fuzz/fuzz_lesson
tests_fuzz_fuzz_lesson_LDADD = libreuse.a $(RT_LIBS)
tests_libfixtures_a_SOURCES = $(fixtures)
LDADD = tests/libfixtures.a libreuse.a $(CMOCKA_LIBS) $(RT_LIBS)

EXTRA_DIST += \
	tests/count.sh \
	tests/fuzz/corpus \
	tests/layers.sh \
	tests/live/segments.md \
	tests/no-cmocka.sh \
	$(screen_fixtures) \
	tests/live/many.md \
	tests/tap \
	$(screen_tests) \
	$(lesson_tests)

# Every test prints TAP, so that each case is counted, and a skip says why. None sees the home of whoever runs it.
AM_TESTS_ENVIRONMENT = \
	unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME XDG_RUNTIME_DIR REUSE_TUTOR_LESSONS REUSE_TUTOR_PLAIN; \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	REUSE_TUTOR='$(abs_top_builddir)/reuse-tutor'; export REUSE_TUTOR; \
	HOME='$(abs_top_builddir)/tests/home'; export HOME; \
	CC='$(CC)'; export CC; \
	LC_ALL=C.UTF-8; export LC_ALL;
clean_folders += tests/home
TEST_EXTENSIONS = .sh
tap_driver = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_DRIVER = $(tap_driver)
LOG_COMPILER = $(SHELL) $(top_srcdir)/tests/tap
SH_LOG_DRIVER = $(tap_driver)
SH_LOG_COMPILER = $(SHELL)
# Its lines say already what failed, and a script that dies prints no plan.
SH_LOG_DRIVER_FLAGS = --ignore-exit

# Ends with one line, and fails where no test ran.
check-local: check-TESTS
	@$(SHELL) $(top_srcdir)/tests/count.sh $(TEST_SUITE_LOG)

# make bench: what is promised of speed, memory and quiet, measured.
EXTRA_PROGRAMS += tests/bench/bench tests/bench/bench_diag tests/bench/bench_rules tests/bench/bench_why tests/bench/probe
tests_bench_bench_SOURCES = \
	tests/bench/bench.c \
	tests/bench/terminal.c \
	tests/bench/terminal.h \
	tests/bench/tree.c \
	tests/bench/tree.h
tests_bench_bench_LDADD = libreuse.a $(UTIL_LIBS)
tests_bench_bench_diag_LDADD = libreuse.a $(RT_LIBS)
tests_bench_bench_rules_SOURCES = \
	tests/bench/bench_rules.c \
	tests/live/pair_check.c \
	tests/live/pairs.c \
	tests/live/pairs.h
tests_bench_bench_rules_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_bench_bench_rules_LDADD = libreuse.a $(RT_LIBS)
tests_bench_bench_why_LDADD = libreuse.a
tests_bench_probe_LDFLAGS = $(WHOLE)
tests_bench_probe_LDADD = libreuse.a $(WHOLE_LIBS)
CLEANFILES += $(EXTRA_PROGRAMS)

bench: all
	@$(MAKE) $(AM_MAKEFLAGS) $(EXTRA_PROGRAMS)
if SANITIZERS
	@echo 'bench: a build with sanitizers would measure the sanitizers' >&2; exit 1
else
	@REUSE_TUTOR='$(abs_top_builddir)/reuse-tutor' BENCH_DIR=tests/bench LESSONS='$(top_srcdir)/lessons' \
		tests/bench/bench
endif
.PHONY: bench
