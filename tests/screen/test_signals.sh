#!/bin/sh
# However it ends, the terminal is given back and nothing of the stage stays.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin

for end in TERM:143 HUP:129 INT:130 SEGV:139 ABRT:134 BUS:135 QUIT:131 USR1:138 XCPU:152 40:168; do
	start 80x24 "$REUSE_TUTOR" run time-wait:2
	wait_text 'step 2/'
	keys Enter
	wait_text '─ Script '
	signal "${end%:*}"
	test_that "SIG${end%:*} ends it with status ${end#*:}" ends_with "${end#*:}"
	test_that "the terminal is as it was after SIG${end%:*}" screen_is_restored
	test_that "no process is left after SIG${end%:*}" no_process_left
done

start 80x24 "$REUSE_TUTOR" run time-wait:2
wait_text 'step 2/'
keys C-c
test_that 'Ctrl-C ends it as SIGINT does' ends_with 130
test_that 'the terminal is as it was after Ctrl-C' screen_is_restored

start 80x24 "$REUSE_TUTOR" run time-wait:2
wait_text 'step 2/'
signal KILL
test_that 'SIGKILL ends it' ends_with 137
test_that 'no process is left after SIGKILL' no_process_left

# The terminal goes away under it.
start 80x24 "$REUSE_TUTOR" run time-wait:2
wait_text 'step 2/'
in_tmux kill-server
test_that 'no process is left when the terminal is gone' no_process_left

at_prompt() {
	capture | grep -v '^$' | tail -n 1 | grep -q '^shell\$ *$'
}

# Ctrl-Z and fg need a shell that knows jobs.
start 80x24 env PS1='shell$ ' ENV= sh -i
until_true at_prompt
text "\"\$REUSE_TUTOR\" run time-wait:2"
keys Enter
wait_text 'step 2/'
keys C-z
test_that 'Ctrl-Z gives the terminal back to the shell' wait_gone 'step 2/'
text "echo stopped-and-\$((40 + 2))"
keys Enter
test_that 'the shell takes commands' wait_text 'stopped-and-42'
test_that 'the shell has the normal screen and the cursor' terminal_flags_are 010000
text 'fg'
keys Enter
test_that 'fg shows the screen again' wait_text 'step 2/'
keys Tab
test_that 'and it takes keys' wait_text '─ Script '
keys Q
test_that 'and ends as ever' until_true at_prompt
text 'exit'
keys Enter
test_that 'the terminal is as it was after all' screen_is_restored

screen_end
