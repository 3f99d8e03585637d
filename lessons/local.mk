# Every *.md here is a lesson: it is distributed, installed and checked without being named anywhere. A program that a
# lesson speaks of stands in programs/, and goes with it; tests/live/test_programs.c builds and runs it.

# From its build tree the program takes the lessons beside itself, so no path of the source tree is compiled into it.
all-local: lessons.stamp
lessons.stamp:
	$(AM_V_at)test -d lessons/. || $(LN_S) $(top_srcdir)/lessons lessons
	$(AM_V_at)echo linked > $@
CLEANFILES += lessons.stamp

distclean-local:
	if test -h lessons; then rm -f lessons; fi

# Into $folder. Translations and programs stand in folders of their own: those are kept.
copy_lessons = (cd $(srcdir)/lessons && find . \( -name '*.md' -o -name '*.c' \) -print) | while read -r lesson; do \
	$(MKDIR_P) "$$folder/$$(dirname "$$lesson")" && \
	$(INSTALL_DATA) "$(srcdir)/lessons/$$lesson" "$$folder/$$lesson" || exit 1; done

install-data-local:
	folder="$(DESTDIR)$(pkgdatadir)/lessons"; $(copy_lessons)

uninstall-local:
	rm -rf "$(DESTDIR)$(pkgdatadir)/lessons"
	-rmdir "$(DESTDIR)$(pkgdatadir)"

dist-hook:
	folder="$(distdir)/lessons"; $(copy_lessons)
