#!/bin/sh
# Every file of the corpus, every lesson and every page, through the fuzz target once: bytes that once broke the parser stay here.

n=0
for file in "${top_srcdir:-.}"/tests/fuzz/corpus/* "${top_srcdir:-.}"/lessons/*.md \
	"${top_srcdir:-.}"/lessons/pages/*.md; do
	n=$((n + 1))
	if "${top_builddir:-.}/tests/fuzz/fuzz_lesson" "$file" >&2; then
		echo "ok $n - ${file##*/}"
	else
		echo "not ok $n - ${file##*/}"
	fi
done
echo "1..$n"
