#!/bin/sh
# The matrix on the screen: cells fill while keys work, a cell tells its calls and why, keys change what is asked.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin

start 80x24 "$REUSE_TUTOR"
wait_text 'M matrix'
keys M
test_that 'M opens the matrix' wait_text 'tcp, first socket on 127.0.0.1:8000'
test_that 'all cells are run' wait_text 'as the rules say'
test_that 'the chosen cell is told' shows 'BOUND -, -: bind EADDRINUSE'
keys Down Right
test_that 'arrows choose' wait_text 'BOUND A, A: bind succeeds, listen succeeds'
keys Enter
test_that 'Enter shows the calls' wait_text 'second: bind(n, 127.0.0.1:8000)  = 0'
keys NPage
test_that 'and why' wait_text 'inet_bind_conflict()'
keys Enter
test_that 'Enter goes on in the playground' wait_text 'Playground'
test_that 'where the same calls have run' wait_text '8 of 8 lines run'
text 'second: close(n)'
keys Enter
test_that 'and more can be made' wait_text 'second: close(n)'
keys Escape
test_that 'Esc comes back' wait_text 'BOUND A, A'
keys q
test_that 'q comes back' wait_text 'BOUND A, A: bind succeeds'
keys u
test_that 'u takes two users' wait_text 'two users'
keys u
keys a
test_that 'a takes the next address' wait_text 'first socket on 0.0.0.0:8000'
keys o
test_that 'o exchanges them' wait_text 'second on 0.0.0.0:8000'
keys p
test_that 'p takes udp' wait_text 'UNCONN'
test_that 'it is run to its end' wait_text 'as the rules say'
resize 40x12
test_that 'on a small screen' wait_text 'UNCONN A, A:'
keys Enter
test_that 'a cell on a small screen' wait_text 'more: PgDn'
resize 200x50
test_that 'on a large one' wait_text 'udp_lib_lport_inuse()'
keys q
wait_text 'UNCONN A, A:'
keys q
test_that 'q leaves it' wait_text 'M matrix'
keys Enter
test_that 'a lesson can be opened behind it' wait_text 'step 1/'
keys q
wait_text 'M matrix'
keys M
wait_text 'tcp/udp'
keys Q
test_that 'Q quits in the middle' ends_with 0
test_that 'the terminal is as it was' screen_is_restored
test_that 'no process is left' no_process_left

start 80x24 "$REUSE_TUTOR" matrix udp 0.0.0.0
test_that 'a command shows it' wait_text 'udp, first socket on 0.0.0.0:8000'
keys q
test_that 'and leads to the lessons' wait_text 'M matrix'
keys q
test_that 'it ends' ends_with 0

screen_end
