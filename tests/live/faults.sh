#!/bin/sh
# What goes wrong must end in a clear sentence and the right exit status, with nothing lost and nothing left: lessons of a
# stranger, processes that die, a machine that refuses.

tutor=${REUSE_TUTOR:-./reuse-tutor}
case $tutor in
/*) ;;
*) tutor=$PWD/$tutor ;;
esac
work=$(mktemp -d "${TMPDIR:-/tmp}/rt-faults-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM PIPE
cd "$work" || exit 1
n=0
esc=$(printf '\033')
XDG_STATE_HOME=$work/state
export XDG_STATE_HOME
unset XDG_RUNTIME_DIR

# test_that NAME FUNCTION: what it printed is shown where it failed; status 77 is a skip with its last line.
test_that() {
	n=$((n + 1))
	"$2" >"$work/log" 2>&1
	case $? in
	0) echo "ok $n - $1" ;;
	77) echo "ok $n - $1 # SKIP $(tail -n 1 "$work/log")" ;;
	*)
		echo "not ok $n - $1"
		sed 's/^/# /' "$work/log"
		;;
	esac
}

# status WANTED COMMAND...: runs it for a minute at most; its output is in the file out.
status() {
	wanted=$1
	shift
	got=0
	timeout 60 "$@" >out 2>&1 </dev/null || got=$?
	cat out
	[ "$got" -eq "$wanted" ] || {
		echo "exit status $got instead of $wanted"
		return 1
	}
}

says() {
	grep -q -F -- "$1" out || {
		echo "does not say: $1"
		return 1
	}
}

# lesson NAME: a lesson whose one step ends with what stands on standard input.
lesson() {
	{
		printf -- '---\nid: %s\ntitle: T\nminutes: 1\nquestion: Q\nbelief: B\n---\n\n' "$1"
		printf '## One\n<!-- step: one -->\n<!-- note: n -->\n\nText.\n\n'
		cat
	} >"$1.md"
}

fence='```'

unknown_call() {
	printf '%slab\na: s = socket(AF_INET, SOCK_STREAM)\na: bnid(s, 127.0.0.1:8000)\n%s\n' "$fence" "$fence" | lesson x
	status 4 "$tutor" check x.md && says 'x.md:17:4:' && says 'did you mean "bind"?' && says '   ^'
}

missing_step() {
	printf '## Two\n\nNo comment names this step.\n' | lesson x
	status 4 "$tutor" check x.md && says 'x.md:15:1:'
}

bad_address() {
	printf '%slab\na: s = socket(AF_INET, SOCK_STREAM)\na: bind(s, 127.0.0.1:port)\n%s\n' "$fence" "$fence" | lesson x
	status 4 "$tutor" check x.md && says '127.0.0.1:port' && says 'addresses look like'
}

nul_byte() {
	printf 'a\0b\n' | lesson x
	status 4 "$tutor" check x.md && says 'x.md:15:2:'
}

too_large() {
	dd if=/dev/zero bs=1024 count=10240 2>/dev/null | tr '\0' 'a' | lesson x
	status 4 "$tutor" check x.md && says '1048576'
}

many_lines() {
	{
		printf '%slab\n' "$fence"
		yes 'a: x()' | head -n 100000
	} | lesson x
	status 4 "$tutor" check x.md && says 'x.md'
}

escapes() {
	lesson x <<END
A red ${esc}[31m word and ${esc}]0;title${esc}\\ more.

${fence}lab
a: s = socket(AF_INET, SOCK_DGRAM)
a: bind(s, 127.0.0.1:8000)
a: sendto(s, "\\x1b[31m${esc}[2J", 127.0.0.1:8000)
a: recv(s) = "other"
$fence
END
	status 1 "$tutor" check x.md || return
	if grep -q "$esc" out; then
		echo 'an escape byte came through'
		return 1
	fi
	says '\033[31m\033[2J' || says '\x1b[31m'
}

escapes_read() {
	mkdir -p lessons && lesson x <<END
A red ${esc}[31m word.
END
	mv x.md lessons/
	status 0 env REUSE_TUTOR_LESSONS="$work/lessons" "$tutor" run x --plain --auto || return
	says 'A red'
	if grep -q "$esc" out; then
		echo 'an escape byte came through'
		return 1
	fi
}

unknown_lesson() {
	status 2 "$tutor" run timewait && says 'did you mean "time-wait"?'
}

too_many_processes() {
	{
		printf '%slab\np0: s = socket(AF_INET, SOCK_STREAM)\n' "$fence"
		i=0
		while [ $i -lt 40 ]; do
			echo "p$i: p$((i + 1)) = fork()"
			i=$((i + 1))
		done
		echo "$fence"
	} | lesson x
	status 4 "$tutor" check x.md && says 'processes'
}

too_many_sockets() {
	{
		printf '%slab\n' "$fence"
		i=0
		while [ $i -lt 600 ]; do
			echo "p: s$i = socket(AF_INET, SOCK_STREAM)"
			i=$((i + 1))
		done
		echo "$fence"
	} | lesson x
	status 4 "$tutor" check x.md && says 'descriptors'
}

too_many_waits() {
	{
		printf '%slab\np: s = socket(AF_INET, SOCK_STREAM)\n' "$fence"
		i=0
		while [ $i -lt 21 ]; do
			echo 'wait(tcp 127.0.0.1:80 LISTEN)'
			i=$((i + 1))
		done
		echo "$fence"
	} | lesson x
	status 4 "$tutor" check x.md && says 'x.md:37:' && says 'a lesson waits at most 20 times'
}

a_file_to_run() {
	status 2 "$tutor" run ./x.md && says 'REUSE_TUTOR_LESSONS'
}

# --- what dies while a lesson runs ---------------------------------------------------------------

held_lesson() {
	mkdir -p lessons && lesson held <<END
${fence}lab
a: s = socket(AF_INET, SOCK_STREAM)
a: bind(s, 127.0.0.1:8000)
a: listen(s)
a: k = accept(s) = blocks
b: c = socket(AF_INET, SOCK_STREAM)
b: connect(c, 127.0.0.1:8000)    @in
a: close(s)
$fence

${fence}predict in
ask What does connect() return?
choice 0: it succeeds
why w
choice ECONNREFUSED: nobody listens
why w
$fence
END
	mv held.md lessons/
}

# Between two looks at a state: twenty a second, each loop bounded.
tick() {
	sleep 0.05
}

# wait_for TEXT: until the tutor's output has it, at most 20 s.
wait_for() {
	tries=0
	until grep -q -F -- "$1" told; do
		tries=$((tries + 1))
		[ $tries -lt 400 ] || {
			cat told
			echo "never said: $1"
			return 1
		}
		kill -0 "$pid" 2>/dev/null || {
			cat told
			echo "ended before it said: $1"
			return 1
		}
		tick
	done
}

children() {
	cat "/proc/$1/task/$1/children" 2>/dev/null
}

hold() {
	held_lesson
	if [ "$("$tutor" check lessons/held.md >/dev/null 2>&1; echo $?)" -eq 77 ]; then
		echo 'no stage can be built here'
		return 77
	fi
	rm -f answers && mkfifo answers || return 1
	: >told # else what the one before wrote is found there
	REUSE_TUTOR_LESSONS=$work/lessons "$tutor" run held --plain <answers >told 2>&1 &
	pid=$!
	exec 3>answers
	wait_for 'Answer 1-3'
}

# let_go ANSWER WANTED: answers and waits for the end.
let_go() {
	echo "$1" >&3
	exec 3>&-
	got=0
	wait "$pid" || got=$?
	cat told
	[ "$got" -eq "$2" ] || {
		echo "exit status $got instead of $2"
		return 1
	}
	cp told out
}

# until_dead PID: until it is gone, or a zombie that its parent has not reaped; at most 10 s.
until_dead() {
	tries=0
	while grep -q '^State:[[:space:]]*[RSDTtI]' "/proc/$1/status" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || {
			echo "process $1 is still there"
			return 1
		}
		tick
	done
}

actor_killed() {
	hold || return
	init=$(children "$pid")
	for actor in $(children "${init%% *}"); do
		# The one that sits in accept(s): its call's first argument is descriptor 3.
		case $(cut -d ' ' -f 2 "/proc/$actor/syscall" 2>/dev/null) in
		0x3) kill -9 "$actor" && killed=$actor ;;
		esac
	done
	[ -n "${killed:-}" ] || {
		echo 'no process sits in accept()'
		exec 3>&-
		return 1
	}
	until_dead "$killed" && let_go 2 0 && says 'ECONNREFUSED' && says 'the process a has ended'
}

init_killed() {
	hold || return
	init=$(children "$pid" | cut -d ' ' -f 1)
	kill -9 "$init"
	until_dead "$init" && let_go 1 3 && says 'the stage has ended'
}

nothing_left() {
	hold || return
	init=$(children "$pid" | cut -d ' ' -f 1)
	kill -9 "$pid"
	exec 3>&-
	wait "$pid" 2>/dev/null
	until_dead "$init"
}

sysctl_read_only() {
	if [ "$(id -u)" -ne 0 ] || ! unshare -m true 2>/dev/null; then
		echo 'a read-only /proc/sys can only be made by root'
		return 77
	fi
	printf '%slab\nsysctl(net.ipv4.tcp_timestamps, 0)\n%s\n' "$fence" "$fence" | lesson x
	# shellcheck disable=SC2016 # the inner shell's
	status 1 unshare -m sh -c 'mount --bind -o ro /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys &&
		exec "$0" check x.md' "$tutor" && says 'EROFS'
}

# --- what is closed, full or short ----------------------------------------------------------------

no_stage_here() {
	held_lesson
	if [ "$("$tutor" check lessons/held.md >/dev/null 2>&1; echo $?)" -eq 77 ]; then
		echo 'no stage can be built here'
		return 0
	fi
	return 1
}

# Files that the program opens must not take the place of what is closed.
# shellcheck disable=SC2016 # the inner shell's
closed_input() {
	no_stage_here && return 77
	status 5 sh -c 'REUSE_TUTOR_LESSONS=lessons exec "$0" run held --plain <&-' "$tutor"
}

# shellcheck disable=SC2016 # the inner shell's
closed_output() {
	no_stage_here && return 77
	status 1 sh -c 'REUSE_TUTOR_LESSONS=lessons exec "$0" run held --plain --auto >&-' "$tutor" &&
		says 'cannot write to standard output' && status 1 sh -c 'exec "$0" list >&-' "$tutor"
}

# shellcheck disable=SC2016 # the inner shell's
full_output() {
	no_stage_here && return 77
	# What was written in between was lost too, not the last word alone.
	status 1 sh -c 'echo "a: s = socket(AF_INET, SOCK_STREAM)" | "$0" play --plain >/dev/full' "$tutor" &&
		says 'cannot write to standard output'
}

# shellcheck disable=SC2016 # the inner shell's
no_file_may_grow() {
	no_stage_here && return 77
	status 0 sh -c '(ulimit -f 0; REUSE_TUTOR_LESSONS=lessons "$0" run held --plain --auto; echo "ended with $?") |
		cat' "$tutor" && says 'ended with 0'
}

# shellcheck disable=SC2016 # the inner shell's
escapes_in_answers() {
	no_stage_here && return 77
	printf '\033[31m\n\2332J\n1\n' >keys
	status 0 sh -c 'REUSE_TUTOR_LESSONS=lessons exec "$0" run held --answers keys' "$tutor" && says 'is none of 1 to' &&
		! grep -q "$esc" out && ! LC_ALL=C grep -q "$(printf '\233')" out
}

# shellcheck disable=SC2016 # the inner shell's
deep_list() {
	no_stage_here && return 77
	{
		printf '%20000s' '' | sed 's/ /- /g'
		echo deep
	} | lesson deep
	mv deep.md lessons/
	status 0 sh -c 'REUSE_TUTOR_LESSONS=lessons exec "$0" run deep --plain --auto' "$tutor" >/dev/null &&
		[ "$(wc -c <out)" -lt 2000000 ]
}

test_that 'an unknown call is named, with what was meant' unknown_call
test_that 'a step without a name is a mistake' missing_step
test_that 'a bad address is shown with how one looks' bad_address
test_that 'a NUL byte has its line and column' nul_byte
test_that 'ten MiB are refused by size' too_large
test_that 'a hundred thousand lines end soon' many_lines
test_that 'escape sequences of a lesson do not reach the report' escapes
test_that 'escape sequences of prose do not reach the terminal' escapes_read
test_that 'an unknown lesson is named, with what was meant' unknown_lesson
test_that 'a lesson cannot have processes without end' too_many_processes
test_that 'nor sockets' too_many_sockets
test_that 'nor waits' too_many_waits
test_that 'who hands a file to run is told what it takes' a_file_to_run
test_that 'a process killed in the middle of a call is told' actor_killed
test_that 'a stage that is killed is told, with status 3' init_killed
test_that 'a killed tutor leaves no stage' nothing_left
test_that 'a read-only /proc/sys is told' sysctl_read_only
test_that 'a closed standard input has an end' closed_input
test_that 'a closed standard output is told' closed_output
test_that 'a full one too' full_output
test_that 'where no file may grow a lesson is run' no_file_may_grow
test_that 'escape sequences of answers do not reach the terminal' escapes_in_answers
test_that 'a list of twenty thousand levels has an end' deep_list
echo "1..$n"
