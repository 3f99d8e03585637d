#!/bin/sh
# A lesson is left, in whichever way, and found again: on the screen and as plain text.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin
need_stage

state=$dir/state
lessons=$dir/lessons
cp -r "$REUSE_TUTOR_LESSONS" "$lessons"
REUSE_TUTOR_LESSONS=$lessons
export REUSE_TUTOR_LESSONS

# Presses what the screen asks for until step $1 is shown.
goes_on_to() {
	presses=0
	until shows "step $1/"; do
		presses=$((presses + 1))
		[ "$presses" -le 60 ] || return 1
		picture=$(capture)
		case $picture in
		*'─ Predict '*) keys 1 ;;
		*'─ Waiting '*) keys k ;;
		*) keys Enter ;;
		esac
		until_true picture_changed || return 1
	done
}

picture_changed() {
	[ "$(capture)" != "$picture" ]
}

start 80x24 "$REUSE_TUTOR" run per-ip
test_that 'the first step is shown' wait_text 'step 1/'
test_that 'the learner goes on to the third' goes_on_to 3
keys Q
test_that 'and leaves' ends_with 0

start 80x24 "$REUSE_TUTOR"
test_that 'the contents say where' wait_text 'Welcome back. You stopped at lesson'
test_that 'and how far' shows 'step 3 of'
keys Enter
test_that 'Enter goes on there, and says so' wait_text 'Going on where you stopped: step 3 of'
test_that 'to that step' shows 'step 3/'
test_that 'the learner goes on to the fourth' goes_on_to 4
signal HUP
test_that 'the terminal goes away' ends_with 129

start 80x24 "$REUSE_TUTOR" run per-ip
test_that 'run without a step goes on where one was' wait_text 'step 4/'
test_that 'and says so, too' shows 'Going on where you stopped: step 4 of'
signal KILL
test_that 'it is killed' ends_with 137

start 80x24 "$REUSE_TUTOR" run per-ip:2
test_that 'run with a step goes there' wait_text 'step 2/'
test_that 'and says nothing' not shows 'Going on'
signal KILL
test_that 'it is killed again' ends_with 137

start 100x70 "$REUSE_TUTOR" run per-ip --plain
test_that 'as plain text it goes on there as well' wait_text 'Going on where you stopped: step 4 of'
test_that 'with that step' wait_text 'Step 4 of'
wait_text 'q quit'
keys q Enter
test_that 'it ends with q' ends_with 0

echo 'A sentence more.' >>"$lessons/per-ip.md"
start 80x24 "$REUSE_TUTOR" run per-ip
test_that 'a lesson that has changed begins at the same step' wait_text 'Lesson per-ip has changed since'
test_that 'which is that of before' shows 'step 4/'
keys Q
test_that 'it ends' ends_with 0

forgets_it() {
	XDG_STATE_HOME=$state "$REUSE_TUTOR" reset per-ip | grep -q '^per-ip: step 4 of'
}
test_that 'reset forgets it, and says what' forgets_it
start 80x24 "$REUSE_TUTOR" run per-ip
test_that 'then it begins at its beginning' wait_text 'step 1/'
keys Q
test_that 'the last run ends' ends_with 0

# The program opens one lesson by the name of its file, and reads the others when the first screen stands.
echo 'no lesson' >"$lessons/one-port.md"
start 80x24 "$REUSE_TUTOR" run per-ip
test_that 'a lesson that cannot be read has no number' wait_text '1  One port, several addresses'
keys q
test_that 'the contents have it as the first' wait_text '1  One port, several addresses'
test_that 'and do not name the other' not shows 'One port, two processes'
keys Q
test_that 'it ends once more' ends_with 0
start 80x24 "$REUSE_TUTOR" run 1
test_that 'its number is the one that is shown' wait_text '1  One port, several addresses'
keys Q
ends_with 0
test_that 'nothing is left' no_process_left

screen_end
