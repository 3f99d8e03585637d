#!/bin/sh
# The key i: why the last bind, listen or connect was refused or allowed, on live sockets.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin
need_stage

# The step in which everybody is wrong: the option on the new socket alone, and a record of TIME_WAIT.
start 80x24 "$REUSE_TUTOR" run time-wait:new-only
wait_text 'The trap'
keys Enter
wait_text '─ Predict '
keys 1
wait_text '[differs from your prediction]'
test_that 'behind a refused bind the key bar has it' wait_text 'i why'
keys i
test_that 'i shows it' wait_text '─ Why ─'
test_that 'it names the socket in the way' shows 'old.k  tcp TIME_WAIT 127.0.0.1:8000: refuses'
test_that 'it marks the clause that decided' shows '> no   SO_REUSEADDR on both: here set, there not set'
test_that 'it has the source' shows 'inet_bind_conflict()'
test_that 'it says what to try' shows 'Try     SO_REUSEADDR on the other socket too'
test_that 'the sockets stay on the screen' shows 'kernel, live'
resize 40x12
test_that 'it is there on a small screen' wait_text 'new: bind(n, 127.0.0.1:8000) = -1'
test_that 'and can be closed' shows 'i close'
keys End
test_that 'and read to its end' wait_text 'the record ends by itself'
resize 110x30
test_that 'it is there beside the sockets' wait_text '─ Why ─'
resize 200x50
test_that 'and on a large screen' wait_text '> no   SO_REUSEADDR on both'
resize 80x24
wait_text '─ Why ─'
keys i
test_that 'i closes it' wait_gone '─ Why ─'
keys i
wait_text '─ Why ─'
keys Enter
test_that 'Enter goes on' wait_gone '─ Why ─'
keys q
wait_text 'Enter open'
keys q
ends_with 0

# A question about what the refusal before it would have you try.
start 80x24 "$REUSE_TUTOR" run what-it-compares
wait_text 'step 1/'
keys Enter
wait_text '─ Predict '
keys i
wait_text '─ Why ─'
keys End
test_that 'while a question is open its answer is not given away' wait_text 'Try     told where no question is open'
test_that 'in no words' not shows 'SO_REUSEADDR on the other socket too'
keys q
wait_text 'Enter open'
keys q
ends_with 0

# A call that succeeds.
start 80x24 "$REUSE_TUTOR" run per-ip
wait_text 'step 1/'
test_that 'no call, no why' not shows 'i why'
keys Enter
wait_text 'i why'
keys i
test_that 'it says why a call succeeded' wait_text 'success: '
keys q
wait_text 'Enter open'
keys q
ends_with 0
test_that 'no process is left' no_process_left
screen_end
