#!/bin/sh
# Progress that cannot be kept: told once, on the screen, or on the normal one where it was not seen.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin
need_stage

told_times() {
	[ "$(capture | grep -c 'your progress')" -eq "$1" ]
}

state=$dir/file
: >"$state"
start 80x24 "$REUSE_TUTOR" run per-ip
test_that 'a state folder that is none is told in the lesson' wait_text 'ENOTDIR'
test_that 'and what comes of it' shows 'nothing is kept'
keys Enter
test_that 'the lesson goes on' wait_text 'alpha listens on port 8000'
test_that 'it is not told again' told_times 0
keys Q
test_that 'and can be left' ends_with 0
test_that 'nor on the normal screen' told_times 0

state=$dir/damaged
mkdir -p "$state/reuse-tutor"
echo '{ bad' >"$state/reuse-tutor/progress.json"
start 80x24 "$REUSE_TUTOR"
test_that 'a damaged file is told in the contents' wait_text 'your progress was damaged'
keys q
test_that 'they can be left' ends_with 0
test_that 'and that is all' told_times 0

state=$dir/late
mkdir -p "$state/reuse-tutor"
start 80x24 "$REUSE_TUTOR" run per-ip
test_that 'all is well' wait_text 'Read, then press Enter'
keys n
test_that 'a call is made' wait_text '1 of '
mkdir "$state/reuse-tutor/progress.json"
keys Q
test_that 'the place cannot be saved as the lesson is left' ends_with 0
test_that 'that is told on the normal screen' shows 'EISDIR'
test_that 'once' told_times 1

state=$dir/$(printf '%0120d' 0)/$(printf '%0120d' 0)
mkdir -p "${state%/*}"
: >"$state"
start 80x24 "$REUSE_TUTOR" run per-ip
test_that 'what is too long for a word on the screen is cut there' wait_text 'your progress cannot be read'
test_that 'with its end' not shows 'nothing is kept'
keys Q
test_that 'the lesson can be left' ends_with 0
test_that 'and it is told whole' shows 'nothing is kept'

screen_end
