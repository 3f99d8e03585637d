#!/bin/sh
# Review as plain text: what enters, when it comes back, as what, and what an answer does. The clock is that of the machine;
# the file is made older instead. Prints TAP.

program=${REUSE_TUTOR:-./reuse-tutor}
case $program in /*) ;; *) program=$PWD/$program ;; esac
n=0
failed=0

dir=$(mktemp -d "${TMPDIR:-/tmp}/rt-review.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
HOME=$dir/home
XDG_STATE_HOME=$dir/state
REUSE_TUTOR_LESSONS=$dir/lessons
# A time zone where it is noon: no new day begins in the middle of the test.
TZ=TST$(($(date -u +%-H) - 12))
export HOME XDG_STATE_HOME REUSE_TUTOR_LESSONS TZ
file=$XDG_STATE_HOME/reuse-tutor/progress.json
mkdir "$HOME" "$REUSE_TUTOR_LESSONS"

# lesson ID: three questions about a port and a host. The first choice of each is right.
lesson() {
	cat >"$REUSE_TUTOR_LESSONS/$1.md" <<END
---
id: $1
title: "Title of $1"
minutes: 1
question: "Who gets port 8000?"
belief: "Nobody."
---

## Taken
<!-- step: taken -->
<!-- note: n -->

Port 8000 of 127.0.0.2.

\`\`\`predict first
ask What does \`bind(s, 127.0.0.2:8000)\` return?
choice 0: it succeeds
why Because.
choice EADDRINUSE: taken
why Because.
choice EACCES: not allowed
why Because.
\`\`\`

\`\`\`predict second
ask And the second?
choice EADDRINUSE: taken
why Because.
choice 0: it succeeds
why Because.
choice EACCES: not allowed
why Because.
\`\`\`

\`\`\`lab
one: s = socket(AF_INET, SOCK_STREAM)
one: bind(s, 127.0.0.2:8000)          @first
two: s = socket(AF_INET, SOCK_STREAM)
two: bind(s, 127.0.0.2:8000)          = EADDRINUSE @second
\`\`\`

## Another
<!-- step: another -->
<!-- note: n -->

\`\`\`predict third
ask And on 127.0.0.3?
choice 0: it succeeds
why Because.
choice EADDRINUSE: taken
why Because.
choice EACCES: not allowed
why Because.
\`\`\`

\`\`\`lab
two: bind(s, 127.0.0.3:8000)          @third
\`\`\`
END
}

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
		sed 's/^/# stdout: /' "$dir/out" | tail -n 40
		sed 's/^/# stderr: /' "$dir/err"
	fi
}

# tutor STATUS ANSWERS ARGUMENT...: each letter of ANSWERS is a line of the file of answers.
tutor() {
	wanted=$1
	printf '%s' "$2" | sed 's/./&\n/g' >"$dir/answers"
	shift 2
	"$program" "$@" --answers "$dir/answers" >"$dir/out" 2>"$dir/err" </dev/null
	[ $? -eq "$wanted" ]
}

out_has() {
	tr '\n' ' ' <"$dir/out" | tr -s ' ' | grep -qF -e "$1"
}

out_has_not() {
	! out_has "$1"
}

# days_go_by N: all that was asked was asked so many days earlier.
days_go_by() {
	awk -v back="$1" '/"asked":/ { match($0, /[0-9]+/)
		$0 = sprintf("%s%.0f%s", substr($0, 1, RSTART - 1), substr($0, RSTART, RLENGTH) - back * 86400000,
			substr($0, RSTART + RLENGTH)) } { print }' "$file" >"$dir/older" && cat "$dir/older" >"$file"
}

# The number of the choice that says $1 in what was asked last: their order is not that of the file.
number_of() {
	"$program" review --auto </dev/null 2>/dev/null | sed -n "s/^  \([0-9]\)  .*$1.*/\1/p" | head -n 1
}

# For one due question at a time: the right choice, whose words are $1.
answers() {
	choice=$(number_of "$1")
	tutor 0 "$choice" review
}

lesson early
lesson later
"$program" run early --auto >"$dir/out" 2>"$dir/err" </dev/null
if [ $? -eq 3 ]; then
	echo "1..0 # SKIP $(tail -n 1 "$dir/err")"
	exit 0
fi

# --- what enters ----------------------------------------------------------------------------------

test_that 'before the first lesson nothing is due' tutor 0 '' review
test_that 'and it says what would be' out_has 'Nothing is due for review. Questions come here that you answered wrong'
test_that 'a lesson with right answers alone' tutor 0 111 run early
test_that 'nothing comes back of it' out_has_not 'come back'
test_that 'nothing waits' tutor 0 '' review
test_that 'and it says so' out_has 'Nothing is due for review. Questions come here'
test_that 'wrong, skipped, unsure' tutor 0 '2-?' run later
test_that 'the end says how many come back' out_has '2 will come back in Review.'
test_that 'on the same day nothing is due' tutor 0 '' review
test_that 'it says when' out_has 'Nothing is due for review. Coming back: 2 tomorrow.'
shows_progress() {
	"$program" progress >"$dir/out" 2>"$dir/err"
}
test_that 'progress says it too' shows_progress
# shellcheck disable=SC2016 # as it is printed
test_that 'below its table' out_has 'Coming back: 2 tomorrow. `reuse-tutor review` asks what is due.'
test_that 'progress is JSON with its new part' grep -q '"level": 0' "$file"

