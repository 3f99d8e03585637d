#!/bin/sh
# A lesson as plain text: what is said of every line, and in words that hold without a screen.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/../screen/lib.sh"

tutor=${REUSE_TUTOR:-./reuse-tutor}
dir=$(mktemp -d "${TMPDIR:-/tmp}/rt-plain.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
XDG_STATE_HOME=$dir/state
export XDG_STATE_HOME

# lesson: a lesson of one step from standard input.
lesson() {
	{
		printf -- '---\nid: one\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n\n## One\n<!-- step: one -->\n\n'
		cat
	} >"$dir/one.md"
}

# plain [FILE]: runs it, with the answers in a file, or without questions.
plain() {
	if [ $# -gt 0 ]; then
		set -- --answers "$1"
	else
		set -- --auto
	fi
	REUSE_TUTOR_LESSONS=$dir "$tutor" run one --plain "$@" >"$dir/out" 2>&1 </dev/null
	status=$?
	sed 's/^/# |/' "$dir/out"
	if [ "$status" -eq 3 ]; then
		echo '1..0 # SKIP no stage can be built here'
		exit 0
	fi
}

# says LINE: a line of the output is this one.
says() {
	grep -qxF -e "$1" "$dir/out"
}

# tells TEXT: somewhere, whatever the lines are broken at.
tells() {
	tr -s ' \n' ' ' <"$dir/out" | grep -qF -e "$1"
}

# follows LINE NEXT: the line NEXT stands below the line LINE.
follows() {
	grep -xF -A1 -e "$1" "$dir/out" | grep -qxF -e "$2"
}

lesson <<'END'
```lab
a: s = socket(AF_INET, SOCK_STREAM)
a: bind(s, 127.0.0.1:8000) = EADDRINUSE
a: listen(s, 8)
expect tcp 127.0.0.1:8000 LISTEN
expect no tcp 127.0.0.1:8000 LISTEN
expect 3 tcp 127.0.0.1:8000 LISTEN
```
END
plain
test_that 'a call that answers otherwise than the lesson says so' \
	follows 'a: bind(s, 127.0.0.1:8000)  = 0' '    [differs] the script expects: EADDRINUSE'
test_that 'one that answers as stated does not' not follows 'a: listen(s, 8)  = 0' '    [differs] the script expects: success'
test_that 'nor does a row that is there' \
	not follows 'expect tcp 127.0.0.1:8000 LISTEN  : 1 row' '    [differs] the script expects: such a row'
test_that 'a row that should not be there' \
	follows 'expect no tcp 127.0.0.1:8000 LISTEN  : 1 row' '    [differs] the script expects: no such row'
test_that 'another number of rows' \
	follows 'expect 3 tcp 127.0.0.1:8000 LISTEN  : 1 row' '    [differs] the script expects: 3 rows'

# Two stages in one step: the calls of the first have results, and its sockets are seen before they go.
lesson <<'END'
```lab fresh
a: s = socket(AF_INET, SOCK_STREAM)
a: bind(s, 127.0.0.1:8001)
```

Between the two.

```lab fresh
b: s = socket(AF_INET, SOCK_STREAM)
b: bind(s, 127.0.0.1:8002)
```
END
plain
test_that 'the signs of the sockets are explained, once' [ "$(grep -c '^Signs: A SO_REUSEADDR.* ~ remembered$' "$dir/out")" -eq 1 ]
test_that 'the calls of the first stage have results' says 'a: bind(s, 127.0.0.1:8001)  = 0'
test_that 'its sockets are shown' grep -q 'a\.s: .*local 127.0.0.1:8001' "$dir/out"
test_that 'so is the text behind it' says 'Between the two.'
test_that 'a line says that the stage is another' says '--- a fresh stage: no processes, no sockets ---'
test_that 'the calls of the second stage run too' says 'b: bind(s, 127.0.0.1:8002)  = 0'

# Who gets it: a question about the owner of a row. The kernel says it, whatever the line states.
for stated in b kernel; do
	lesson <<END
\`\`\`predict who
ask A client connects, and nobody accepts. Who holds the server's end?
choice owner a: the server
why W
choice owner kernel: nobody yet
why W
choice owner b+a: both
why W
\`\`\`
\`\`\`lab
a: s = socket(AF_INET, SOCK_STREAM)
a: bind(s, 127.0.0.1:8000)
a: listen(s, 8)
b: c = socket(AF_INET, SOCK_STREAM)
b: connect(c, 127.0.0.1:8000)
expect tcp 127.0.0.1:8000 -> 127.0.0.1:* ESTABLISHED owner $stated @who
\`\`\`
END
	echo 2 >"$dir/answers"
	plain "$dir/answers"
	test_that "owner: the choice is shown ($stated)" says '  2  owner kernel: nobody yet'
	if [ $stated = kernel ]; then
		test_that 'owner: the right one' says '[as you predicted]'
		echo 1 >"$dir/answers"
		plain "$dir/answers"
		test_that 'owner: another one' says '[differs from your prediction]'
		test_that 'owner: what the kernel says' tells 'The kernel says owner kernel.'
		test_that 'owner: exactly one choice is right' "$tutor" check "$dir/one.md"
	else
		test_that 'owner: a lesson that states another' says '[this kernel answers otherwise than the lesson'"'"'s author expected]'
		test_that 'owner: check says so' not "$tutor" check "$dir/one.md"
	fi
done

# Of two rows on one address the queue tells which is meant, the older one or the newer one.
for who in a b; do
	[ $who = a ] && late='' early='c: sendto(c, "m", 127.0.0.1:8000)'
	[ $who = b ] && late='c: sendto(c, "m", 127.0.0.1:8000)' early=''
	lesson <<END
\`\`\`predict who
ask Who has the datagram?
choice owner a: the first
why W
choice owner b: the second
why W
\`\`\`
\`\`\`lab
c: c = socket(AF_INET, SOCK_DGRAM)
a: s = socket(AF_INET, SOCK_DGRAM)
a: setsockopt(s, SO_REUSEADDR, 1)
a: bind(s, 127.0.0.1:8000)
$early
b: s = socket(AF_INET, SOCK_DGRAM)
b: setsockopt(s, SO_REUSEADDR, 1)
b: bind(s, 127.0.0.1:8000)
$late
expect udp 127.0.0.1:8000 owner $who queue 1..1000000 @who
\`\`\`
END
	test_that "owner: of the row with the queue ($who)" "$tutor" check "$dir/one.md"
	if [ $who = a ]; then echo 1; else echo 2; fi >"$dir/answers"
	plain "$dir/answers"
	test_that "owner: the right one of two rows ($who)" says '[as you predicted]'
done

screen_end
