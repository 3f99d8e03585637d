#!/bin/sh
# Themes, and terminals that can do little.

# shellcheck source=tests/screen/lib.sh
. "${0%/*}/lib.sh"
screen_begin

has_colour() {
	coloured | grep -Eq "$(printf '\033')\\[([0-9]+;)*(3[0-7]|4[0-7]|38|48)(;[0-9]+)*m"
}

start 80x24 "$REUSE_TUTOR" run time-wait:2
wait_text 'step 2/'
test_that 'there are colours' until_true has_colour
keys t t t
test_that 't goes to mono' wait_text 'Theme: mono'
test_that 'which has none' until_true not has_colour
keys t
test_that 'then comes projector' wait_text 'Theme: projector'
test_that 'which has none either' not has_colour
keys t
test_that 'and auto again' wait_text 'Theme: auto'
test_that 'with colours' until_true has_colour
keys Q
ends_with 0
test_that 'the terminal is as it was' screen_is_restored

start 80x24 env REUSE_TUTOR_THEME=light "$REUSE_TUTOR"
wait_text 'Enter open'
keys t
test_that 'REUSE_TUTOR_THEME is the theme to begin with' wait_text 'Theme: mono'
keys q
ends_with 0

# What t chose holds in the next run; what stands in the environment or on the command line wins, and is not kept.
config=$dir/config
start 80x24 "$REUSE_TUTOR"
wait_text 'Enter open'
keys t t
wait_text 'Theme: light'
keys q
ends_with 0
test_that 't is kept as a setting' test "$(cat "$config/reuse-tutor/config")" = 'theme = light'
start 80x24 "$REUSE_TUTOR" --theme=dark
wait_text 'Enter open'
keys q
ends_with 0
start 80x24 env REUSE_TUTOR_THEME=auto "$REUSE_TUTOR"
wait_text 'Enter open'
keys q
ends_with 0
test_that 'an option or a variable is no setting' test "$(cat "$config/reuse-tutor/config")" = 'theme = light'
start 80x24 "$REUSE_TUTOR" --theme=dark
wait_text 'Enter open'
keys t
test_that '--theme wins over the setting' wait_text 'Theme: light'
keys q
ends_with 0
start 80x24 "$REUSE_TUTOR"
wait_text 'Enter open'
keys t
test_that 'the setting is the theme of the next run' wait_text 'Theme: mono'
keys q
ends_with 0
printf 'theme = purple\n' >"$config/reuse-tutor/config"
start 80x24 "$REUSE_TUTOR"
test_that 'a mistake is told' wait_text 'your settings have a mistake'
keys t t
wait_text 'Theme: light'
keys q
ends_with 0
test_that 'and the file is left as it is' test "$(cat "$config/reuse-tutor/config")" = 'theme = purple'
config=

for no in NO_COLOR=1 --color=never; do
	case $no in
	--*) start 80x24 "$REUSE_TUTOR" "$no" run time-wait:2 ;;
	*) start 80x24 env "$no" "$REUSE_TUTOR" run time-wait:2 ;;
	esac
	wait_text 'step 2/'
	keys t
	test_that "$no: t says that there are none" wait_text 'Theme: dark, without colours'
	test_that "$no: and there are none" not has_colour
	keys Q
	ends_with 0
done

# A build with sanitizers would report what ncurses keeps of a terminal it does not know.
start 80x24 env TERM=no-such-terminal ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0" "$REUSE_TUTOR"
test_that 'an unknown terminal is named' wait_text 'the terminal "no-such-terminal" cannot be used'
test_that 'with what helps' wait_text '--plain'
test_that 'it ends with status 5' ends_with 5
start 80x24 env TERM=dumb "$REUSE_TUTOR"
test_that 'on a dumb terminal the list is plain text' wait_text 'time-wait'
test_that 'and it ends' ends_with 0
start 10x3 "$REUSE_TUTOR" run time-wait
test_that '10x3 says what it needs' wait_text '40x12'
keys q
test_that 'and q ends it' ends_with 0
test_that 'no process is left' no_process_left

screen_end
