# What a screen test needs: the program in a tmux server of its own, and questions about what stands on its screen. A test
# reads this file first, and prints TAP:
#
#	. "${0%/*}/lib.sh"
#	screen_begin
#	start 80x24 "$REUSE_TUTOR"
#	test_that 'the contents are shown' wait_text 'Contents'
#	keys q
#	test_that 'the terminal is given back' screen_is_restored
#	screen_end
#
# Nothing here sleeps for a fixed time: each wait looks until a state is there, at most $wait_s seconds.
# shellcheck shell=sh

LC_ALL=C.UTF-8
SHELL=/bin/sh
export LC_ALL SHELL
unset TMUX TMUX_PANE
# In a build with sanitizers: the program's own handlers of these signals are what a test looks at.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}handle_segv=0:handle_sigbus=0:handle_abort=0
export ASAN_OPTIONS

wait_s=${RT_WAIT_S:-10}
n_tests=0
n_failed=0
n_started=0

# Makes the folder of the test, $dir, and what must go with it; or skips the whole test where there is no tmux.
screen_begin() {
	if ! command -v tmux >/dev/null; then
		echo '1..0 # SKIP tmux is missing (Debian, Ubuntu: apt-get install tmux)'
		exit 0
	fi
	dir=$(mktemp -d "${TMPDIR:-/tmp}/rt-screen.XXXXXX") || exit 1
	trap screen_clean EXIT
	trap 'exit 1' HUP INT TERM
	mkdir "$dir/home" "$dir/bin"
	unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME XDG_RUNTIME_DIR NO_COLOR REUSE_TUTOR_PLAIN
	HOME=$dir/home
	export HOME
	# A copy in a folder of its own: its path tells the processes of this test from all others.
	if [ -n "${REUSE_TUTOR:-}" ] && [ -x "$REUSE_TUTOR" ]; then
		cp "$REUSE_TUTOR" "$dir/bin/reuse-tutor" || exit 1
		REUSE_TUTOR_LESSONS=${REUSE_TUTOR_LESSONS:-${top_srcdir:-.}/lessons}
		REUSE_TUTOR=$dir/bin/reuse-tutor
		export REUSE_TUTOR_LESSONS REUSE_TUTOR
	fi
}

# Skips the whole test, with the reason, where this machine allows no stage.
need_stage() {
	why=$("$REUSE_TUTOR" run per-ip --plain --auto 2>&1 >/dev/null </dev/null)
	if [ $? -eq 3 ]; then
		echo "1..0 # SKIP $why"
		exit 0
	fi
}

in_tmux() {
	tmux -S "$dir/socket.$n_started" -f /dev/null "$@"
}

screen_clean() {
	in_tmux kill-server 2>/dev/null
	for left in $(processes); do
		kill -9 "$left" 2>/dev/null
	done
	rm -rf "$dir"
}

# test_that DESCRIPTION COMMAND...: one test line; where it fails the screen follows as a comment.
test_that() {
	what=$1
	shift
	n_tests=$((n_tests + 1))
	if "$@"; then
		echo "ok $n_tests - $what"
		return
	fi
	n_failed=$((n_failed + 1))
	echo "not ok $n_tests - $what"
	echo "# failed: $*"
	capture 2>/dev/null | sed 's/^/# |/'
}

# not COMMAND...: true where the command fails.
not() {
	! "$@"
}

screen_end() {
	echo "1..$n_tests"
	[ "$n_failed" -eq 0 ] && [ "$n_tests" -gt 0 ]
	exit
}

# until_true COMMAND...: repeats it until it succeeds; fails after $wait_s seconds.
until_true() {
	tries=$((wait_s * 20))
	until "$@"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.05
	done
}

