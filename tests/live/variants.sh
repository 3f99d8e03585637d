#!/bin/sh
# Every lesson as Review asks it, with other ports, other addresses and another order of the choices: each must pass as the
# lesson itself does. A test for each lesson and seed.

tutor=${REUSE_TUTOR:-./reuse-tutor}
seeds='1 2 3 4 5'
lessons=$(find "${top_srcdir:-.}/lessons" -maxdepth 1 -name '*.md' | LC_ALL=C sort)
n=0

[ -n "$lessons" ] || {
	echo 'Bail out! there is no lesson to check'
	exit 1
}
for seed in $seeds; do
	for lesson in $lessons; do
		n=$((n + 1))
		output=$("$tutor" check --variant "$seed" "$lesson" 2>&1)
		case $? in
		0) echo "ok $n - $(basename "$lesson" .md), variant $seed" ;;
		77) echo "ok $n - $(basename "$lesson" .md) # SKIP no stage can be built here" ;;
		*)
			echo "not ok $n - $(basename "$lesson" .md), variant $seed"
			printf '%s\n' "$output" | sed 's/^/# /'
			;;
		esac
	done
done
echo "1..$n"
