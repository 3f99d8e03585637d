#!/bin/sh
# The first screen and the help: what a newcomer sees, and the way out.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin

start 80x24 "$REUSE_TUTOR"
test_that 'the first screen says what this is' wait_text 'What SO_REUSEADDR and SO_REUSEPORT really do'
test_that 'it lists the lessons' shows 'TIME_WAIT: the server that will not restart'
test_that 'it says what to press' shows 'Enter open'
test_that 'the lessons are counted, without the pages' shows "1 of $(find "$REUSE_TUTOR_LESSONS" -maxdepth 1 -name '*.md' | wc -l), pages below"
keys End
test_that 'the pages by themselves' wait_text 'page '
keys Home
test_that 'the cursor is hidden and the alternate screen is on' terminal_flags_are 101100
keys '?'
test_that 'the help lists the keys of this screen' wait_text 'opens the lesson'
text 'draw'
test_that 'what is typed filters the help' wait_gone 'opens the lesson'
test_that 'the entry stays' shows 'draws the screen anew'
keys Escape
test_that 'Esc closes the help' wait_text 'Enter open'
keys F1
test_that 'F1 opens it too' wait_text 'Keys on this screen'
keys Escape
wait_text 'Enter open'
keys q
test_that 'q ends with status 0' ends_with 0
test_that 'the terminal is as it was' screen_is_restored
test_that 'no process is left' no_process_left

start 80x24 "$REUSE_TUTOR" run time-wait
test_that 'a lesson opens at once' wait_text 'step 1/'
keys '?'
test_that 'the help of a lesson knows its keys' wait_text 'runs one call'
text 'instr'
wait_text 'type to find: instr_'
keys Enter
test_that 'Enter runs the entry' wait_text "Instructor's note"
keys Escape
test_that 'Esc closes the note' wait_gone "Instructor's note"
keys g
wait_text 'Go to a step'
keys 2 Enter
test_that 'a step is gone to by its number' wait_text 'step 2/'
keys q
test_that 'q leaves to the contents' wait_text '─ Lessons '
test_that 'which say where' shows ' step 2/'
keys Enter
test_that 'Enter comes back' wait_gone '─ Lessons '
test_that 'to the step' shows 'step 2/'
keys Q
test_that 'Q ends with status 0' ends_with 0
test_that 'the terminal is as it was again' screen_is_restored
test_that 'no process is left again' no_process_left

start 80x24 "$REUSE_TUTOR" run no-such-lesson
test_that 'a lesson that is not there is a usage error' ends_with 2
test_that 'it is said on the normal screen' screen_is_restored

screen_end