# start COLUMNSxROWS COMMAND [ARGUMENT...]: runs it in a fresh terminal of that size, as if typed into a shell. Ends what an
# earlier start left. Nobody was there before: the learner's progress begins anew with each start, or is in $state where a test
# sets it.
start() {
	size=$1
	shift
	in_tmux kill-server 2>/dev/null
	# A socket of its own: the old server may still be on its way out.
	n_started=$((n_started + 1))
	run=$dir/run.$n_started
	mkdir "$run"
	{
		echo "stty -g >'$run/before'; echo 'typed before $n_started'"
		printf '%s' "RT_SCREEN_TEST='$run' XDG_STATE_HOME='${state:-$run/state}' XDG_CONFIG_HOME='${config:-$run/config}' sh -c 'echo \$\$ >\"\$RT_SCREEN_TEST/pid\"; exec \"\$@\"' run"
		for word; do
			printf " '%s'" "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")"
		done
		echo
		# The status comes last and at once: who sees it can rely on the rest.
		echo "echo \$? >'$run/ended'; stty -g >'$run/after'; mv '$run/ended' '$run/status'; exec cat"
	} >"$run/script"
	if ! in_tmux new-session -d -x "${size%x*}" -y "${size#*x}" "exec sh '$run/script'" \; \
		set-option -g status off \; set-option -sg escape-time 0 ||
		! in_tmux resize-window -x "${size%x*}" -y "${size#*x}" || ! until_true test -s "$run/pid"; then
		echo "Bail out! cannot start in tmux: $*"
		exit 1
	fi
}

# What stands on the screen, as text; coloured: with the sequences that colour it.
capture() {
	in_tmux capture-pane -p
}

coloured() {
	in_tmux capture-pane -p -e
}

shows() {
	capture | grep -qF -e "$1"
}

# wait_text TEXT, wait_gone TEXT: until it stands on the screen in one line, or no longer.
wait_text() {
	until_true shows "$1"
}

wait_gone() {
	until_true not shows "$1"
}

# keys KEY...: as tmux names them: q, Enter, Left, C-c. text TEXT: the characters as they are.
keys() {
	in_tmux send-keys -- "$@"
}

text() {
	in_tmux send-keys -l -- "$1"
}

# resize COLUMNSxROWS
resize() {
	in_tmux resize-window -x "${1%x*}" -y "${1#*x}"
}

# signal NAME: sends it to the program.
signal() {
	kill -s "$1" "$(cat "$run/pid")"
}

# ends_with STATUS: waits for the end of the program; 128 and the signal's number where a signal ended it.
ends_with() {
	until_true test -e "$run/status" && [ "$(cat "$run/status")" = "$1" ]
}

# The program has ended, and the terminal is as it was: its modes, the normal screen, the cursor, no mouse, no keypad mode.
screen_is_restored() {
	until_true test -e "$run/status" || return 1
	if ! cmp -s "$run/before" "$run/after"; then
		echo '# the modes that stty shows have changed'
		return 1
	fi
	# tmux may still be reading what the program wrote last.
	if ! until_true terminal_flags_are 010000; then
		echo "# alternate screen, cursor, keypad, cursor keys, mouse, insert: $flags, not 010000"
		return 1
	fi
	wait_text "typed before $n_started"
}

terminal_flags_are() {
	flags=$(in_tmux display-message -p \
		'#{alternate_on}#{cursor_flag}#{keypad_flag}#{keypad_cursor_flag}#{mouse_any_flag}#{insert_flag}')
	[ "$flags" = "$1" ]
}

# The numbers of all living processes of this test: those that inherited its mark, and those that run its copy.
processes() {
	for process in /proc/[0-9]*; do
		case $(readlink "$process/exe" 2>/dev/null) in
		"$dir"/*) echo "${process#/proc/}" ;;
		?*)
			if tr '\0' '\n' 2>/dev/null <"$process/environ" | grep -q "^RT_SCREEN_TEST=$dir/"; then
				echo "${process#/proc/}"
			fi
			;;
		esac
	done 2>/dev/null
}

# Looks twice: a process can be missed once, in the middle of its exec or when it forks behind the look.
nothing_runs() {
	[ -z "$(processes)" ] && [ -z "$(processes)" ]
}

# Neither the program nor any process of a stage of it lives.
no_process_left() {
	until_true nothing_runs && return
	for left in $(processes); do
		echo "# left: $left $(tr '\0' ' ' <"/proc/$left/cmdline")"
	done
	return 1
}
