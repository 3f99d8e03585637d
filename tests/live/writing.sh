#!/bin/sh
# The tools of those who write lessons: new, check --update, check --size. Each test has a folder of its own.

tutor=${REUSE_TUTOR:-./reuse-tutor}
case $tutor in
/*) ;;
*) tutor=$PWD/$tutor ;;
esac
work=$(mktemp -d "${TMPDIR:-/tmp}/rt-writing-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM PIPE
cd "$work" || exit 1
n=0

# test_that NAME FUNCTION: runs it in an empty folder; what it printed is shown where it failed.
test_that() {
	n=$((n + 1))
	mkdir "$work/$n" && cd "$work/$n" || exit 1
	if "$2" >"$work/log" 2>&1; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		sed 's/^/# /' "$work/log"
	fi
}

# status WANTED COMMAND...: runs it; its output is kept in the file out, and shown.
status() {
	wanted=$1
	shift
	got=0
	"$@" >out 2>&1 || got=$?
	cat out
	[ "$got" -eq "$wanted" ] || {
		echo "exit status $got instead of $wanted: $*"
		return 1
	}
}

says() {
	grep -qF -e "$1" out || {
		echo "not said: $1"
		return 1
	}
}

says_not() {
	! grep -qF -e "$1" out || {
		echo "said: $1"
		return 1
	}
}

# only FILE... '': nothing else stands in this folder.
only() {
	[ "$(find . ! -name . ! -name out | LC_ALL=C sort | tr '\n' ' ')" = "$*" ] || {
		echo "here are: $(find . ! -name .)"
		return 1
	}
}

# without_room COMMAND...: no file may grow; nobody is killed for trying.
without_room() {
	(
		trap '' XFSZ
		ulimit -f 0
		exec "$@"
	)
}

# wrong NAME: a lesson of the skeleton that expects what this kernel does not do, in three lines.
wrong() {
	"$tutor" new "$1" >/dev/null &&
		cp "$1.md" right &&
		sed -e 's/= EADDRINUSE   @second/= 0            @second/' -e 's/= 127.0.0.1:\*  #/= 10.0.0.1:9   #/' \
			-e 's/^\(client: send(.*\)= 5$/\1= EPIPE/' right >"$1.md" &&
		! cmp -s "$1.md" right &&
		cp "$1.md" before
}

# --- new --------------------------------------------------------------------------------------------

new_passes() {
	status 0 "$tutor" new my-lesson && only ./my-lesson.md '' && says my-lesson.md && says 'reuse-tutor check my-lesson.md' &&
		status 0 "$tutor" check --size 80x24 my-lesson.md && says_not warning &&
		status 0 env REUSE_TUTOR_LESSONS=. "$tutor" run my-lesson --auto && says 'The port that outlives its process'
}

new_shows_the_language() {
	"$tutor" new x && cp x.md out &&
		for part in 'id: x' 'title: "' 'minutes: ' 'question: "' 'belief: "' '## ' '### ' '<!-- step: ' '<!-- note: ' \
			'```lab' '```lab fresh' '```predict ' 'ask ' 'choice 0: ' 'choice LISTEN: ' 'choice none: ' 'why ' 'hint ' \
			'expect ' '@second' '= EADDRINUSE' '= blocks' '= 5' '= 127.0.0.1:*' ' when bound-rows' '`when: ' 'fork()' 'kill(' ' owner ' '# ' '- ' '> ' \
			'*one*' '**the same**' '```c'; do
			says "$part" || return 1
		done
}

new_overwrites_nothing() {
	echo mine >x.md && status 1 "$tutor" new x && says 'x.md' && says EEXIST && [ "$(cat x.md)" = mine ] &&
		ln -s nowhere y.md && status 1 "$tutor" new y && [ ! -e nowhere ]
}

new_refuses_bad_ids() {
	long=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
	for id in A 'a b' a/b ../a . '' a_b "$long" café; do
		status 2 "$tutor" new "$id" || return 1
	done
	status 2 "$tutor" new && status 2 "$tutor" new a b && status 2 "$tutor" new a.md && says 'reuse-tutor new a' && only ''
}

new_leaves_nothing_half() {
	status 1 without_room "$tutor" new x
	only ''
}

# --- check --update ---------------------------------------------------------------------------------

update_with_nothing_to_do() {
	"$tutor" new x && before=$(stat -c '%i %Y' x.md) && status 0 "$tutor" check --update x.md && says 'nothing to change' &&
		[ "$(stat -c '%i %Y' x.md)" = "$before" ]
}

# The skeleton again, byte by byte: only results change, and all else keeps its column.
update_restores() {
	wrong x && echo y | status 0 "$tutor" check --update x.md && cmp x.md right && says '3 results' &&
		status 0 "$tutor" check x.md
}

update_shows_the_difference() {
	wrong x && line=$(grep -n '@second$' x.md | cut -d: -f1) && status 1 "$tutor" check --update x.md </dev/null &&
		says "--- x.md" && says "@@ line $line @@" &&
		says '-two: bind(s, 127.0.0.1:8000)             = 0            @second' &&
		says '+two: bind(s, 127.0.0.1:8000)             = EADDRINUSE   @second'
}

update_asks() {
	wrong x && status 1 "$tutor" check --update x.md </dev/null && cmp x.md before &&
		echo n | status 1 "$tutor" check --update x.md && cmp x.md before &&
		printf 'maybe\nyes\n' | status 0 "$tutor" check --update x.md && cmp x.md right
}

update_asks_for_each_file() {
	wrong x && mv right rightx && wrong y && cp y.md before && printf 'y\nn\n' | status 1 "$tutor" check --update x.md y.md &&
		cmp x.md rightx && cmp y.md before && status 0 "$tutor" check --update --yes x.md y.md && cmp y.md right
}

update_inserts_a_result() {
	"$tutor" new x && sed 's/ = blocks       #/                #/' x.md >y && ! cmp -s x.md y && cp y x.md &&
		status 0 "$tutor" check --update --yes x.md && grep -q '^child:  recv(k)  *= blocks *# until' x.md &&
		[ "$(diff y x.md | grep -c '^>')" -eq 1 ] && status 0 "$tutor" check x.md
}

# A port that the kernel chose is another one next time.
update_states_no_chosen_port() {
	"$tutor" new x && sed 's/= 127.0.0.1:\*  #/= 10.0.0.1:9   #/' x.md >y && cp y x.md &&
		status 0 "$tutor" check --update --yes x.md && grep -q '= 127.0.0.1:\*  #' x.md &&
		sed -e 's/127.0.0.1:0)/127.0.0.1:8001)/' -e 's/= 127.0.0.1:\*  #/= 10.0.0.1:9   #/' x.md >y && cp y x.md &&
		status 0 "$tutor" check --update --yes x.md && grep -q '= 127.0.0.1:8001 #' x.md
}

update_keeps_mode_and_link() {
	wrong x && mkdir folder && mv x.md folder/x.md && ln -s folder/x.md x.md && chmod 640 folder/x.md &&
		status 0 "$tutor" check --update --yes x.md && [ -h x.md ] && cmp folder/x.md right &&
		[ "$(stat -c %a folder/x.md)" = 640 ] && only ./before ./folder ./folder/x.md ./right ./x.md ''
}

update_of_a_read_only_file() {
	wrong x && chmod 444 x.md && status 1 "$tutor" check --update --yes x.md && says read-only && cmp x.md before &&
		[ "$(stat -c %a x.md)" = 444 ]
}

update_without_room() {
	wrong x && mkfifo pipe && {
		cat pipe >out &
		reader=$!
		got=0
		without_room "$tutor" check --update --yes x.md >pipe 2>&1 || got=$?
		wait "$reader"
		cat out
	} && [ "$got" -eq 1 ] && says EFBIG && cmp x.md before && rm pipe && only ./before ./right ./x.md ''
}

update_of_a_file_that_changes_meanwhile() {
	wrong x && mkfifo keys && {
		: >out # else what was asked before is found there
		"$tutor" check --update x.md <keys >out 2>&1 &
		tutor_pid=$!
		exec 3<>keys
		tries=0
		until grep -q 'y/n' out || [ $tries -ge 200 ]; do
			tries=$((tries + 1))
			sleep 0.05
		done
		echo '<!-- mine -->' >>x.md
		cp x.md before
		echo y >&3
		exec 3>&-
		got=0
		wait "$tutor_pid" || got=$?
		cat out
	} && [ "$got" -eq 1 ] && says meanwhile && cmp x.md before
}

update_of_a_lesson_with_mistakes() {
	wrong x && sed 's/listen(s, 8)/lisen(s, 8)/' x.md >before && cp before x.md && status 4 "$tutor" check --update --yes x.md &&
		says 'did you mean "listen"?' && says 'x.md:' && cmp x.md before && cp before y.md &&
		status 4 "$tutor" check --update --yes y.md && status 4 "$tutor" check --update --yes nothing.md && says ENOENT
}

# Expect lines and questions say what their author thinks: those are not rewritten.
update_names_the_rest() {
	"$tutor" new x && sed -e 's/^expect 1 tcp/expect 2 tcp/' -e 's/^choice none:/choice BOUND:/' -e 's/^choice LISTEN:/choice none:/' \
		x.md >before && cp before x.md && status 1 "$tutor" check --update --yes x.md && says 'expected 2 rows' &&
		says 'got      1 row' && says 'one choice that is right' && says_not '@@' && cmp x.md before
}

# An accept() that fails gives no descriptor, so the lines that use it would be mistakes.
update_never_makes_mistakes() {
	"$tutor" new x && sed -e 's/^client: connect(c, a)/client: connect(c, 127.0.0.1:1) = ECONNREFUSED/' \
		-e 's/^server: s = socket(AF_INET, SOCK_STREAM)/server: s = socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK)/' \
		x.md >before && cp before x.md && status 1 "$tutor" check --update --yes x.md && says '= EAGAIN' &&
		says 'nothing is written' && says 'no descriptor "k"' && cmp x.md before
}

update_stands_alone() {
	"$tutor" new x && status 2 "$tutor" check --yes x.md && status 2 "$tutor" check --update --format tap x.md &&
		status 2 "$tutor" check --update --size 80x24 x.md && status 2 "$tutor" check --update --wait x.md
}

# --- check --size -----------------------------------------------------------------------------------

long_text() {
	"$tutor" new x && awk '{ print } /^Process `one` listens/ { for (i = 0; i < 14; i++) print "one more line of text, which is as long as a line of text usually is," }' \
		x.md >y && mv y x.md && status 1 "$tutor" check --size 80x24 x.md && says 'step two: at 80x24, text of the step' &&
		says 'the text takes' && status 0 "$tutor" check x.md && status 0 "$tutor" check --size 160x60 x.md
}

long_question() {
	"$tutor" new x && awk '/^ask What does/ { for (i = 0; i < 20; i++) $0 = $0 "\n  and this goes on with the question, in one line that is nearly as long as the panel;" } { print }' \
		x.md >y && mv y x.md && status 1 "$tutor" check --size 80x24 x.md && says 'at 80x24, question: What does' &&
		says 'the question takes' && says 'the call that comes next is out of sight' &&
		status 0 "$tutor" check --size 200x60 x.md
}

# The question fits, but leaves no room for the sockets.
no_room_for_sockets() {
	"$tutor" new x && awk '/^ask What does/ { for (i = 0; i < 8; i++) $0 = $0 "\n  and this goes on with the question, in one line that is nearly as long as the panel;" } { print }' \
		x.md >y && mv y x.md && status 1 "$tutor" check --size 80x24 x.md && says 'of 2 rows of the sockets' &&
		says_not 'the question takes'
}

# A choice is wrapped; what it takes then pushes another one out of sight.
long_choice() {
	"$tutor" new x && awk '/^choice 0: it succeeds/ { for (i = 0; i < 6; i++) $0 = $0 ", as it does for every socket" } { print }' \
		x.md >y && mv y x.md && status 1 "$tutor" check --size 40x12 x.md && says 'the question takes' &&
		status 0 "$tutor" check --size 80x24 x.md
}

bad_size() {
	for size in 80 80x 80x24x 39x24 80x11 x ten 100000x24 1001x24; do
		status 2 "$tutor" check --size "$size" || return 1
	done
	says 'it takes columns and lines'
}

bad_minutes() {
	"$tutor" new x && sed 's/^minutes: .*/minutes: 30/' x.md >y && mv y x.md && status 0 "$tutor" check x.md &&
		says 'warning: the front matter says minutes: 30' && status 0 "$tutor" check --format tap x.md && says '# warning: ' &&
		status 0 "$tutor" check --format json x.md && says '"warning":"the front'
}

