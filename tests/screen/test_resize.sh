#!/bin/sh
# The screen at every size, and when the size changes under it.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin

# The last line is the key bar and the line above it is a rule.
has_key_bar() {
	capture | tail -n 2 | head -n 1 | grep -q '^───' && capture | tail -n 1 | grep -q '? help'
}

start 80x24 "$REUSE_TUTOR" run time-wait
wait_text 'step 1/'
test_that '80x24 has all panels' shows '─ Script '
for size in 110x30 160x40 200x50 80x24 300x20; do
	resize "$size"
	test_that "$size has the sockets and the key bar" until_true has_key_bar
	test_that "$size shows the sockets" wait_text '─ Sockets '
done
resize 40x12
test_that '40x12 shows one panel' wait_gone '─ Sockets '
test_that '40x12 has the key bar' until_true has_key_bar
keys Tab
test_that 'Tab shows the next one' wait_text '─ Script '
resize 20x5
test_that '20x5 says what it needs' wait_text 'needs 40x12'
keys Enter n 1
resize 1x1
resize 80x24
test_that 'it goes on where it was' wait_text '0 of '
test_that 'in full' until_true has_key_bar
resize 20x5
wait_text 'needs 40x12'
keys q
test_that 'q ends it even there' ends_with 0
test_that 'the terminal is as it was' screen_is_restored

start 20x5 "$REUSE_TUTOR"
test_that 'it starts in a small terminal too' wait_text 'needs 40x12'
resize 80x24
test_that 'and resumes when that grows' wait_text 'Enter open'
keys q
ends_with 0

# An explanation that is longer than the screen: the key bar names the way on before the way round.
start 40x12 "$REUSE_TUTOR" run reuseport:2
wait_text 'Enter run'
keys Enter
wait_text '─ Predict '
keys 1
test_that 'a long result names PgDn' wait_text 'PgDn more'

screen_end
