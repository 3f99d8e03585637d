#!/bin/sh
# Every lesson against this kernel: each result and each expectation is a test of its own, or as many as the program makes of
# them. The program must find the lessons by itself, in its build tree. Then the pages, which rest on results of the lessons:
# who changes a lesson sees here what no longer holds.

lessons=$(find "${top_srcdir:-.}/lessons" -name '*.md' | wc -l)
if [ "$lessons" -eq 0 ]; then
	echo 'Bail out! there is no lesson to check'
	exit 1
fi
tutor=${REUSE_TUTOR:-./reuse-tutor}
names=$("$tutor" list | awk '{ print $2 }')
pages=$(sed -n 's/^RT_PAGE(\([a-z]*\),.*/\1/p' "${top_srcdir:-.}/src/lesson/pages.def")
if [ -z "$names" ] || [ -z "$pages" ]; then
	echo 'Bail out! no lesson or no page was found'
	exit 1
fi
# shellcheck disable=SC2086 # a word a name
output=$("$tutor" check --size 80x24 --format tap $names $pages)
status=$?
if [ "$status" -eq 77 ]; then
	case $output in
	1..*) ;;
	*) output="1..0 # SKIP no stage can be built here" ;;
	esac
	status=0
fi
printf '%s\n' "$output"
case $status-$output in
0-* | *'not ok '*) ;;
*) echo "Bail out! reuse-tutor check ended with status $status" ;;
esac
# What is no failure for a lesson of somebody's own is one for a lesson of the course. So is one that speaks of an earlier lesson,
# `per-ip`, and does not build on it, nor on one that does: after: in its front matter.
apart=$(find "${top_srcdir:-.}/lessons" -maxdepth 1 -name '*.md' -exec awk -v names="$(echo "$names" | tr '\n' ' ')" '
	FNR == 1 { id = FILENAME; sub(/.*\//, "", id); sub(/\.md$/, "", id) }
	/^after: / { after[id] = substr($0, 8) }
	{
		for (line = $0; match(line, /`[a-z-]+`/); line = substr(line, RSTART + RLENGTH))
			says[id, substr(line, RSTART + 1, RLENGTH - 2)]
	}
	END {
		n = split(names, name, " ")
		for (i = 1; i <= n; i++) {
			m = split(after[name[i]], base, " ")
			for (k = 1; k <= m; k++) {
				built[name[i], base[k]]
				for (j = 1; j < i; j++)
					if ((base[k], name[j]) in built)
						built[name[i], name[j]]
			}
			for (j = 1; j < i; j++)
				if ((name[i], name[j]) in says && !((name[i], name[j]) in built))
					print name[i] " speaks of " name[j] " and does not build on it"
		}
	}' {} +)
[ -z "$apart" ] || echo "Bail out! $apart"
case $output in
*'# warning: '*) echo 'Bail out! a lesson warns: see above' ;;
esac
exit "$status"
