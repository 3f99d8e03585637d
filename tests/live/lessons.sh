#!/bin/sh
# Every lesson against this kernel: each result and each expectation is a test of its own, or as many as the program makes of
# them. The program must find the lessons by itself, in its build tree.

lessons=$(find "${top_srcdir:-.}/lessons" -name '*.md' | wc -l)
if [ "$lessons" -eq 0 ]; then
	echo 'Bail out! there is no lesson to check'
	exit 1
fi
output=$("${REUSE_TUTOR:-./reuse-tutor}" check --size 80x24 --format tap)
status=$?
if [ "$status" -eq 77 ]; then
	case $output in
	1..*) ;;
	*) output="1..0 # SKIP no stage can be built here" ;;
	esac
	status=0
fi
printf '%s\n' "$output"
case $status-$output in
0-* | *'not ok '*) ;;
*) echo "Bail out! reuse-tutor check ended with status $status" ;;
esac
# What is no failure for a lesson of somebody's own is one for a lesson of the course.
case $output in
*'# warning: '*) echo 'Bail out! a lesson warns: see above' ;;
esac
exit "$status"
