#!/bin/sh
# A shell in the stage at a terminal: `reuse-tutor shell`, beside a tutor that runs without one.
# shellcheck disable=SC2016 # $ is for the inner shell

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin
need_stage

mkdir -m 700 "$dir/runtime"
XDG_RUNTIME_DIR=$dir/runtime
export XDG_RUNTIME_DIR

tutor=
end_tutor() {
	[ -z "$tutor" ] || kill -9 "$tutor" 2>/dev/null
	screen_clean
}
trap end_tutor EXIT

mkfifo "$dir/answers"
"$REUSE_TUTOR" run per-ip --plain <"$dir/answers" >"$dir/plain" 2>&1 &
tutor=$!
exec 9>"$dir/answers"

asks() {
	grep -q '^Answer 1-' "$dir/plain"
}

test_that 'a tutor asks, and its stage stands' until_true asks
start 80x24 "$REUSE_TUTOR" shell
test_that 'the shell says where it is' wait_text 'You are in the stage of the lesson per-ip.'
test_that 'its prompt says so too' wait_text '(stage) $'
text 'cat /proc/net/tcp'
keys Enter
test_that 'it sees the lesson listening on port 8000' wait_text ':1F40 00000000:0000 0A'
# Ctrl-C is for what runs in the shell.
text 'echo up; cat'
keys Enter
test_that 'a program runs in it' wait_text 'up'
keys C-c
text 'echo alive $((40 + 2))'
keys Enter
test_that 'Ctrl-C ends the program and not the shell' wait_text 'alive 42'
text 'exit 4'
keys Enter
test_that 'its status is that of the shell' ends_with 4
test_that 'the terminal is as it was' screen_is_restored
kill "$tutor"
tutor=
test_that 'nothing is left' no_process_left
screen_end
