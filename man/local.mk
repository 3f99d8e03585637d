dist_man_MANS = \
	man/reuse-tutor-lesson.5 \
	man/reuse-tutor.1
