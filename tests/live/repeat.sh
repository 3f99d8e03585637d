#!/bin/sh
# Calls that are made many times, against this kernel: tests/live/many.md, and what is said where a tally is another one.

tutor=${REUSE_TUTOR:-./reuse-tutor}
case $tutor in /*) ;; *) tutor=$PWD/$tutor ;; esac
tree=${top_srcdir:-$(dirname "$0")/../..}
case $tree in /*) ;; *) tree=$PWD/$tree ;; esac
work=$(mktemp -d "${TMPDIR:-/tmp}/rt-repeat-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM PIPE
cd "$work" && cp "$tree/tests/live/many.md" . && chmod u+w many.md || exit 1
REUSE_TUTOR_LESSONS=$work
export REUSE_TUTOR_LESSONS
n=0

test_that() {
	n=$((n + 1))
	if "$2" >log 2>&1; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		sed 's/^/# /' log
	fi
}

# status WANTED COMMAND...: runs it; its output is kept in the file out, and shown.
status() {
	wanted=$1
	shift
	got=0
	timeout 60 "$@" >out 2>&1 || got=$?
	cat out
	[ "$got" -eq "$wanted" ] || {
		echo "exit status $got instead of $wanted: $*"
		return 1
	}
}

says() {
	grep -qF -e "$1" out || {
		cat out
		echo "not said: $1"
		return 1
	}
}

# lesson NAME LINE...: a lesson with these lines of script.
lesson() {
	name=$1
	shift
	{
		printf -- '---\nid: %s\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n\n## One\n<!-- step: one -->\n\n' "$name"
		printf '```lab\n'
		printf '%s\n' "$@"
		printf '```\n'
	} >"$name.md"
}

holds() {
	status 0 "$tutor" check many.md && says 'many.md: ok'
}

names() {
	status 0 "$tutor" run many --auto && says '  = 4 x 0, 6 x EADDRNOTAVAIL' &&
		says 'server.k[4]: tcp ESTABLISHED' && says 'child.k[1]' &&
		says 'server.k[3]'
}

# Two hundred sockets are a line; their listeners stand before them.
many_in_a_line() {
	says 'client.c[5..10], 6 sockets: tcp CLOSE, owner client' &&
		says '4 sockets: tcp ESTABLISHED, local 127.0.0.1:8000, peer 127.0.0.1:*, owner' &&
		says 'client.c[1..4], 4 sockets: tcp CLOSE -> ESTABLISHED, local 127.0.0.1:*, peer' &&
		says 'ports 40000..40003' && closed_in_two_kinds && [ "$(grep -c '^  ' out)" -lt 60 ]
}

# What two hundred closes have left is one line, or two: where the acknowledgement of a FIN comes while close() still
# holds the socket, the kernel keeps the socket, with a keepalive timer, and makes no record with a timer of
# TIME_WAIT (tcp_rcv_state_process() in net/ipv4/tcp_input.c). Seen once in 7,000 closes. Those of one kind are one line.
closed_in_two_kinds() {
	tr -s '\n ' ' ' <out |
		grep -oE 'client\.c\[[0-9., ]+\] ~[^:]*: tcp [^~]*A-~ P-~, timer (TIME_WAIT|keepalive) ' >closed
	cat closed
	awk '{ for (i = 2; $i !~ /^(sockets:|tcp)$/; i++) { } sockets += $i == "tcp" ? 1 : $(i - 1); twice += seen[$NF]++ }
		END { exit !(sockets == 200 && !twice) }' closed ||
		{ echo "not 200 sockets, a line for each timer: client.c ~" && return 1; }
}

counts() {
	lesson other 'sysctl(net.ipv4.ip_local_port_range, "40000 40003")' 's: s = socket(AF_INET, SOCK_STREAM)' \
		's: bind(s, 127.0.0.1:8000)' 's: listen(s, 64)' 'c: 10 x c = socket(AF_INET, SOCK_STREAM)' \
		'c: 10 x connect(c, 127.0.0.1:8000) = 5 x 0, 5 x EADDRNOTAVAIL @label # why' \
		'c: 10 x getsockopt(c, SO_REUSEADDR) = 1' 'c: 4 x send(c, "m")' 'c: 2 x send(c[4], "m")'
	status 1 "$tutor" check other.md && says 'expected 5 x 0, 5 x EADDRNOTAVAIL' &&
		says 'got      4 x 0, 6 x EADDRNOTAVAIL' && says 'expected 10 x 1' && says 'got      10 x 0' &&
		says 'expected 2 x success' && says 'got      1 x 1, 1 x EPIPE'
}

updates() {
	status 0 "$tutor" check --update --yes other.md && status 0 "$tutor" check other.md && cp other.md out &&
		says 'c: 10 x connect(c, 127.0.0.1:8000) = 4 x 0, 6 x EADDRNOTAVAIL @label # why' &&
		says 'c: 10 x getsockopt(c, SO_REUSEADDR) = 10 x 0' && says 'c: 2 x send(c[4], "m")' &&
		says '= 1 x 1, 1 x EPIPE'
}

blocks() {
	lesson hang 's: s = socket(AF_INET, SOCK_STREAM)' 's: bind(s, 127.0.0.1:8000)' 's: listen(s, 8)' \
		'c: 2 x c = socket(AF_INET, SOCK_STREAM)' 'c: 2 x connect(c, 127.0.0.1:8000)' 's: 5 x k = accept(s)' \
		'expect 2 tcp 127.0.0.1:8000 -> 127.0.0.1:* ESTABLISHED owner s'
	status 1 "$tutor" check hang.md && says 'got      2 x success, then blocks' && says '6 of 7 as written'
}

if "$tutor" check many.md >log 2>&1; [ $? -eq 77 ]; then
	echo '1..0 # SKIP no stage can be built here'
	exit 0
fi
test_that 'a lesson with many calls holds' holds
test_that 'each descriptor has a name of its own' names
test_that 'sockets that are alike share a line' many_in_a_line
test_that 'check says what was counted' counts
test_that 'check --update writes tallies' updates
test_that 'a call that blocks ends the repetition' blocks
echo "1..$n"
