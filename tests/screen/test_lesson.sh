#!/bin/sh
# A whole lesson by its keys, and each way to move in it.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin
need_stage

picture_changed() {
	[ "$(capture)" != "$picture" ]
}

# Presses what the screen asks for until the last step is done: the first answer to each question, k for each wait.
asked=0
waited=0
take_lesson() {
	presses=0
	until shows 'The end' && shows "step $1/$1"; do
		presses=$((presses + 1))
		[ "$presses" -le 200 ] || return 1
		picture=$(capture)
		case $picture in
		*'─ Predict '*) asked=$((asked + 1)); keys 1 ;;
		*'─ Waiting '*) waited=$((waited + 1)); keys k ;;
		*'Enter '*) keys Enter ;;
		esac
		until_true picture_changed || return 1
	done
}

start 80x24 "$REUSE_TUTOR" run time-wait
wait_text 'step 1/'
steps=$(capture | sed -n 's/.*step 1\/\([0-9]*\).*/\1/p')
test_that 'time-wait is taken to its end' take_lesson "$steps"
test_that 'it asked questions' [ "$asked" -ge 5 ]
test_that 'it waited for the record' [ "$waited" -ge 1 ]
test_that 'the end counts what was predicted' shows 'as predicted'
keys q
test_that 'q leaves' wait_text 'Enter open'
keys q
ends_with 0
test_that 'the terminal is as it was' screen_is_restored
test_that 'no process is left' no_process_left

# The step in which everybody is wrong.
start 80x24 "$REUSE_TUTOR" run time-wait:new-only
wait_text 'The trap'
# The first screen does not wait for ever for the calls of the steps before; while they run n does nothing.
wait_text 'Enter run'
keys n
test_that 'n runs one call' wait_text '1 of 12 lines run'
keys b
test_that 'b takes it back' wait_text '0 of 12 lines run'
keys Enter
test_that 'Enter runs the calls up to the question' wait_text '─ Predict '
test_that 'the record is shown with its owner' shows 'kernel TIME_WAIT'
keys Enter
test_that 'Enter without an answer says what is missing' wait_text 'Choose an answer first: 1-5, or n to run without one'
keys h
test_that 'h gives a hint' wait_text 'Hint: '
keys Down Enter
test_that 'Down and Enter answer; the kernel differs' wait_text '[differs from your prediction]'
test_that 'the answer is shown' shows 'You said  0'
test_that 'so is what the kernel said' shows 'EADDRINUSE (98, Address already in use)'
keys r
test_that 'r starts the step again' wait_text '0 of 12 lines run'
keys Enter
wait_text '─ Predict '
keys 2
test_that 'the other answer is as predicted' wait_text '[as you predicted]'
keys Enter
# The first words of the explanation stand above the result already; two Enters at once would count as one.
test_that 'after the result the step is done' wait_text 'This step is done.'
test_that 'and the explanation is there' shows 'So on Linux the option helps'
keys Enter
test_that 'Enter goes to the next step' wait_text 'step 5/'
keys R
test_that 'R asks before it forgets' wait_text 'R once more forgets your'
keys R
test_that 'R begins the lesson again' wait_text 'step 1/'
keys Tab Tab z
test_that 'Tab and z show the sockets alone' wait_gone '─ Script '
test_that 'nothing has run' shows 'No sockets yet.'
keys z
wait_text '─ Script '
keys n n n s
test_that 's shows all fields' wait_text 'COOKIE'
keys Q
test_that 'Q ends' ends_with 0
test_that 'no process is left after Q' no_process_left

screen_end
