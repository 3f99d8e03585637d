#!/bin/sh
# Keys without sense: the keys of the table, letters, bytes that are no UTF-8, sequences that no key sends, and sizes from
# 10x3 to 200x60 between them, on whatever screen they lead to. The program must live through all of it, and end as ever.
# RT_SEED in the environment repeats a run: with the same seed the same keys come in the same order.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin

rounds=${RT_ROUNDS:-40}
seed=${RT_SEED:-$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')}
echo "# RT_SEED=$seed"

# ROUNDS lines: a size or -, then keys as hexadecimal bytes. No ^C, ^Z and ^\, which end or stop it, and no Q and $; what has
# ended all the same is started again.
awk -v seed="$seed" -v rounds="$rounds" '
function pick(n) { return int(rand() * n) }
function hex(s,   i, out) {
	for (i = 1; i <= length(s); i++)
		out = out sprintf(" %02x", index(ascii, substr(s, i, 1)) + 31)
	return out
}
BEGIN {
	srand(seed)
	for (i = 32; i < 127; i++)
		ascii = ascii sprintf("%c", i)
	n = split("[A [B [C [D [H [F [5~ [6~ [Z OP OA OB [3~ [99;99H [?1;2c ]x", sequence, " ")
	letters = "vhofrkbngRGN/zsftIo?123456789  nnbb"
	for (round = 0; round < rounds; round++) {
		line = pick(3) ? "-" : 10 + pick(191) "x" 3 + pick(58)
		for (i = 0; i < 25; i++) {
			what = pick(20)
			if (what < 5)
				line = line " 0d"
			else if (what < 11)
				line = line hex(substr(letters, 1 + pick(length(letters)), 1))
			else if (what < 15)
				line = line " 1b" hex(sequence[1 + pick(n)])
			else if (what < 17)
				line = line hex(substr("abcdefghijklmnoprstuvwxyz;:.%", 1 + pick(29), 1))
			else if (what < 18)
				line = line sprintf(" %s", pick(2) ? "09" : pick(2) ? "7f" : "1b")
			else if (what < 19)
				line = line sprintf(" %02x %02x", 128 + pick(128), 128 + pick(128))
			else
				line = line (pick(2) ? " e4 b8 ad" : " c2 9b 33 31 6d")
		}
		print line
	}
}' >"$dir/keys"

is_up() {
	shows 'Enter open' || shows 'step '
}

begin() {
	start 80x24 "$REUSE_TUTOR" "$@"
	until_true is_up
}

# What ended by a key of its own (a q in the list) has ended well.
ended_well() {
	[ ! -e "$run/status" ] || [ "$(cat "$run/status")" = 0 ]
}

lives() {
	while read -r size bytes; do
		if [ -e "$run/status" ]; then
			ended_well || return 1
			begin
		fi
		[ "$size" = - ] || resize "$size"
		# shellcheck disable=SC2086 # a word a byte
		in_tmux send-keys -H $bytes
	done <"$dir/keys"
}

state=$dir/state
begin run time-wait
test_that 'it lives through keys without sense' lives
resize 80x24
# Whatever it shows, it shows something and takes keys: the first Esc may only empty what is being typed.
leave() {
	ended_well || return 1
	[ -e "$run/status" ] || keys Escape
	[ -e "$run/status" ] || keys Escape
	[ -e "$run/status" ] || keys Q
	[ -e "$run/status" ]
}
test_that 'it ends when it is told to' until_true leave
test_that 'without an error' ended_well
test_that 'the terminal is as it was' screen_is_restored
test_that 'nothing is left' no_process_left
screen_end
