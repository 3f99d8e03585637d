#!/bin/sh
# What if: a call of a lesson changed, both outcomes, undo, and the lesson as it was.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin
need_stage

start 80x24 "$REUSE_TUTOR" run time-wait:neither
wait_text 'Read:'
keys Enter
wait_text '─ Predict '
keys 2
wait_text '[as you predicted]'
keys x
test_that 'x shows the calls with both outcomes' wait_text '-1 EADDRINUSE    -1 EADDRINUSE'
test_that 'nothing is changed yet' shows 'Nothing is changed yet'
keys Enter
test_that 'Enter shows what could be otherwise' wait_text '> set SO_REUSEADDR before it'
keys Enter
test_that 'the option of the new server alone changes nothing' wait_text 'No difference'
keys u
test_that 'u takes it back' wait_text 'Nothing is changed yet'
keys End Enter
wait_text 'the address 127.0.0.2'
keys Down Down Enter
test_that 'another address does' wait_text '-1 EADDRINUSE    0'
test_that 'the first difference is marked' shows '^ the first difference'
test_that 'and said' wait_text 'First difference, line 11: new: bind(n, 127.0.0.2:8000) was -1 EADDRINUSE'
keys i
test_that 'i says why' wait_text '─ Why now ─'
test_that 'of the changed call' wait_text 'new: bind(n, 127.0.0.2:8000) = 0'
test_that 'and the calls stay in sight' shows '~  new: bind(n, 127.0.0.2:8000)'
keys i
test_that 'i closes it' wait_gone '─ Why now ─'
resize 40x12
test_that 'on a small screen one stands below the other' wait_text 'lesson -1 EADDRINUSE, now 0'
resize 200x50
test_that 'on a large one the sockets of both' wait_text 'Sockets of the lesson'
resize 80x24
wait_text 'LESSON'
keys Home d
test_that 'without the first socket the rest is left out' wait_text 'left out'
test_that 'which is said' wait_text 'can no longer run'
keys q
test_that 'q goes back to the lesson' wait_text '[as you predicted]'
test_that 'its socket is still there' shows 'TIME_WAIT'
keys Q
test_that 'it ends' ends_with 0
test_that 'the terminal is as it was' screen_is_restored
test_that 'no process is left' no_process_left

screen_end
