#!/bin/sh
# The pages on the screen: from the list of lessons, from a lesson, as a command; a step opened from one, and back.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin

start 80x24 "$REUSE_TUTOR"
wait_text 'Enter open'
keys End
test_that 'pages stand below the lessons' wait_text '> glossary'
keys Enter
test_that 'Enter opens one' wait_text '> Accept queue'
test_that 'the key bar says what to press' shows 'Enter open the step'
keys NPage
test_that 'it scrolls' wait_gone '> Accept queue'
keys Home
wait_text '> Accept queue'
keys 2
test_that 'a number opens that step' wait_text 'Read: The child lets go'
keys q
test_that 'leaving the lesson comes back to the page' wait_text '> Accept queue'
resize 40x12
test_that 'a small screen shows it too' wait_text '1 of 4'
resize 200x50
test_that 'and a large one' wait_text 'Up/Down choose'
resize 80x24
keys q
test_that 'q leaves it' wait_text '> glossary'
keys Q
ends_with 0

start 80x24 "$REUSE_TUTOR" run time-wait:both
wait_text 'Read: Both set it'
test_that 'a step says that it has terms' wait_text 'G terms'
keys G
test_that 'G shows these' wait_text 'Terms of this step'
keys q
test_that 'and q goes on with the lesson' wait_text 'Read: Both set it'
keys /
wait_text 'Type words'
text 'five-t'
test_that 'the search finds terms' wait_text 'page Five-tuple'
keys Enter
test_that 'and opens them' wait_text '> Five-tuple'
keys q
test_that 'the lesson is where it was' wait_text 'Read: Both set it'
keys Q
ends_with 0

start 80x24 "$REUSE_TUTOR" glossary SOCK_DESTROY
test_that 'a command shows one entry' wait_text '> SOCK_DESTROY'
keys Q
test_that 'it ends' ends_with 0
test_that 'the terminal is as it was' screen_is_restored
test_that 'no process is left' no_process_left

screen_end
