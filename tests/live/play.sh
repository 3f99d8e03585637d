#!/bin/sh
# The playground from a pipe, against this kernel: results, sockets, mistakes, undo, and the lesson that it saves.

tutor=${REUSE_TUTOR:-./reuse-tutor}
case $tutor in /*) ;; *) tutor=$PWD/$tutor ;; esac
tree=${top_srcdir:-$(dirname "$0")/../..}
case $tree in /*) ;; *) tree=$PWD/$tree ;; esac
work=$(mktemp -d "${TMPDIR:-/tmp}/rt-play-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM PIPE
cd "$work" || exit 1
HOME=$work/home
REUSE_TUTOR_LESSONS=$tree/lessons
export HOME REUSE_TUTOR_LESSONS
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME
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

# play STATUS [OPERAND...]: standard input runs; what is said is kept in out and err, and shown.
play() {
	wanted=$1
	shift
	got=0
	timeout 60 "$tutor" play --plain "$@" >out 2>err || got=$?
	cat out err
	[ "$got" -eq "$wanted" ] || {
		echo "exit status $got instead of $wanted"
		return 1
	}
}

says() {
	grep -qF -e "$1" "${2:-out}" || {
		echo "not said: $1"
		return 1
	}
}

times() {
	[ "$(grep -cF -e "$2" out)" -eq "$1" ] || {
		echo "not $1 times: $2"
		return 1
	}
}

taken() {
	cat <<-'END'
		old: s = socket(AF_INET, SOCK_STREAM)
		old: bind(s, 127.0.0.1:8000)   # a remark
		# a line of its own

		old: listen(s, 8)
		new: n = socket(AF_INET, SOCK_STREAM)
		new: bind(n, 127.0.0.1:8000)
	END
}

results() {
	taken | play 0 && says 'new: bind(n, 127.0.0.1:8000)  = -1 EADDRINUSE (98, Address already in use)' &&
		says 'old.s: tcp BOUND -> LISTEN, local 127.0.0.1:8000, owner old' && [ ! -s err ]
}

sockets_once() {
	# The last call changes nothing, so the table is not written again.
	taken | play 0 && [ "$(tail -n 1 out | cut -c 1-9)" = 'new: bind' ]
}

mistakes() {
	printf '%s\n' 'old: s = socket(AF_INET, SOCK_STREAM)' 'old: bind(x, 127.0.0.1:1)' 'old: bnid(s, 127.0.0.1:1)' \
		'old: bind(s, 127.0.0.1:8000)' | play 4 && says '-:2:11: old has no descriptor "x"' err &&
		says '              ^' err && says '-:3:6: ' err && says 'did you mean "bind"?' err &&
		says 'old: bind(s, 127.0.0.1:8000)  = 0' && says '2 lines of the input' err
}

undo() {
	{
		taken
		printf '%s\n' undo undo 'new: m = socket(AF_INET, SOCK_DGRAM)' redo
	} | play 0 && times 2 'On a fresh stage' && says 'There is nothing to redo.' && says 'new: m = ' &&
		times 1 'EADDRINUSE'
}

why() {
	{
		taken
		echo why
	} | play 0 && says 'old.s' && says 'Source: ' && says 'SO_REUSEADDR'
	echo why | play 0 && says 'No bind, listen or connect has run'
}

saved() {
	rm -f mine.md
	{
		taken
		printf '%s\n' 'old: k = accept(s)' 'c: c = socket(AF_INET, SOCK_STREAM)' 'c: connect(c, 127.0.0.1:8000)' \
			'c: a = getsockname(c)' 'c: send(c, "hello")' fresh 'old: u = socket(AF_INET, SOCK_DGRAM)' 'save mine'
	} | play 0 && says 'Made mine.md' && says 'resumed: ' && "$tutor" check mine.md &&
		says '= EADDRINUSE' mine.md && says '= 127.0.0.1:*' mine.md && says '= blocks' mine.md
}

saved_twice() {
	cp mine.md before
	{
		taken
		echo save mine
	} | play 1 && says 'it was not touched' err && cmp mine.md before
}

saved_badly() {
	echo 'save Not/An/Id' | play 2 && says 'cannot be the id of a lesson' err
	{
		echo 'old: s = socket(AF_INET, SOCK_STREAM)'
		echo save
	} | play 2 && says 'cannot be the id' err
}

lesson() {
	play 0 time-wait </dev/null && says 'new: bind(n, 127.0.0.1:8000)  = -1 EADDRINUSE' &&
		says 'the record was ended instead of waiting' && ! grep -q '= $' out
}

file_of_lines() {
	taken >lines
	echo 'new: listen(n, 8)' | play 0 lines && says 'EADDRINUSE' && says 'new: listen(n, 8)  = 0'
	{
		taken
		echo 'bind(n)'
	} >lines
	play 4 lines </dev/null && says 'lines:8:1: bind is made by a process' err
}

saved_file_loads() {
	play 0 mine.md </dev/null && says '= 127.0.0.1:' && says 'old: u = socket'
}

no_such() {
	play 2 time-wiat </dev/null && says 'did you mean "time-wait"' err
	play 4 ./nothing.md </dev/null && says 'nothing.md' err
}

blocks() {
	printf '%s\n' 'a: s = socket(AF_INET, SOCK_DGRAM)' 'a: bind(s, 127.0.0.1:9)' 'a: recv(s)' | play 0 &&
		says 'a: recv(s)  = blocks'
}

# The stage does not have the limits of the machine, but those of a lesson.
limits() {
	{
		echo 'a: s = socket(AF_INET, SOCK_STREAM)'
		yes 'a: 1000 x getsockopt(s, SO_REUSEADDR)' | head -n 12
	} | play 4 && says 'a script makes at most 10000 calls' err && times 9 '1000 x 0'
	head -c 100000 /dev/zero | tr '\0' x | play 4 && says 'a line has at most' err
	printf 'a: s = socket(AF_INET, \000SOCK_STREAM)\n\377\033[31m\n' | play 4 && says '-:2:' err && not_raw
}

endless() {
	yes | play 4 && [ "$(grep -c '^-:' err)" -eq 50 ] && yes '' | play 4 && says 'at most 4000 lines' err
}

not_raw() {
	! grep -q "$(printf '\033')" err
}

progress_stays() {
	taken | play 0 && [ ! -e "$HOME" ]
}

works() {
	echo 'a: s = socket(AF_INET, SOCK_STREAM)' | "$tutor" play --plain >/dev/null 2>&1
}

if ! works; then
	echo '1..0 # SKIP no stage can be built here'
	exit 0
fi
test_that 'each line says what the kernel said' results
test_that 'the sockets are written where they have changed' sockets_once
test_that 'a line that is no script is named with its place, and the others run' mistakes
test_that 'undo and redo run the tape on a fresh stage' undo
test_that 'why explains the last call' why
test_that 'what it saves is a lesson that passes check' saved
test_that 'a file that is there is not touched' saved_twice
test_that 'what is no id is refused' saved_badly
test_that 'a lesson can be loaded' lesson
test_that 'so can a file of lines, and one with a mistake is named' file_of_lines
test_that 'so can what was saved' saved_file_loads
test_that 'what is not there is said' no_such
test_that 'a call that blocks does not hold up the end' blocks
test_that 'the limits of a lesson hold' limits
test_that 'input without an end is left' endless
test_that 'no progress is kept' progress_stays
echo "1..$n"