# --- the day after --------------------------------------------------------------------------------

days_go_by 1
test_that 'the day after both are due' tutor 0 '--' review
test_that 'the first is the first of its lesson' out_has 'Review 1 of 2: Title of later Step 1 of 2: Taken'
test_that 'the second one too, in its own step' out_has 'Review 2 of 2: Title of later Step 2 of 2: Another'
test_that 'it is another port and another host' out_has_not 8000
test_that 'both of them' out_has_not 127.0.0.2
test_that 'the text has them too' grep -q '^Port [1-9][0-9]* of 127.0.0.[1-9][0-9]*\.$' "$dir/out"
test_that 'what was skipped stays due' out_has 'Coming back: 2 now.'
test_that '--auto shows them' "$program" review --auto </dev/null
test_that 'and keeps nothing' tutor 0 q review
test_that 'so both are due still' out_has 'Coming back: 2 now.'
test_that 'an input that ends is an error' tutor 5 '' review

wrong=$(number_of 'not allowed')
test_that 'a wrong answer' tutor 0 "${wrong}-" review
test_that 'it begins from the first day' out_has '0 of 1 as predicted. Coming back: 1 now, 1 tomorrow.'
test_that 'the other is answered right' answers 'it succeeds'
test_that 'it comes back after three days' out_has '1 of 1 as predicted. Coming back: 1 tomorrow, 1 in 3 days.'
days_go_by 1
test_that 'tomorrow has come' tutor 0 - review

# The time of the last answer makes the instance. Five of some hundreds are all the same less than once in a thousand millions.
instances() {
	for _ in 1 2 3 4 5; do
		days_go_by 1
		"$program" review --auto </dev/null | grep -o '127.0.0.[0-9]*:[0-9]*' | head -n 1
	done | sort -u >"$dir/out"
	[ "$(wc -l <"$dir/out")" -gt 1 ]
}
test_that 'it is not always the same instance' instances

# --- the way out ----------------------------------------------------------------------------------

answered_after() {
	days_go_by "$1"
	answers 'it succeeds' && out_has '1 of 1 as predicted.'
}
"$program" reset --all >/dev/null
tutor 0 211 run later
test_that 'right after 1 day' answered_after 1
test_that 'then it waits for 3' out_has 'Coming back: 1 in 3 days.'
days_go_by 2
test_that 'after 2 it is not due' tutor 0 '' review
test_that 'but tomorrow' out_has 'Nothing is due for review. Coming back: 1 tomorrow.'
test_that 'right after 3 days' answered_after 1
test_that 'then it waits for 7' out_has 'Coming back: 1 in 7 days.'
test_that 'right after 7 days' answered_after 7
test_that 'then it waits for 21' out_has 'Coming back: 1 in 21 days.'
test_that 'right after 21 days' answered_after 21
test_that 'then it has left' out_has_not 'Coming back'
days_go_by 999
test_that 'for good' tutor 0 '' review
test_that 'nothing waits any more' out_has 'Nothing is due for review. Questions come here'

# --- what is gone, and what is odd ----------------------------------------------------------------

tutor 0 222 run early
tutor 0 222 run later
days_go_by 1
test_that 'six are due' tutor 0 ------ review
test_that 'in the order of the lessons' out_has 'Review 4 of 6: Title of later'
sed -i 's/third/other/' "$REUSE_TUTOR_LESSONS/early.md"
test_that 'a question that was renamed is not asked' tutor 0 ----- review
test_that 'without a word' [ ! -s "$dir/err" ]
rm "$REUSE_TUTOR_LESSONS/early.md"
test_that 'nor those of a lesson that is gone' tutor 0 --- review
test_that 'without a word either' [ ! -s "$dir/err" ]
# shellcheck disable=SC2016 # the marks of a block
sed -i 's/^## Another/```lab\nnonsense\n```\n&/' "$REUSE_TUTOR_LESSONS/later.md"
test_that 'nor those of a lesson with mistakes' tutor 0 '' review
lesson later
days_go_by -400
test_that 'with a clock that was set back they are due' tutor 0 --- review
test_that 'review takes no operand' tutor 2 '' review later
echo '{ "schema": 999 }' >"$file"
test_that 'with a newer file nothing is due' tutor 0 '' review
test_that 'and that file is kept' [ "$(cat "$file".newer-*)" = '{ "schema": 999 }' ]

echo "1..$n"
[ "$failed" -eq 0 ]
