#!/bin/sh
# The playground: typing, completion, mistakes, undo, saving; from a lesson and back.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin
need_stage

start 80x24 sh -c "cd $dir && exec $REUSE_TUTOR play"
wait_text 'Type a line'
text 'old: s = socket(AF_INET, SOCK_STREAM)'
keys Enter
test_that 'a line runs at once' wait_text '1 of 1 lines run'
text 'old: bi'
test_that 'what could come is offered' wait_text 'Tab: bind('
keys Tab Tab
test_that 'Tab completes' wait_text 'bind(s, _'
text 'here)'
test_that 'a mistake is said as one types' wait_text 'expected an address, got "here"'
keys BSpace BSpace BSpace BSpace BSpace
text '127.0.0.1:8000)'
keys Enter
test_that 'the mended line runs' wait_text '127.0.0.1:8000)           = 0'
test_that 'the table follows' wait_text 'BOUND'
keys Up
test_that 'Up brings the line back' wait_text '> old: bind(s, 127.0.0.1:8000)_'
keys Enter
test_that 'the kernel answers' wait_text '= -1 EINVAL'
keys C-_
test_that 'Ctrl-_ takes it back' wait_gone 'EINVAL'
text 'old: lsten(s, 8)'
keys Home Right Right Right Right Right Right
text 'i'
test_that 'a line is mended where the cursor is' wait_text '> old: listen(s, 8)'
keys End C-w C-w
test_that 'Ctrl-W takes words away' wait_text '> old: listen(_'
keys C-a DC
test_that 'Delete what the cursor stands on' wait_text '> ld: listen('
keys C-u
test_that 'Ctrl-U the line' wait_gone 'listen('
printf 'new: n = socket(AF_INET, SOCK_STREAM)\nnew: bind(n, 127.0.0.1:8000)\n' >"$dir/paste"
in_tmux load-buffer "$dir/paste"
in_tmux paste-buffer
test_that 'pasted lines run one by one' wait_text '= -1 EADDRINUSE'
resize 40x12
test_that 'it fits 40x12' wait_text 'Enter run'
test_that 'with the line to type in' shows 'Type a line'
resize 200x50
test_that 'and 200x50' wait_text 'REUSEPORT'
text 'save mine'
keys Enter
test_that 'it is saved' wait_text 'Made mine.md'
keys Escape
test_that 'it ends' ends_with 0
test_that 'the terminal is as it was' screen_is_restored
test_that 'what was saved is a lesson' grep -q '= EADDRINUSE' "$dir/mine.md"
test_that 'and passes check' sh -c "$REUSE_TUTOR check $dir/mine.md >$dir/checked"

start 80x24 "$REUSE_TUTOR" run per-ip
wait_text 'Read:'
keys Enter
wait_text 'Predict'
keys :
test_that ': opens it in a lesson' wait_text 'the lesson waits'
text 'mine: m = socket(AF_INET, SOCK_DGRAM)'
keys Enter
test_that 'the calls of the lesson are there, and mine' wait_text 'mine.m'
keys Escape
test_that 'Esc goes back to the question' wait_text 'Predict'
test_that 'as it was' not shows 'mine.m'
keys Q
test_that 'it ends there too' ends_with 0
test_that 'no progress is kept of it' not grep -q playground "$dir/run.2/state/reuse-tutor/progress.json"
test_that 'but of the lesson' grep -q per-ip "$dir/run.2/state/reuse-tutor/progress.json"
test_that 'no process is left' no_process_left

screen_end