# 3200 words more are 16 minutes; 2400 are 12, and with the rest of it fewer than 15.
too_long() {
	for words in 3200 2400; do
		"$tutor" new x && sed 's/^minutes: .*/minutes: 15/' x.md >y && mv y x.md &&
			awk -v n="$words" 'BEGIN { print "\n## Long\n<!-- step: long -->\n"; for (i = 0; i < n; i++) print "word" }' >>x.md &&
			status 0 "$tutor" check x.md || return 1
		case $words in
		3200) says 'warning: it takes 1' && says 'minutes, and a lesson at most 15' ;;
		*) says_not 'warning: ' ;;
		esac || return 1
		rm x.md
	done
}

"$tutor" new probe >/dev/null
"$tutor" check probe.md >/dev/null 2>&1
if [ $? -eq 77 ]; then
	echo '1..0 # SKIP no stage can be built here'
	exit 0
fi
test_that 'new makes a lesson that passes' new_passes
test_that 'new shows every part of the language' new_shows_the_language
test_that 'new overwrites nothing' new_overwrites_nothing
test_that 'new refuses what cannot be an id' new_refuses_bad_ids
test_that 'new leaves no half file' new_leaves_nothing_half
test_that 'update changes nothing where nothing differs' update_with_nothing_to_do
test_that 'update writes what the kernel says, and changes results alone' update_restores
test_that 'update shows the difference' update_shows_the_difference
test_that 'update asks, and the end of input means no' update_asks
test_that 'update asks for each file, and --yes does not ask' update_asks_for_each_file
test_that 'update states a result where none stood' update_inserts_a_result
test_that 'update states no port that the kernel chose' update_states_no_chosen_port
test_that 'update keeps mode and symbolic link, and leaves no file behind' update_keeps_mode_and_link
test_that 'update of a read-only file' update_of_a_read_only_file
test_that 'update on a full disk' update_without_room
test_that 'update of a file that somebody changes meanwhile' update_of_a_file_that_changes_meanwhile
test_that 'update of a lesson with mistakes' update_of_a_lesson_with_mistakes
test_that 'update names expect lines and questions' update_names_the_rest
test_that 'update never makes mistakes' update_never_makes_mistakes
test_that 'update stands alone' update_stands_alone
test_that 'size finds text that must be scrolled' long_text
test_that 'size finds a question that must be scrolled' long_question
test_that 'size finds sockets that have no room' no_room_for_sockets
test_that 'size finds a choice that takes too many lines' long_choice
test_that 'size refuses what is no size' bad_size
test_that 'minutes far from the reading time are named' bad_minutes
test_that 'more than 15 minutes are warned of' too_long
echo "1..$n"
