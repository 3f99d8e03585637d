#!/bin/sh
# The pages against this kernel: every step that they name is there, and every result that they state is what the kernel gives
# now. Then each way in which a page can be wrong, in a copy: it must be found.

tree=${top_srcdir:-$(dirname "$0")/../..}
tutor=${REUSE_TUTOR:-./reuse-tutor}
work=$(mktemp -d "${TMPDIR:-/tmp}/rt-pages-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
n=0
pages=$(sed -n 's/^RT_PAGE(\([a-z]*\),.*/\1/p' "$tree/src/lesson/pages.def")

test_that() {
	what=$1
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		sed 's/^/# /' "$work/out"
	fi
}

# status STATUS COMMAND...: the command ends so; what it said is in $work/out.
status() {
	want=$1
	shift
	"$@" >"$work/out" 2>&1 </dev/null
	got=$?
	[ "$got" -eq "$want" ] || {
		echo "status $got, wanted $want" >>"$work/out"
		return 1
	}
}

said() {
	grep -qF -e "$1" "$work/out"
}

# every_result PAGE: as many things were checked as the file has lines `see`, and more than a few.
every_result() {
	sees=$(grep -c '^see ' "$tree/lessons/pages/$1.md")
	[ "$sees" -ge "$2" ] || return 1
	said "$1: ok, $sees of $sees as written" && return
	# With one uid what needs several is recorded; every other see was checked.
	sum=$(sed -n "s/^$1: ok, \([0-9]*\) of $sees as written, \([0-9]*\) skipped.*/\1 + \2/p" "$work/out")
	[ "$((sum))" -eq "$sees" ] && said 'the stage has one uid here'
}

# page SED-SCRIPT: the lessons in a copy, and in it the page glossary changed.
changed() {
	rm -rf "$work/lessons"
	mkdir "$work/lessons" "$work/lessons/pages"
	cp "$tree"/lessons/*.md "$work/lessons"
	cp "$tree"/lessons/pages/*.md "$work/lessons/pages"
	sed "$1" "$tree/lessons/pages/glossary.md" >"$work/lessons/pages/glossary.md"
	! cmp -s "$tree/lessons/pages/glossary.md" "$work/lessons/pages/glossary.md"
}

in_copy() {
	REUSE_TUTOR_LESSONS=$work/lessons "$@"
}

"$tutor" check time-wait >"$work/out" 2>&1
if [ $? -eq 77 ]; then
	echo "1..0 # SKIP $(head -1 "$work/out")"
	exit 0
fi
[ -n "$pages" ] || {
	echo 'Bail out! no page was found in pages.def'
	exit 1
}
for page in $pages; do
	test_that "$page holds on this kernel" status 0 "$tutor" check "$page"
	test_that "$page: every see was checked" every_result "$page" 6
	test_that "$page is printed" status 0 "$tutor" "$page"
	test_that "$page has its steps' titles" said 'Step: '
	test_that "$page is JSON" status 0 "$tutor" "$page" --json
	test_that "$page --json has entries" said '"entries"'
done

test_that 'the article has its twenty claims' sh -c "[ \"\$('$tutor' article --json | grep -c '\"number\"')\" -eq 20 ]"
test_that 'one entry is found by its word' status 0 "$tutor" glossary accept queue
test_that 'and stands alone' said 'Accept queue'
test_that 'without its neighbours' sh -c "! grep -q Backlog '$work/out'"
test_that 'an unknown word is refused' status 2 "$tutor" glossary TIME_WIAT
test_that 'with the one that was meant' said 'did you mean "TIME_WAIT"?'

test_that 'a copy is changed' changed 's/^see time-wait:new-only@trap = EADDRINUSE/see time-wait:new-only@trap = 0/'
test_that 'a result that the kernel does not give fails' status 1 in_copy "$tutor" check glossary
test_that 'with what the kernel says' said 'got      -1 EADDRINUSE'
test_that 'a copy is changed' changed 's/^see time-wait:both@both/see time-wait:booth@both/'
test_that 'a step that is not there fails' status 1 in_copy "$tutor" check glossary
test_that 'with its name' said 'that lesson has no step "booth"'
test_that 'a copy is changed' changed 's/^see time-wait:both@both/see time-wiat:both@both/'
test_that 'a lesson that is not there fails' status 1 in_copy "$tutor" check glossary
test_that 'a copy is changed' changed 's/^see time-wait:both@both/see time-wait:both@boath/'
test_that 'a label that is not there fails' status 1 in_copy "$tutor" check glossary
test_that 'a copy is changed' changed 's/^source /sources /'
test_that 'a page with mistakes is refused' status 4 in_copy "$tutor" check glossary
test_that 'with the place' said 'glossary.md:18:1: expected verdict, also, source or see'
test_that 'and is not printed' status 4 in_copy "$tutor" glossary
test_that 'by its path too' status 4 in_copy "$tutor" check "$work/lessons/pages/glossary.md"
test_that 'a page is not rewritten' status 2 "$tutor" check --update --yes glossary
cp "$tree/lessons/pages/article.md" "$work/lessons/pages/article.md"
sed -i '/^see per-ip:two-addresses@second = 0$/d' "$work/lessons/pages/article.md"
test_that 'a claim without a step is refused' status 4 in_copy "$tutor" check article
test_that 'with its place' said 'no step with a result shows this'
# A lesson that is changed takes its support away.
test_that 'a copy is made' changed '$ a\
'
sed -i 's/^new:    setsockopt(n, SO_REUSEADDR, 1)$/new:    getsockopt(n, SO_REUSEADDR)/' "$work/lessons/time-wait.md"
test_that 'a lesson that no longer shows it fails the page' status 1 in_copy "$tutor" check glossary
test_that 'with the entry' said 'SO_REUSEADDR: time-wait:both@both'
echo "1..$n"
