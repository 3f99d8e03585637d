#!/bin/sh
# Progress with the real program: two copies at once, deaths in the middle, disks that are full. Prints TAP.

program=${REUSE_TUTOR:-./reuse-tutor}
kills=50
n=0
failed=0

dir=$(mktemp -d "${TMPDIR:-/tmp}/rt-progress.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
HOME=$dir/home
export HOME
unset XDG_STATE_HOME
mkdir "$HOME"
state=$HOME/.local/state/reuse-tutor
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do echo 1; done >"$dir/answers"

# test_that DESCRIPTION COMMAND...
test_that() {
	what=$1
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $what"
	else
		failed=$((failed + 1))
		echo "not ok $n - $what"
		sed 's/^/# stdout: /' "$dir/out" 2>/dev/null | tail -n 5
		sed 's/^/# stderr: /' "$dir/err" 2>/dev/null
	fi
}

skip_that() {
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# tutor STATUS ARGUMENT...: its output in $dir/out and $dir/err; true where it ends with that status.
tutor() {
	wanted=$1
	shift
	"$program" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	[ $? -eq "$wanted" ]
}

# takes LESSON: to its end, with a file of answers, and without a word on stderr.
takes() {
	tutor 0 run "$1" --answers "$dir/answers" && [ ! -s "$dir/err" ]
}

# shows EXPRESSION...: each stands in a line of what `progress` prints.
shows() {
	tutor 0 progress || return 1
	for expression; do
		grep -q -e "$expression" "$dir/out" || return 1
	done
}

out_has() {
	grep -q -e "$1" "$dir/out"
}

err_has() {
	grep -q -e "$1" "$dir/err"
}

# The messages of `run` about progress: there is one, and it names this.
tells_once() {
	[ "$(grep -c 'your progress' "$dir/err")" -eq 1 ] && err_has "$1"
}

fresh() {
	rm -rf "$state"
}

"$program" run per-ip --auto >"$dir/out" 2>"$dir/err" </dev/null
if [ $? -eq 3 ]; then
	echo "1..0 # SKIP $(tail -n 1 "$dir/err")"
	exit 0
fi
test_that 'a stage can be built' [ ! -s "$dir/err" ]
test_that '--auto keeps nothing' [ ! -e "$HOME/.local" ]
test_that 'before the first lesson all are new' shows '^per-ip  *new  *-  *-$'

# --- one copy -------------------------------------------------------------------------------------

begin=$(date +%s%N)
test_that 'a lesson is taken to its end' takes per-ip
run_ms=$((($(date +%s%N) - begin) / 1000000))
test_that 'it is done then' shows '^per-ip  *done  *[0-9] of [0-9]'
test_that 'the file is for its owner alone' [ "$(stat -c %a "$state/progress.json")" = 600 ]
test_that 'the machine form says the same' tutor 0 progress --json
test_that 'its answers have a label, a pattern and the verdict of the kernel' grep -q '"right": \(true\|false\)' "$dir/out"
printf '1\n-\nq\n' >"$dir/some"
test_that 'a lesson is left with q' tutor 0 run time-wait --answers "$dir/some"
test_that 'its step is kept, and the other lesson too' shows '^time-wait  *[0-9] of [0-9]' '^per-ip  *done'
cp "$state/progress.json" "$dir/before"

test_that 'reset of a lesson that there is not suggests one' tutor 2 reset timewait
test_that 'the suggestion is the lesson' err_has 'did you mean "time-wait"'
test_that 'reset without a lesson is refused' tutor 2 reset
test_that 'nothing was forgotten' cmp -s "$state/progress.json" "$dir/before"
test_that 'reset forgets one lesson' tutor 0 reset time-wait
test_that 'and says what' out_has '^time-wait: step [0-9]* of [0-9]*, [0-9]* answers*$'
test_that 'the other one stays' shows '^time-wait  *new' '^per-ip  *done'
test_that 'reset --all forgets every lesson' tutor 0 reset --all
test_that 'and says so' out_has '^per-ip: done, '
test_that 'nothing is left' shows '^time-wait  *new' '^per-ip  *new'
test_that 'a second reset has nothing to do' tutor 0 reset --all
test_that 'and says that' out_has 'nothing to forget'

# --- two copies -----------------------------------------------------------------------------------

# Both at once, and a third that forgets: each of the two must be done afterwards.
both_at_once() {
	fresh
	"$program" run per-ip --answers "$dir/answers" >/dev/null 2>"$dir/err" </dev/null &
	first=$!
	"$program" run one-port --answers "$dir/answers" >/dev/null 2>>"$dir/err" </dev/null &
	second=$!
	"$program" reset time-wait >/dev/null 2>>"$dir/err"
	wait "$first" && wait "$second" && [ ! -s "$dir/err" ] && shows '^per-ip  *done' '^one-port  *done'
}
for i in 1 2 3; do
	test_that "two copies at once lose nothing, $i" both_at_once
done

# --- death ----------------------------------------------------------------------------------------

# A number below $1.
random() {
	echo $(($(od -An -N4 -tu4 /dev/urandom) % $1))
}

# The file is there or not, but whole, and nothing was set aside.
is_whole() {
	tutor 0 progress --json && [ ! -s "$dir/err" ] && [ -z "$(find "$state" -name '*damaged*' 2>/dev/null)" ]
}

killed_in_the_middle() {
	i=0
	kept=0
	while [ "$i" -lt "$kills" ]; do
		i=$((i + 1))
		"$program" run per-ip --answers "$dir/answers" >/dev/null 2>&1 </dev/null &
		victim=$!
		sleep "$(printf '0.%03d' $(($(random "$run_ms") % 1000)))" # the moment of its death
		kill -9 "$victim" 2>/dev/null
		wait "$victim" 2>/dev/null
		is_whole || return 1
		[ ! -e "$state/progress.json" ] || kept=$((kept + 1))
		[ $((i % 10)) -ne 0 ] || fresh
	done
	echo "# $kills deaths, each within $run_ms ms; after $kept of them there was a file"
	[ "$kept" -gt 0 ]
}
fresh
test_that "the file is whole after each of $kills deaths" killed_in_the_middle
test_that 'and the next one works' takes per-ip

# --- files that are no use ------------------------------------------------------------------------

echo '{ "schema": 1, "lessons"' >"$state/progress.json"
test_that 'with a damaged file the lesson goes on' tutor 0 run per-ip --answers "$dir/answers"
test_that 'it is told once, with the name it is kept under' tells_once 'progress.json.damaged-'
test_that 'that file is what it was' [ "$(cat "$state"/progress.json.damaged-*)" = '{ "schema": 1, "lessons"' ]
test_that 'progress begins anew' shows '^per-ip  *done'

echo '{ "schema": 999 }' >"$state/progress.json"
test_that 'with a newer file the lesson goes on' tutor 0 run per-ip --answers "$dir/answers"
test_that 'it is told once, with the name it is kept under' tells_once 'progress.json.newer-'
test_that 'that file is what it was' [ "$(cat "$state"/progress.json.newer-*)" = '{ "schema": 999 }' ]
test_that 'progress begins anew' shows '^per-ip  *done'

rm "$state/progress.json"
ln -s progress.json "$state/progress.json"
test_that 'with a loop of links the lesson goes on' tutor 0 run per-ip --answers "$dir/answers"
test_that 'that is told once' tells_once ELOOP
fresh
: >"$state"
test_that 'with a file in the place of the folder too' tutor 0 run per-ip --answers "$dir/answers"
test_that 'this is told once' tells_once ENOTDIR
rm "$state"
HOME=$dir/nowhere
test_that 'without a home folder too' tutor 0 run per-ip --answers "$dir/answers"
test_that 'that there is none is told once' tells_once ENOENT
test_that 'none is made' [ ! -e "$dir/nowhere" ]
HOME=$dir/home

# --- disks that refuse ----------------------------------------------------------------------------

# Root needs no user namespace to mount, and in one of its own would be refused a stage: no stage has the machine's root.
private='unshare -rm'
[ "$(id -u)" -ne 0 ] || private='unshare -m'

# on_disk COMMANDS: mounts a small disk at $dir/disk in a namespace, does COMMANDS there, takes a lesson with it.
# shellcheck disable=SC2016,SC2086 # the inner shell expands; a word and its option
on_disk() {
	$private sh -c 'mount -t tmpfs -o size=8k none "$1/disk" && cd "$1/disk" && eval "$2" || exit 99
		cd / && XDG_STATE_HOME=$1/disk "$3" run per-ip --answers "$1/answers"' sh "$dir" "$1" "$program" \
		>"$dir/out" 2>"$dir/err" </dev/null
}
mkdir "$dir/disk"
# shellcheck disable=SC2086
if $private mount -t tmpfs none "$dir/disk" 2>/dev/null; then
	test_that 'with a full disk the lesson goes on' on_disk 'dd if=/dev/zero of=full 2>&1 | grep -q "No space"'
	test_that 'the full disk is told once' tells_once ENOSPC
	# bind: the mount alone. The options of the disk have uids that a user namespace may not know.
	test_that 'with a read-only disk it goes on' on_disk 'mount -o remount,bind,ro .'
	test_that 'the read-only disk is told once' tells_once EROFS
else
	skip_that 'a full disk and a read-only one' 'nothing can be mounted in a namespace here'
fi

echo "1..$n"
[ "$failed" -eq 0 ]
