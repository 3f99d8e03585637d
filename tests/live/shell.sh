#!/bin/sh
# `reuse-tutor shell`: finds the stage of a tutor that runs elsewhere, is in it, and gains nothing outside of it. As whoever
# runs the tests and, where that is root, as an ordinary user too.
# shellcheck disable=SC2016 # $ is for the inner shell

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/../screen/lib.sh"

dir=$(mktemp -d "${TMPDIR:-/tmp}/rt-shell.XXXXXX") || exit 1
tutors=
clean() {
	for tutor in $tutors; do
		kill -9 "$tutor" 2>/dev/null
	done
	rm -rf "$dir"
}
trap clean EXIT
trap 'exit 1' HUP INT TERM
chmod 755 "$dir"
mkdir "$dir/bin" "$dir/lessons"
# A copy that an ordinary user can reach.
cp "${REUSE_TUTOR:-./reuse-tutor}" "$dir/bin/reuse-tutor" || exit 1
reuse_tutor=$dir/bin/reuse-tutor
REUSE_TUTOR_LESSONS=$dir/lessons
HOME=$dir
export REUSE_TUTOR_LESSONS HOME

# Stands at a question while a socket listens, and at another on a second stage.
cat >"$dir/lessons/listener.md" <<'END'
---
id: listener
title: "A listener"
minutes: 1
question: "Who listens?"
belief: "Nobody."
---

## First
<!-- step: first -->
<!-- note: None. -->

A server.

```lab
a: s = socket(AF_INET, SOCK_STREAM)
a: bind(s, 127.0.0.1:8000)
a: listen(s, 8)
b: s = socket(AF_INET, SOCK_STREAM)
b: bind(s, 127.0.0.1:8000) = EADDRINUSE @one
```

```predict one
ask What does `bind` of `b` return?
choice 0: it succeeds
why No.
choice EADDRINUSE: in use
why Yes.
```

## Second
<!-- step: second -->
<!-- note: None. -->

Another one.

```lab fresh
a: s = socket(AF_INET, SOCK_STREAM)
a: bind(s, 127.0.0.1:9000)
a: listen(s, 8)
b: s = socket(AF_INET, SOCK_STREAM)
b: bind(s, 127.0.0.1:9000) = EADDRINUSE @two
```

```predict two
ask What does `bind` of `b` return?
choice 0: it succeeds
why No.
choice EADDRINUSE: in use
why Yes.
```
END
sed -e 's/^id: listener/id: other/' -e 's/A listener/B listener/' "$dir/lessons/listener.md" >"$dir/lessons/other.md"

reason=$("$reuse_tutor" check "$dir/lessons/listener.md" 2>&1)
if [ $? -eq 77 ]; then
	echo "1..0 # SKIP $(echo "$reason" | head -n 1)"
	exit 0
fi

# tutor NAME LESSON: starts one that waits for an answer in the file NAME.in; its pid is $tutor.
tutor() {
	mkfifo "$place/$1.in" && chmod 666 "$place/$1.in"
	$as "$reuse_tutor" run "$2" --plain <"$place/$1.in" >"$place/$1.out" 2>&1 &
	tutor=$!
	tutors="$tutors $tutor"
}

# Whether its screen shows the question.
asks() {
	grep -q '^Answer 1-3' "$place/$1.out"
}

shell() {
	$as "$reuse_tutor" shell "$@" </dev/null >"$place/out" 2>"$place/err"
	status=$?
}

# gives STATUS WORDS...: the shell ends so; says WORD: in its output; explains WORD: in its errors.
gives() {
	wanted=$1
	shift
	shell "$@"
	[ "$status" -eq "$wanted" ] && return
	echo "# status $status, not $wanted"
	sed 's/^/# |/' "$place/out" "$place/err"
	return 1
}

says() {
	grep -q -e "$1" "$place/out" && return
	sed 's/^/# |/' "$place/out" "$place/err"
	return 1
}

explains() {
	grep -q -e "$1" "$place/err" && return
	sed 's/^/# |/' "$place/err"
	return 1
}

# Port 8000 and 9000 as /proc/net/tcp writes them, listening (0A).
listens_8000='0100007F:1F40 00000000:0000 0A'
listens_9000='0100007F:2328 00000000:0000 0A'

sees() {
	wanted=$1
	shift
	shell "$@" cat /proc/net/tcp
	grep -q "$wanted" "$place/out"
}

modes_are() {
	[ "$(stat -c %a "$runtime/reuse-tutor")" = 700 ] && [ "$(stat -c %a "$runtime/reuse-tutor/stage.$1")" = 600 ]
}

no_file() {
	[ -z "$(ls "$runtime/reuse-tutor")" ]
}

