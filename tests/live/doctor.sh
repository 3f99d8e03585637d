#!/bin/sh
# `reuse-tutor doctor`: on this machine as it is, and on machines that refuse something. Each of those is made of this one, in
# namespaces of its own or with limits; where that cannot be done the test is skipped.
# shellcheck disable=SC2086,SC2016 # $doctor is two words; in single quotes it is for the inner shell

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/../screen/lib.sh"

dir=$(mktemp -d "${TMPDIR:-/tmp}/rt-doctor.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
chmod 755 "$dir"
mkdir "$dir/bin" "$dir/home" "$dir/lessons"
cp "${REUSE_TUTOR:-./reuse-tutor}" "$dir/bin/reuse-tutor" || exit 1
cp "${top_srcdir:-.}"/lessons/*.md "$dir/lessons" || exit 1
doctor="$dir/bin/reuse-tutor doctor"
REUSE_TUTOR_LESSONS=$dir/lessons
HOME=$dir/home
export REUSE_TUTOR_LESSONS HOME doctor
unset XDG_STATE_HOME XDG_RUNTIME_DIR SUDO_USER NO_COLOR

skip() {
	n_tests=$((n_tests + 1))
	echo "ok $n_tests - $1 # SKIP $2"
}

# look COMMAND...: what it prints is kept for the questions below.
look() {
	"$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
	sed 's/^/# /' "$dir/err"
}

ends() {
	[ "$status" -eq "$1" ] && return
	echo "# status $status, not $1"
	sed 's/^/# |/' "$dir/out"
	return 1
}

# row NAME VERDICT: the line of that capability has that word.
row() {
	grep -q "^$1  *$2  " "$dir/out" && return
	grep "^$1" "$dir/out" | sed 's/^/# |/'
	return 1
}

# tells TEXT: somewhere, whatever the lines are broken at.
tells() {
	tr -s ' \n' ' ' <"$dir/out" | grep -qF -e "$1" && return
	sed 's/^/# |/' "$dir/out"
	return 1
}

quiet() {
	[ ! -s "$dir/err" ]
}

fits_80() {
	! grep -q '.\{80\}' "$dir/out"
}

# json ID KEY VALUE: a capability of the JSON, in which each member has a line of its own and KEY comes after ID.
json() {
	sed -n "/\"id\": \"$1\"/,/}/p" "$dir/out" | grep -q "\"$2\": $3,*\$" && return
	sed -n "/\"id\": \"$1\"/,/}/s/^/# |/p" "$dir/out"
	return 1
}

# --- as it is

look $doctor
test_that 'doctor says nothing on standard error' quiet
if row 'a private stage' no; then
	staged=no
	test_that 'no stage: the status is 3' ends 3
	test_that 'no stage: there is a way out' grep -q -e '-> ' "$dir/out"
else
	staged=yes
	test_that 'a stage can be built' row 'a private stage' yes
	test_that 'its status says that nothing is missing' ends 0
	if row 'several uids' no; then
		test_that 'its last line says what becomes of that' tells 'Steps that miss something show what was recorded.'
	else
		test_that 'so does its last line' tells 'All that the lessons need is here.'
	fi
	for name in 'sock_diag, TCP' 'sock_diag, UDP' SOCK_DESTROY 'TIME_WAIT holds a port' 'multicast on lo' lessons; do
		test_that "here: $name" row "$name" yes
	done
	# What this machine has not may be no, but must have been tried.
	for name in 'bound-only rows' 'several uids' 'sysctls of the stage' IPv6 'packet capture'; do
		test_that "tried: $name" not row "$name" '?'
	done
fi
test_that 'no line is wider than a terminal' fits_80
test_that 'the folder of the lessons is named' tells "in $dir/lessons"
test_that 'so is that of the progress' tells "$dir/home/.local/state/reuse-tutor, of $(id -un)"
test_that 'and that of the settings' tells "$dir/home/.config/reuse-tutor, of $(id -un)"
test_that 'the lesson that captures is named' grep -q '^packet capture .* stale-data' "$dir/out"
test_that 'without a terminal it says so' tells 'standard input and output are no terminal'
test_that 'and does not ask one' row 'narrow frames' '?'

look $doctor --json
if [ $staged = yes ]; then
	test_that 'JSON: a stage' json stage ok true
	test_that 'JSON: required' json stage required true
	test_that 'JSON: of a lesson' json sock-destroy needed_for '".*time-wait.*"'
fi
test_that 'JSON: the terminal' json terminal ok false
test_that 'JSON: what is not known is null' json ambiguous-width ok null
look $doctor everything
test_that 'doctor takes no word' ends 2
test_that 'and says so' not quiet

# --- without some of it

REUSE_TUTOR_LESSONS=$dir/nowhere look $doctor
test_that 'no lessons' row lessons no
test_that 'no lessons: they are missed' tells 'Lessons need what is missing here: lessons'
[ $staged = yes ] && test_that 'no lessons: status' ends 1

look env -u TERM LC_ALL=C LANG= $doctor
test_that 'LC_ALL=C' row UTF-8 no
test_that 'LC_ALL=C: the fix' tells 'try: export LC_ALL=C.UTF-8'
test_that 'no TERM: no colours are known' row colours '?'

mkdir "$dir/lessons-bad"
printf -- '---\nid: bad\ntitle: "Bad"\nminutes: 1\nquestion: "?"\nbelief: "?"\n---\n\n## One\n\n```lab\na: nonsense()\n```\n' \
	>"$dir/lessons-bad/bad.md"
REUSE_TUTOR_LESSONS=$dir/lessons-bad look $doctor
test_that 'a lesson with mistakes' row lessons no
test_that 'a lesson with mistakes: the fix' tells 'reuse-tutor check names them'

if [ "$(id -u)" -eq 0 ]; then
	SUDO_USER=somebody look $doctor
	test_that 'under sudo it says whose progress it is not' tells 'without sudo reuse-tutor takes that of somebody'
else
	skip 'under sudo' 'needs root'
fi

# --- machines that refuse

# Root of a user namespace that root made is the machine's root, and gets no stage: somebody else makes it.
plain=
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	plain='setpriv --reuid=65534 --regid=65534 --clear-groups'
	look unshare -Ur "$dir/bin/reuse-tutor" doctor
	if unshare -Ur true 2>/dev/null && [ "$(stat -c %u /proc/sys/kernel)" -eq 0 ]; then
		test_that 'root of a user namespace that root made: no stage' ends 3
		test_that 'root of a user namespace that root made: why' tells "the stage never runs as the machine's root"
	fi
	$plain "$dir/bin/reuse-tutor" list >/dev/null 2>&1 || plain=
fi

if $plain unshare -Ur true 2>/dev/null; then
	look $plain unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec $doctor'
	test_that 'no user namespaces: status' ends 3
	test_that 'no user namespaces' row 'a private stage' no
	test_that 'no user namespaces: the limit is named' tells 'user.max_user_namespaces is too low'
	test_that 'no user namespaces: the fix' tells 'try: sysctl user.max_user_namespaces='
	test_that 'no user namespaces: the rest is not tried' row SOCK_DESTROY '?'
	test_that 'no user namespaces: the last line' tells 'the lessons can be read and not run'
	look $plain unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec $doctor --json'
	test_that 'no user namespaces: JSON' json stage ok false
	test_that 'no user namespaces: JSON of the rest' json sock-destroy ok null
	look $plain unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_net_namespaces && exec $doctor'
	test_that 'no network namespaces: the fix' tells 'try: sysctl user.max_net_namespaces='
else
	skip 'no user namespaces' 'there are none at all'
fi

# A /proc/sys that cannot be written, as in a container.
read_only='mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys'
for how in "$plain unshare -Urm" 'unshare -m'; do
	$how sh -c "$read_only" 2>/dev/null && break
	how=
done
if [ $staged = yes ] && [ -n "$how" ]; then
	look $how sh -c "$read_only && exec \$doctor"
	test_that 'a read-only /proc/sys' row 'sysctls of the stage' no
	test_that 'a read-only /proc/sys: the errno' tells 'EROFS'
	test_that 'a read-only /proc/sys: the fix' tells 'try: start the container with a /proc/sys that can be written'
	test_that 'a read-only /proc/sys: the rest works' row SOCK_DESTROY yes
	if grep -ql '^sysctl(' "$dir"/lessons/*.md; then
		test_that 'a read-only /proc/sys: a lesson misses it' ends 1
	fi
else
	skip 'a read-only /proc/sys' 'needs a mount namespace'
fi

# A disk that is full.
full='mkdir -p "$HOME/full" && mount -t tmpfs -o size=64k none "$HOME/full" && ! head -c 99999 /dev/zero >"$HOME/full/fill"'
for how in "$plain unshare -Urm" 'unshare -m'; do
	$how sh -c "$full" 2>/dev/null && break
	how=
done
if [ -n "$how" ]; then
	look env XDG_STATE_HOME="$dir/home/full" $how sh -c "$full 2>/dev/null; exec \$doctor"
	test_that 'a full disk' row 'keeping progress' no
	test_that 'a full disk: why' tells "$dir/home/full cannot be written: No space left on device"
	test_that 'a full disk: the settings are elsewhere' row 'keeping settings' yes
else
	skip 'a full disk' 'needs a mount namespace'
fi

# Few open files: the hard limit counts.
look sh -c 'ulimit -n 100; exec $doctor'
test_that 'few open files' row 'open files' no
test_that 'few open files: no stage' ends 3
test_that 'few open files: the fix' tells 'try: ulimit -n 1024'

# --- as an ordinary user

if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	user='setpriv --reuid=65534 --regid=65534 --clear-groups'
	if $user "$dir/bin/reuse-tutor" list >/dev/null 2>&1; then
		look $user $doctor
		if row 'a private stage' yes; then
			test_that 'an ordinary user: a stage' ends 0
			if tells 'the stage has 65536 uids'; then
				test_that 'an ordinary user: several uids' row 'several uids' yes
			else
				test_that 'an ordinary user: one uid' row 'several uids' no
				test_that 'an ordinary user: the fix' tells 'try: sudo reuse-tutor'
			fi
			# No newuidmap, one uid: all else works.
			look $user env PATH=/none $doctor
			test_that 'no newuidmap: one uid' row 'several uids' no
			test_that 'no newuidmap: the fix' tells 'install newuidmap and newgidmap'
		else
			test_that 'an ordinary user: no stage' ends 3
		fi
		test_that 'an ordinary user: progress in the home of another' row 'keeping progress' no
		test_that 'an ordinary user: why' tells "$dir/home cannot be written: Permission denied"
		# The sanitizer of leaks needs a process of its own.
		ASAN_OPTIONS=detect_leaks=0 look $user prlimit --nproc=0:0 $doctor
		test_that 'no process more' row processes no
		test_that 'no process more: no stage' ends 3
		test_that 'no process more: the reason' tells 'EAGAIN (the limit of processes is reached'
	else
		skip 'an ordinary user' 'cannot reach this folder'
	fi
else
	skip 'an ordinary user' 'needs root'
fi
screen_end
