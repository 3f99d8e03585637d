#!/bin/sh
# count.sh TEST-SUITE.LOG...: sums what Automake's harness wrote; prints "N passed, N failed, N skipped".
# Fails where a test failed, and also where none passed: a run without a test proves nothing.

awk '
	FNR > 12 { next } # what follows is the output of the tests
	/^# (PASS|XFAIL): / { passed += $3 }
	/^# (FAIL|XPASS|ERROR): / { failed += $3 }
	/^# SKIP: / { skipped += $3 }
	END {
		printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
		if (!passed)
			print "no test ran" > "/dev/stderr"
		exit failed || !passed
	}
' "$@" /dev/null
