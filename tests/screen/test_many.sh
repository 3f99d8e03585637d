#!/bin/sh
# Two hundred clients: they share a row, so that the listeners stay in sight; s and z show each of them.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin
need_stage

# The rows are in the order of their ports, which the kernel chose: the last one may be any client.
single_clients() {
	[ "$(capture | grep -c 'client\.c\[[0-9]*\]  *client ')" -ge "$1" ]
}

start 80x24 "$REUSE_TUTOR" run reuseport:share
wait_text 'Read: Two hundred clients'
keys Enter
wait_text '─ Predict '
test_that 'two hundred sockets are a row' shows '+ client.c[1..200] client CLOSE'
test_that 'the panel says how to see each' shows '202 sockets, s shows each'
keys 1
wait_text '─ Result '
test_that 'the first listener is in sight' shows 'w1.s '
test_that 'and the second' shows 'w2.s '
test_that 'with their queues' shows 'REUSE RECV-Q'
test_that 'what waits there is a row' shows '+ 200 sockets kernel ESTABLISHED 127.0.0.1:8000 127.0.0.1:*'
test_that 'and so is who connected' shows '* client.c[*] client ESTABLISHED 127.0.0.1:*    127.0.0.1:8000'
test_that 'the change of all is told' shows '* client.c[1..200]: CLOSE -> ESTABLISHED, 200 sockets'
keys Tab Tab Tab z End
test_that 'the whole screen has a row for each' until_true single_clients 15
test_that 'the last of them stands last' not shows 'more above, below'
keys z
test_that 'and back' wait_text 'client.c[*]'
resize 200x50
test_that 'a wide screen has all columns' wait_text 'RECV-Q  SEND-Q  UID'
test_that 'and one row for all' shows 'client.c[1..200]'
keys s
test_that 's shows each' until_true single_clients 10
keys s
wait_text 'client.c[1..200]'
resize 40x12
test_that 'a small screen shows them as one, too' wait_text '200 sockets, ports'
keys Home
test_that 'and the listeners' wait_text 'w2.s  LISTEN'
keys Q
ends_with 0
test_that 'no process is left' no_process_left

screen_end