has_ended() {
	! kill -0 "$1" 2>/dev/null
}

# The first process of the stage of the tutor $1.
init_of() {
	sed -n 's/^init //p' "$runtime/reuse-tutor/stage.$1"
}

scene() {
	as=$1
	who=$2
	place=$dir/$3
	mkdir "$place"
	chmod 777 "$place"
	runtime=$place/runtime
	$as mkdir -m 700 "$runtime"
	XDG_RUNTIME_DIR=$runtime
	export XDG_RUNTIME_DIR

	test_that "$who: without a tutor there is no shell" gives 3 true
	test_that "$who: and the reason is told" explains 'no tutor of yours has a stage; open a lesson'

	tutor one listener
	first=$tutor
	exec 8>"$place/one.in"
	test_that "$who: the tutor asks" until_true asks one
	test_that "$who: a command is in its stage" sees "$listens_8000"
	if command -v ss >/dev/null; then
		test_that "$who: ss with options of its own" gives 0 ss -H -t -l -n
		test_that "$who: shows the listener" says '127.0.0.1:8000'
	fi
	test_that "$who: folder and file are the user's alone" modes_are "$first"
	test_that "$who: the status is that of the command" gives 7 sh -c 'exit 7'
	test_that "$who: no such command" gives 127 "$dir/none"
	test_that "$who: and that is told" explains 'cannot run .*ENOENT'
	test_that "$who: uid 0 there" gives 0 -- sh -c 'test "$(id -u)" = 0 && test ! -w /proc/sys/kernel/panic'
	test_that "$who: a shell reads commands" sh -c "echo 'cat /proc/net/tcp; exit 5' |
		$as '$reuse_tutor' shell >'$place/out' 2>'$place/err'; test \$? -eq 5"
	test_that "$who: and says where it is" says 'You are in the stage of the lesson listener'
	test_that "$who: with its sockets" says "$listens_8000"
	test_that "$who: by its pid" gives 0 --pid="$first" true
	test_that "$who: not by that of another" gives 3 --pid 1 true

	echo 2 >&8
	test_that "$who: the stage that replaced it is found" until_true sees "$listens_9000"
	test_that "$who: and it is another" not sees "$listens_8000"

	tutor two other
	second=$tutor
	exec 9>"$place/two.in"
	test_that "$who: a second tutor asks" until_true asks two
	test_that "$who: of two the newest is taken" sees "$listens_8000"
	test_that "$who: both are named" explains "pid=$first  listener"
	test_that "$who: and which it is" explains "the newest, $second"
	test_that "$who: the other by its pid" gives 0 --pid "$first" cat /proc/net/tcp
	test_that "$who: is the other" says "$listens_9000"

	kill -9 "$(init_of "$second")"
	test_that "$who: a stage whose init was killed is passed over" until_true sees "$listens_9000"
	test_that "$who: and asked for, it is refused" gives 3 --pid "$second" true
	kill -9 "$second"
	test_that "$who: a tutor that was killed" until_true has_ended "$second"
	test_that "$who: is no choice" gives 3 --pid "$second" true
	test_that "$who: its file is taken away" test ! -e "$runtime/reuse-tutor/stage.$second"
	echo q >&8
	test_that "$who: a tutor that ends" until_true has_ended "$first"
	test_that "$who: takes its file along" no_file
	exec 8>&- 9>&-

	# A folder that others can write to, or that is a link, is neither read nor written.
	$as rm -rf "$runtime/reuse-tutor"
	$as mkdir -m 700 "$place/trap"
	$as ln -s "$place/trap" "$runtime/reuse-tutor"
	printf 'reuse-tutor stage 1\ntutor 1\ninit 1\nlesson x\n' >"$place/trap/stage.1"
	chmod 666 "$place/trap/stage.1"
	tutor three listener
	exec 8>"$place/three.in"
	test_that "$who: a third tutor asks" until_true asks three
	test_that "$who: beside a link it is found elsewhere" sees "$listens_8000" --pid "$tutor"
	test_that "$who: nothing was written through the link" test "$(ls "$place/trap")" = stage.1
	echo q >&8
	exec 8>&-
	test_that "$who: the third ends" until_true has_ended "$tutor"
}

scene '' here own
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null &&
	setpriv --reuid=65534 --regid=65534 --clear-groups "$reuse_tutor" list >/dev/null 2>&1; then
	as='setpriv --reuid=65534 --regid=65534 --clear-groups'
	if $as "$reuse_tutor" check "$dir/lessons/listener.md" >/dev/null 2>&1; then
		scene "$as" 'an ordinary user' other
	fi
fi
screen_end
