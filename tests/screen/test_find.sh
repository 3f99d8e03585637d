#!/bin/sh
# Search in all lessons, and going to a place by number or name.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin

start 80x24 "$REUSE_TUTOR"
wait_text 'Enter open'
keys /
test_that '/ asks for words' wait_text 'Type words'
text 'the trap'
test_that 'a step is found by its title' wait_text 'The trap'
test_that 'with its lesson' shows 'TIME_WAIT: the server that will not restart'
text ' zzz'
test_that 'nothing is said so' wait_text 'Nothing has these words'
keys BSpace BSpace BSpace BSpace
wait_gone 'Nothing has these words'
keys Enter
test_that 'Enter opens it' wait_text 'Read: The trap'
keys g
test_that 'g lists the steps and the lessons' wait_text 'Go to a step or lesson'
text 'per-ip'
test_that 'a name filters' wait_gone 'The trap'
keys Escape
test_that 'Esc stays where one was' wait_text 'Read: The trap'
keys g
wait_text 'Go to a step or lesson'
text '1:2'
keys Enter
test_that 'lesson and step are gone to by their numbers' wait_text 'step 2/'
test_that 'it is the first lesson' shows '1  One port'
printf 'two\nlines Q' >"$dir/paste"
in_tmux load-buffer "$dir/paste"
keys /
wait_text 'Type words'
in_tmux paste-buffer
test_that 'pasted lines are words, not commands' wait_text 'two lines Q_'
keys Escape
wait_text 'step 2/'
keys Q
test_that 'it ends' ends_with 0
test_that 'the terminal is as it was' screen_is_restored
test_that 'no process is left' no_process_left

screen_end
