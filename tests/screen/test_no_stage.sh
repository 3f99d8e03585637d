#!/bin/sh
# Where no stage can be built, or where it is lost: the cause in plain sight, and the texts stay readable.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin
need_stage

# A user namespace in which no further one may be made.
refused="echo 0 >/proc/sys/user/max_user_namespaces && exec \"\$@\""
if ! unshare -Ur sh -c "$refused" sh true 2>/dev/null; then
	echo '1..0 # SKIP unshare cannot set user.max_user_namespaces here'
	exit 0
fi

start 80x24 unshare -Ur sh -c "$refused" sh "$REUSE_TUTOR"
test_that 'the contents name the cause' wait_text 'ENOSPC'
test_that 'and say that the lessons can be read' shows 'The lessons can be read'
keys Enter
test_that 'a lesson opens' wait_text 'step 1/'
test_that 'it names the cause' shows 'ENOSPC'
keys Enter
test_that 'Enter turns to the next step' wait_text 'step 2/'
keys b
test_that 'b turns back' wait_text 'step 1/'
keys Q
test_that 'the exit status says that there was no stage' ends_with 3
test_that 'the cause stands on the normal screen too' wait_text 'ENOSPC'
test_that 'the terminal is as it was' screen_is_restored

# The first process of the stage is the program's child.
kill_stage() {
	tutor=$(cat "$run/pid")
	tr ' ' '\n' <"/proc/$tutor/task/$tutor/children" | while read -r child; do
		kill -9 "$child"
	done
}

start 80x24 "$REUSE_TUTOR" run time-wait:2
wait_text 'step 2/'
keys Enter
wait_text '─ Predict '
kill_stage
test_that 'a stage that ends is told at once' wait_text 'the stage has ended'
keys Enter
test_that 'the next step can be read' wait_text 'step 3/'
keys b
wait_text 'step 2/'
keys r
test_that 'r builds the stage again' wait_text 'Enter run'
test_that 'the trouble is gone' not shows 'No stage'
keys Enter
test_that 'and the calls run' wait_text '─ Predict '
keys Q
ends_with 0
test_that 'no process is left' no_process_left

screen_end
