#!/bin/sh
# `reuse-tutor matrix`: the cells of this kernel, held against what is known of it, in each format.
# shellcheck disable=SC2016 # backquotes are those of Markdown

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/../screen/lib.sh"

dir=$(mktemp -d "${TMPDIR:-/tmp}/rt-matrix.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
tutor=${REUSE_TUTOR:-./reuse-tutor}
HOME=$dir
export HOME

# look WORDS...: the matrix, kept for the questions below.
look() {
	"$tutor" matrix "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
}

ends() {
	[ "$status" -eq "$1" ] && return
	echo "# status $status, not $1"
	sed 's/^/# /' "$dir/err"
	return 1
}

# cells STATE TABLE: the four rows of a state, each with its four cells, as one word: y yes, n no, b bind.
cells() {
	found=$(awk -F, -v state="$1" '$6 == state {
		printf "%s", $9 != "0" ? "n" : $10 != "" && $10 != "0" ? "b" : "y" }' "$dir/out")
	[ "$found" = "$2" ] && return
	echo "# $1: $found, not $2"
	sed -n "/,$1,/s/^/# /p" "$dir/out"
	return 1
}

says() {
	grep -qF -e "$1" "$dir/out" && return
	sed 's/^/# /' "$dir/out"
	return 1
}

complains() {
	grep -qF -e "$1" "$dir/err" && return
	sed 's/^/# /' "$dir/err"
	return 1
}

look --format csv
if [ "$status" -eq 3 ]; then
	echo '1..0 # SKIP no stage can be built here'
	exit 0
fi
test_that 'every cell is as the rules say' ends 0
test_that 'there are 96 cells of TCP' [ "$(wc -l <"$dir/out")" -eq 97 ]
# Nobody / SO_REUSEADDR / SO_REUSEPORT / both, the first socket down, the second across.
test_that 'a bound socket' cells BOUND nnnnnynynnyynyyy
test_that 'a listener: SO_REUSEADDR never helps' cells LISTEN nnnnnnnnnnyynnyy
for state in ESTABLISHED CLOSE_WAIT FIN_WAIT2 TIME_WAIT; do
	test_that "$state: as a bound socket" cells $state nnnnnynynnyynyyy
done
# After a refused bind listen would get a random port, and succeed.
test_that 'listen is called only where bind succeeded' \
	[ "$(awk -F, 'NR > 1 && ($9 == "0") != ($10 != "")' "$dir/out" | wc -l)" -eq 0 ]
test_that 'no cell is marked' [ "$(grep -c ',1,[01]$' "$dir/out")" -eq 0 ]

look --format csv 0.0.0.0 127.0.0.1
test_that 'the wildcard first' cells LISTEN nnnnnnnnnnyynnyy
look --format csv 127.0.0.1 127.0.0.2
test_that 'two addresses do not meet' cells LISTEN yyyyyyyyyyyyyyyy
look --format csv '[::]' 0.0.0.0
test_that '[::] takes in IPv4' cells BOUND nnnnnynynnyynyyy
look --format csv ::1 127.0.0.1
test_that '[::1] does not' cells BOUND yyyyyyyyyyyyyyyy
look --format csv udp 239.1.1.1
test_that 'UDP: 32 cells' [ "$(wc -l <"$dir/out")" -eq 33 ]
test_that 'UDP: a group' cells UNCONN nnnnnynynnyynyyy
look --format csv --users 2
if grep -q ',2,LISTEN,P,P,EADDRINUSE,' "$dir/out"; then
	test_that 'two users: SO_REUSEPORT does not help' cells BOUND nnnnnynynnnnnyny
	test_that 'two users: a record has no owner' cells TIME_WAIT nnnnnynynnyynyyy
	test_that 'two users: status' ends 0
else
	look --users 2
	test_that 'one uid: it says that it cannot' says '?: could not be run here'
fi

look
test_that 'as text' says 'TIME_WAIT    AP  no     yes    yes    yes'
test_that 'the kernel is named' says "$(uname -r | cut -c1-12)"
test_that 'no line has a blank at its end' not grep -q ' $' "$dir/out"
look --format md
test_that 'as Markdown' says '| `TIME_WAIT` A | no | yes | no | yes |'
look --format html
test_that 'as HTML' says '<tr><th>LISTEN P</th><td title="bind EADDRINUSE">no</td>'
look --format json
test_that 'as JSON' says '"why": "EADDRINUSE: '
look --json
test_that 'so does --json' says '"kernel": "'

look sctp
test_that 'no such protocol' ends 2
test_that 'no such protocol: why' complains 'it takes tcp or udp'
look 127.0.0.1:80
test_that 'a port is not asked for' ends 2
look 127.0.0.1 127.0.0.2 127.0.0.3
test_that 'a third address' ends 2
look 192.0.2.1
test_that 'an address that a stage has not' complains 'a stage does not have the address 192.0.2.1'
look 239.1.1.1
test_that 'TCP has no groups' complains 'groups are for udp'
look --format pdf
test_that 'no such format' complains 'matrix --format takes text, md, html, json or csv'
look --users 3
test_that 'three users' ends 2
screen_end
