#!/bin/sh
# Where a hash chooses the socket, a lesson can state bounds for each socket alone. This holds the rest against the kernel: what
# the two sockets of a group got makes up the whole, nothing twice and nothing lost.

tutor=${REUSE_TUTOR:-./reuse-tutor}
rounds=5
n=0

# count TOTAL STEP: reads the JSON of check. The step must have two calls that are made TOTAL times and whose tally is a range;
# what succeeded of both must make TOTAL.
count() {
	tr '{' '\n' | awk -v total="$1" -v step="\"step\":\"$2\"" '
	function successes(line, part)
	{
		part = line
		sub(/.*"got":"/, "", part)
		sub(/ x.*/, "", part)
		return part
	}
	index($0, step) && index($0, ": " total " x ") && /"expected":"[0-9]+\.\.[0-9]+ x / {
		calls++
		sum += successes($0)
		said = said " " successes($0)
	}
	END {
		print "of " total ":" said
		exit !(calls == 2 && sum == total)
	}'
}

# makes LESSON STEP TOTAL
makes() {
	n=$((n + 1))
	verdict=ok
	said=
	round=0
	while [ "$round" -lt "$rounds" ]; do
		round=$((round + 1))
		json=$("$tutor" check --json "$1") || verdict='not ok'
		counts=$(printf '%s\n' "$json" | count "$3" "$2") || verdict='not ok'
		said="$said# $counts
"
	done
	printf '%s %s - %s, step %s: the two sockets got %s together\n%s' "$verdict" "$n" "$1" "$2" "$3" "$said"
}

"$tutor" check one-port >/dev/null 2>&1
if [ $? -eq 77 ]; then
	echo '1..0 # SKIP no stage can be built here'
	exit 0
fi
makes reuseport share 200
makes udp-theft spread 100
makes udp-theft join 50
makes udp-theft connected 100
echo "1..$n"
