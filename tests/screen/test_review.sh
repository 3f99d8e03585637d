#!/bin/sh
# Review on the screen: the list says what is due, v asks it in another instance of its lesson, and its end says what comes
# back when. The clock is that of the machine; the file is made older instead.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin
need_stage

state=$dir/state
file=$state/reuse-tutor/progress.json
# A time zone where it is noon: no new day begins in the middle of the test.
TZ=TST$(($(date -u +%-H) - 12))
export TZ

# The lesson, all of it answered with "I do not know yet", days ago.
age() {
	sed -i 's/"asked": [0-9]*/"asked": 1000000000000/' "$file"
}
yes '?' | head -n 50 >"$dir/answers"
XDG_STATE_HOME=$state "$REUSE_TUTOR" run per-ip --answers "$dir/answers" >"$dir/out"
test_that 'a lesson says how many questions come back' grep -q '[1-9] will come back in Review\.$' "$dir/out"
due=$(sed -n 's/.* \([1-9]\) will come back in Review\.$/\1/p' "$dir/out")

start 80x24 "$REUSE_TUTOR"
test_that 'on the same day the list says nothing' wait_text 'Lessons'
test_that 'about review' not shows 'review'
keys v
keys Q
test_that 'and v does nothing there' ends_with 0

age
start 80x24 "$REUSE_TUTOR"
test_that 'on another day it says what is due' wait_text "$due questions are due for review: press v."
test_that 'the key bar too' shows 'v review'
keys v
test_that 'v asks the first' wait_text "Review 1 of $due  One port, several addresses"
test_that 'as any question' wait_text '─ Predict '
test_that 'it says which step it is from' shows 'step 1/'
test_that 'the port is another one' not shows ':8000'
test_that 'the key bar has the lesson' shows 'o open lesson'
keys 1
test_that 'the kernel answers' wait_text '─ Result '
test_that 'Enter will ask the next one' shows 'Enter next question'
keys Enter
test_that 'and does' wait_text "Review 2 of $due"
test_that 'with its question' wait_text '─ Predict '
keys v
test_that 'v leaves it for another time' wait_text "Review 3 of $due"
test_that 'and asks the third' wait_text '─ Predict '
keys q
test_that 'q goes to the end' wait_text 'The end of the review'
test_that 'which says how it went' shows ' of 1 as predicted.'
test_that 'and what comes back when' shows "Coming back: $((due - 1)) now, 1 "
keys Enter
test_that 'then the list is there again, with what is due still' wait_text "$((due - 1)) questions are due"
test_that 'no lesson stands at a step for it' not shows ' step '
keys v
wait_text '─ Predict '
keys o
test_that 'o opens the lesson as it is written' wait_text '2  One port, several addresses'
test_that 'in the step of the question' shows 'step 2/'
test_that 'with its own port' wait_text ':8000'
keys g
wait_text 'number or name'
keys Escape
keys q
test_that 'q leaves that for the list' wait_text 'due for review'
keys v
wait_text '─ Predict '
signal HUP
test_that 'the terminal goes away in the middle of a review' ends_with 129
test_that 'nothing of the review is taken for a place in the lesson' not grep -q '"calls": [1-9]' "$file"

age
start 40x12 "$REUSE_TUTOR" review
test_that 'the command begins with the first question, on a small screen too' wait_text 'Review 1 of'
test_that 'its question is in sight' wait_text '─ Predict'
keys Q
test_that 'and ends' ends_with 0
start 40x12 "$REUSE_TUTOR"
test_that 'a small list says that something is due' wait_text ' due: v'
keys Q
test_that 'that ends too' ends_with 0

XDG_STATE_HOME=$state "$REUSE_TUTOR" reset --all >"$dir/out"
start 80x24 "$REUSE_TUTOR" review
test_that 'where nothing is due a sentence says so' wait_text 'Nothing is due for review.'
test_that 'and that is all' ends_with 0
test_that 'the terminal is as it was' screen_is_restored
test_that 'nothing is left' no_process_left

screen_end
