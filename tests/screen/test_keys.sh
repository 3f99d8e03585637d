#!/bin/sh
# Keys that nobody meant: a paste, an input method, sequences that mean nothing. And looks without colour.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin
need_stage

start 80x24 "$REUSE_TUTOR" run time-wait
wait_text 'step 1/'
paste=$dir/paste
awk 'BEGIN { for (i = 0; i < 10000; i++) printf "%s", substr("zsI?xjh9", i % 8 + 1, 1); printf "\033" }' >"$paste"
in_tmux load-buffer "$paste"
in_tmux paste-buffer
keys Escape
test_that 'a paste of 10,000 keys does no harm' wait_text 'step 1/'
awk 'BEGIN { for (i = 0; i < 10000; i++) printf " " }' >"$paste"
in_tmux load-buffer "$paste"
in_tmux paste-buffer
test_that 'a paste of 10,000 blanks stops at the first question' wait_text '─ Predict '
test_that 'which is in the first step' shows 'step 1/'
text '你'
test_that 'a Chinese character asks for the English input method' wait_text 'Input method is on'
text '１'
test_that 'a full-width digit is a digit' wait_text '─ Result '
keys Q
ends_with 0
test_that 'the terminal is as it was' screen_is_restored

differs_from() {
	[ "$(capture)" != "$1" ]
}

is_again() {
	[ "$(capture)" = "$1" ]
}

start 80x24 env TERM=xterm-256color "$REUSE_TUTOR" run time-wait
wait_text 'step 1/'
keys '?'
wait_text 'Esc close'
# End as xterm and as rxvt send it, whatever TERM says; F5, Ctrl-F5, a report of the cursor, and one that is cut off.
first=$(capture)
text "$(printf '\033[F')"
test_that 'End goes to the end of the help, whichever sequence it sends' until_true differs_from "$first"
test_that 'which stays open' shows 'Esc close'
text "$(printf '\033[1~')"
test_that 'and Home back' until_true is_again "$first"
text "$(printf '\033[15~')"
text "$(printf '\033[15;5~')"
text "$(printf '\033[3;1R')"
text "$(printf '\033[')"
keys Down
test_that 'a sequence that means nothing does nothing' until_true differs_from "$first"
test_that 'and does not close the help' shows 'Esc close'
keys Escape
test_that 'Escape does' wait_gone 'Esc close'
keys Q
ends_with 0

# CSI 38 and 48, and 30 to 47 as parameters, choose colours.
has_colour() {
	coloured | grep -Eq "$(printf '\033')\\[([0-9]+;)*(3[0-7]|4[0-7]|38|48)(;[0-9]+)*m"
}

start 80x24 "$REUSE_TUTOR" run time-wait
wait_text 'step 1/'
test_that 'there are colours' has_colour
keys Q
ends_with 0
start 80x24 env NO_COLOR=1 "$REUSE_TUTOR" run time-wait
wait_text 'step 1/'
test_that 'NO_COLOR leaves none' not has_colour
keys Q
ends_with 0

is_ascii() {
	[ -z "$(capture | LC_ALL=C tr -d '\000-\177')" ]
}

start 80x24 "$REUSE_TUTOR" --ascii run time-wait
wait_text 'step 1/'
test_that '--ascii shows ASCII alone' is_ascii
test_that 'with lines of it' shows '- Script ---'
keys Q
ends_with 0
start 80x24 env LC_ALL=C "$REUSE_TUTOR" run time-wait
wait_text 'step 1/'
test_that 'so does a locale without UTF-8' is_ascii
text 'ä'
test_that 'where a letter that is not ASCII asks for the English input method' wait_text 'Input method is on'
keys n
test_that 'and harms nothing' wait_text '1 of '
keys Q
ends_with 0
test_that 'the terminal is as it was in the end' screen_is_restored
test_that 'no process is left' no_process_left

screen_end
