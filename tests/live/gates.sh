#!/bin/sh
# Gates on the real kernel: what a machine has is run, what it lacks is recorded and counted as skipped. The uid steps are those
# that the course needs, so they also show that a stage with several uids is one.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/../screen/lib.sh"

dir=$(mktemp -d "${TMPDIR:-/tmp}/rt-gates.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
chmod 755 "$dir"
mkdir "$dir/bin" "$dir/home"
chmod 777 "$dir/home"
cp "${REUSE_TUTOR:-./reuse-tutor}" "$dir/bin/reuse-tutor" || exit 1
tutor=$dir/bin/reuse-tutor
HOME=$dir/home
REUSE_TUTOR_LESSONS=$dir
export HOME REUSE_TUTOR_LESSONS
unset XDG_STATE_HOME XDG_RUNTIME_DIR

head='title: "T"
minutes: 1
question: "Q"
belief: "B"
---'

cat >"$dir/users.md" <<END
---
id: users
$head

## The owner is who called socket()
<!-- step: owner -->
<!-- when: several-uids -->

\`\`\`predict other
ask What does the bind() of the other user return?
choice 0: it succeeds
why No.
choice EADDRINUSE: the owner differs
why Yes.
\`\`\`

\`\`\`lab
a: seteuid(1000)
a: s = socket(AF_INET, SOCK_STREAM)
a: seteuid(0)
a: setsockopt(s, SO_REUSEPORT, 1)
a: bind(s, 127.0.0.1:8000)
a: listen(s, 8)
b: seteuid(2000)
b: s = socket(AF_INET, SOCK_STREAM)
b: setsockopt(s, SO_REUSEPORT, 1)
b: bind(s, 127.0.0.1:8000)              = EADDRINUSE @other
root: s = socket(AF_INET, SOCK_STREAM)
root: setsockopt(s, SO_REUSEPORT, 1)
root: bind(s, 127.0.0.1:8000)           = EADDRINUSE
root: fchown(s, 1000, -1)
root: bind(s, 127.0.0.1:8000)
root: listen(s, 8)
b: fchown(s, 1000, -1)                  = EPERM
\`\`\`

## An accepted socket belongs to who accepts it
<!-- step: accept -->

\`\`\`lab fresh when several-uids
a: s = socket(AF_INET, SOCK_STREAM)
a: setsockopt(s, SO_REUSEPORT, 1)
a: bind(s, 127.0.0.1:8000)
a: listen(s, 8)
c: c = socket(AF_INET, SOCK_STREAM)
c: connect(c, 127.0.0.1:8000)
a: seteuid(1000)
a: k = accept(s)
a: seteuid(0)
a: close(s)
d: seteuid(2000)
d: s = socket(AF_INET, SOCK_STREAM)
d: seteuid(0)
d: setsockopt(s, SO_REUSEPORT, 1)
d: bind(s, 127.0.0.1:8000)              = EADDRINUSE
d: fchown(s, 1000, 1000)
d: bind(s, 127.0.0.1:8000)
d: listen(s, 8)
\`\`\`

## SO_REUSEADDR asks nobody who he is
<!-- step: theft -->

\`\`\`lab fresh when several-uids
victim: seteuid(1000)
victim: s = socket(AF_INET, SOCK_DGRAM)
victim: setsockopt(s, SO_REUSEADDR, 1)
victim: setsockopt(s, SO_REUSEPORT, 1)
victim: bind(s, 127.0.0.1:8000)
thief: seteuid(2000)
thief: s = socket(AF_INET, SOCK_DGRAM)
thief: setsockopt(s, SO_REUSEADDR, 1)
thief: bind(s, 127.0.0.1:8000)
c: c = socket(AF_INET, SOCK_DGRAM)
c: sendto(c, "secret", 127.0.0.1:8000)
thief: recv(s, MSG_DONTWAIT)            = "secret"
victim: recv(s, MSG_DONTWAIT)           = EAGAIN
expect 2 udp 127.0.0.1:8000 UNCONN
\`\`\`

## All may do this
<!-- step: all -->

\`\`\`lab fresh
a: s = socket(AF_INET, SOCK_STREAM)
a: bind(s, 127.0.0.1:8000)
\`\`\`
END

cat >"$dir/machine.md" <<END
---
id: machine
$head

## What the kernel has
<!-- step: has -->

\`\`\`lab
a: s = socket(AF_INET, SOCK_STREAM)     when linux >= 3.9
a: bind(s, 127.0.0.1:8000)
expect tcp 127.0.0.1:8000 BOUND owner a when bound-rows
a: t = socket(AF_INET6, SOCK_STREAM)    when ipv6
a: bind(t, [::1]:8000)
sysctl(net.ipv4.tcp_migrate_req, 1)     when tcp_migrate_req
sysctl(net.ipv4.tcp_fin_timeout, 59)    when tcp_fin_timeout
sysctl(net.ipv4.ip_autobind_reuse, 1)   when ip_autobind_reuse
a: u = socket(AF_INET, SOCK_STREAM)     when packet-socket
\`\`\`
END

cat >"$dir/never.md" <<END
---
id: never
$head

## What no kernel has
<!-- step: never -->
<!-- when: linux >= 99.1 -->

\`\`\`lab
a: s = socket(AF_INET, SOCK_STREAM)
a: bind(s, 127.0.0.1:8000)              = EADDRINUSE
\`\`\`
END
chmod 644 "$dir"/*.md

look() {
	"$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
}

ends() {
	[ "$status" -eq "$1" ] && return
	echo "# status $status, not $1"
	sed 's/^/# |/' "$dir/out" "$dir/err"
	return 1
}

says() {
	tr -s ' \n' ' ' <"$dir/out" | grep -q -e "$1" && return
	sed 's/^/# |/' "$dir/out"
	return 1
}

silent() {
	! says "$1" >/dev/null
}

skip() {
	n_tests=$((n_tests + 1))
	echo "ok $n_tests - $1 # SKIP $2"
}

look "$tutor" check never
if grep -q 'namespace' "$dir/out"; then
	echo '1..0 # SKIP no stage can be built here'
	exit 0
fi

# --- nothing could be run

test_that 'a lesson of which nothing can be run does not fail' ends 77
test_that 'it says why' says 'never: skipped, needs Linux 99.1 or later'
test_that 'it is not counted as passed' says '1 lesson: 0 passed, 0 failed, 1 skipped'
look "$tutor" check --format tap never
test_that 'TAP has it as a skip' says 'ok 1 - never # SKIP needs Linux 99.1 or later'

# --- what the machine has

look "$tutor" check machine
test_that 'what is looked for here decides' ends 0
case $(uname -r) in
[0-5].* | 6.[0-9].* | 6.1[0-7].*) skip 'a new kernel has all of it' "this is Linux $(uname -r)" ;;
*) test_that 'a new kernel has all of it' says 'ok, 9 of 9 as written, [0-9]' ;;
esac
if [ "$(id -u)" -eq 0 ] && unshare -m mount --bind /proc/sys /proc/sys 2>/dev/null; then
	# shellcheck disable=SC2016 # $1 is for the inner shell
	look unshare -m sh -c 'mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys && exec "$1" check machine' sh "$tutor"
	test_that 'sysctls that cannot be written are recorded' ends 0
	test_that 'with the reason' says 'net.ipv4.tcp_fin_timeout cannot be set here: EROFS'
	test_that 'and nothing else is' says 'ok, 6 of 9 as written, 3 skipped'
else
	skip 'a read-only /proc/sys' 'needs root and a mount namespace'
fi

# --- several uids

look "$tutor" doctor
if says 'the stage has 65536 uids' >/dev/null; then
	look "$tutor" check users
	test_that 'several uids: all is run' ends 0
	test_that 'several uids: all is as written' says 'users: ok, 52 of 52 as written, [0-9]'
	look "$tutor" run users:theft --plain --auto
	test_that 'sockets of several users are shown with their uids' says 'owner thief, uid 2000'
	test_that 'both of them' says 'owner victim, uid 1000'
	look "$tutor" run machine --plain --auto
	test_that 'those of one user without' silent ', uid'
else
	skip 'several uids' 'the stage has one uid here: several need real root, or newuidmap and /etc/subuid'
fi

# --- one uid

plain=
if [ "$(id -u)" -eq 0 ]; then
	plain='setpriv --reuid=65534 --regid=65534 --clear-groups'
fi
# shellcheck disable=SC2086 # several words
if $plain env PATH=/none "$tutor" check machine >/dev/null 2>&1; then
	look $plain env PATH=/none "$tutor" check users
	test_that 'one uid: the lesson does not fail' ends 0
	test_that 'one uid: what needs several is skipped' says 'users: ok, 2 of 52 as written, 50 skipped'
	test_that 'one uid: with the reason' says 'skipped, recorded, lines [0-9, -]*: the stage has one uid here'
	look $plain env PATH=/none "$tutor" check --json users
	test_that 'one uid: JSON has each with its reason' \
		test "$(grep -o '"passed":false,[^{]*"skipped":"the stage has one uid here' "$dir/out" | wc -l)" -eq 50
	look $plain env PATH=/none "$tutor" run users --plain --auto
	test_that 'one uid: the result is shown as recorded' \
		says 'b: bind(s, 127.0.0.1:8000) : recorded: -1 EADDRINUSE (98, Address already in use)'
	test_that 'one uid: the reason too' says 'not run here: the stage has one uid here'
	test_that 'one uid: so is the answer' says '\[recorded\]'
	test_that 'one uid: nothing of it is done' says 'No sockets: the calls were not run here.'
	look $plain env PATH=/none "$tutor" doctor
	test_that 'one uid: doctor asks for no more, as every such line is gated' ends 0
else
	skip 'one uid' 'an ordinary user gets no stage here, or cannot reach this folder'
fi
screen_end
