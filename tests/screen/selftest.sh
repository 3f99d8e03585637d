#!/bin/sh
# The harness itself, on small programs: what it must see it sees, and what it must refuse it refuses.

# shellcheck disable=SC2016 # the programs are scripts: what stands in them is for their shell
# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin

start 80x24 sh -c 'echo "hello, it'\''s me"; read -r x; echo "got $x"; read -r x; exit 7'
test_that 'text appears' wait_text "hello, it's me"
test_that 'a program that runs is seen' not nothing_runs
text 'a b'
keys Enter
test_that 'keys arrive' wait_text 'got a b'
keys Enter
test_that 'the exit status is kept' ends_with 7
test_that 'a program that changed nothing leaves the terminal as it was' screen_is_restored
test_that 'it is gone' no_process_left

start 100x30 sh -c 'trap "stty size" WINCH; stty size; while :; do read -r x && exit; done'
test_that 'the size is the one asked for' wait_text '30 100'
resize 80x24
test_that 'a new size arrives' wait_text '24 80'
signal KILL
test_that 'a killed program ends with 128 + 9' ends_with 137
test_that 'after SIGKILL nothing is left' no_process_left

start 80x24 sh -c 'printf "\033[?1049h\033[?25lfull screen"; read -r x; printf "\033[?25h\033[?1049l"'
test_that 'the alternate screen is shown' wait_text 'full screen'
test_that 'the normal screen is hidden by it' not shows 'typed before'
keys Enter
test_that 'a program that puts it back passes' screen_is_restored

wait_s=1
start 80x24 sh -c 'printf "\033[?1049h"'
test_that 'a program that leaves the alternate screen on is found out' not screen_is_restored
start 80x24 sh -c 'printf "\033[?25l"'
test_that 'a program that leaves the cursor hidden is found out' not screen_is_restored
start 80x24 stty -echo
test_that 'a program that leaves the echo off is found out' not screen_is_restored
# Longer than twenty looks at all processes of a busy machine take; screen_clean ends it.
start 80x24 sh -c 'setsid sleep 600 & exit 0'
test_that 'a process that stays is found out' not no_process_left
test_that 'text that is not there is found out' not wait_text 'no such text'

screen_end
