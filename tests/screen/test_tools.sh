#!/bin/sh
# What a learner has beside the lesson: a note that lasts, a shell in the stage, a table that stands still.
# shellcheck disable=SC2016 # $ is for the inner shell

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin
need_stage

state=$dir/state
start 80x24 "$REUSE_TUTOR" run time-wait
wait_text 'step 1/'
keys N
test_that 'N opens the note' wait_text 'My note on this step'
text 'Remember 第一: q and Q'
keys Enter
test_that 'Enter keeps it' wait_text 'Your note is kept.'
test_that 'it stands in the text' shows 'My note: Remember 第一: q and Q'
keys Q
test_that 'the program ends' ends_with 0

start 80x24 "$REUSE_TUTOR" run time-wait:1
test_that 'the note is there the next time' wait_text 'My note: Remember 第一: q and Q'
keys N
wait_text 'My note on this step'
text ' and more'
keys Escape
test_that 'Esc leaves it as it was' wait_gone 'My note on this step'
test_that 'without the new words' not shows 'and more'
keys N
wait_text 'My note on this step'
text ', unsaved'
wait_text 'unsaved_'
signal HUP
test_that 'the terminal goes away in the middle of it' ends_with 129

start 80x24 "$REUSE_TUTOR" run time-wait:1
test_that 'what was written then is not lost' wait_text 'q and Q, unsaved'
keys g
wait_text 'Go to a step'
keys 2 Enter
wait_text 'step 2/'

# One after the other: a key does nothing while a call runs.
wait_text 'one call'
for line in 1 2 3; do
	keys n
	wait_text "$line of "
	wait_text 'one call'
done
keys f
test_that 'f freezes the table' wait_text 'frozen, f goes on'
keys n
test_that 'calls still run' wait_text '4 of '
keys f
test_that 'f again goes on' wait_text 'kernel, live'

# A terminal of another size is no key: $ still comes alone.
is_drawn_at_26() {
	capture | sed -n 26p | grep -q 'q leave'
}
resize 80x26
test_that 'the screen has the new size' until_true is_drawn_at_26
keys '$'
test_that 'the shell says where it is' wait_text 'You are in the stage of the lesson time-wait.'
test_that 'on the normal screen' terminal_flags_are 010000
text 'echo in-$((40 + 2)); grep -c 1F40 /proc/net/tcp'
keys Enter
test_that 'it takes commands' wait_text 'in-42'
text 'exit'
keys Enter
test_that 'its exit comes back to the lesson' wait_text 'Back from the shell.'
test_that 'which is where it was' shows '4 of '
keys n
test_that 'and goes on' wait_text '5 of '
printf 'c$\nccc\n' >"$dir/paste"
in_tmux load-buffer "$dir/paste"
in_tmux paste-buffer
keys f
test_that 'pasted text opens no shell' wait_text 'frozen'
keys Q
test_that 'the program ends again' ends_with 0
test_that 'the terminal is as it was' screen_is_restored
test_that 'no process is left' no_process_left

screen_end
