#!/bin/sh
# Every example of README and of the manual: the lines that begin with `$ reuse-tutor' (or set a variable for it, or are a sed
# between two of them) are run, page by page, in one folder. The status must be 0, or what the line says behind it:
# `# exit status 1'. Output that stands below a line must come.

tree=${top_srcdir:-$(dirname "$0")/../..}
case $tree in /*) ;; *) tree=$PWD/$tree ;; esac
tutor=${REUSE_TUTOR:-./reuse-tutor}
case $tutor in /*) ;; *) tutor=$PWD/$tutor ;; esac
work=$(mktemp -d "${TMPDIR:-/tmp}/rt-examples-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM PIPE
mkdir "$work/bin"
ln -s "$tutor" "$work/bin/reuse-tutor"
PATH=$work/bin:$PATH
HOME=$work/home
# Some users have none that runs commands: nologin(8).
SHELL=/bin/sh
export HOME SHELL
mkdir -m 700 "$work/runtime"
XDG_RUNTIME_DIR=$work/runtime
export XDG_RUNTIME_DIR
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME
n=0

# Commands of a page as `$ COMMAND', each followed by the output that is shown, as `> LINE'.
examples() {
	sed -e 's/\\(dq/"/g' -e 's/\\-/-/g' -e 's/\\&//g' "$1" | awk '
		/^ *\$ (([A-Z_]+=[^ ]* )*reuse-tutor( |$)|sed )/ { sub(/^ */, ""); print; shown = 1; next }
		/^ *\$ / || /^[ \t]*$/ || /^\./ { shown = 0; next }
		shown { sub(/^ */, ""); print "> " $0 }'
}

# What differs from run to run, and what a person types.
usual() {
	sed -e 's/[0-9][0-9]* ms/N ms/g' -e 's,\[y/n\] y$,[y/n],' -e 's/^ *//'
}

# Questions of a lesson are left open, those of the program answered with yes.
answers() {
	case $1 in
	*' run '*) yes - ;;
	*' play'*) echo quit ;;
	*' shell'*) echo exit ;;
	*) yes y ;;
	esac
}

# What `shell' is about: a tutor in another terminal, which stands at a question until its input ends.
begin_tutor() {
	mkfifo "$work/keys"
	: >"$work/other" # else what the one before wrote is found there
	reuse-tutor run per-ip --plain <"$work/keys" >"$work/other" 2>&1 &
	other=$!
	exec 9>"$work/keys"
	tries=0
	until grep -q '^Answer 1-' "$work/other" || [ $tries -ge 200 ]; do
		tries=$((tries + 1))
		sleep 0.05
	done
}

end_tutor() {
	exec 9>&-
	wait "$other"
	rm "$work/keys"
}

run_example() {
	command=$1
	wanted=$(expr "$command" : '.*# exit status \([0-9]*\)')
	n=$((n + 1))
	case $command in *' shell'*) begin_tutor ;; esac
	answers "$command" 2>/dev/null | timeout 100 sh -c "$command" >"$work/out" 2>&1 9>&-
	status=$?
	case $command in *' shell'*) end_tutor ;; esac
	# Whether the port is free is the machine's affair: both are answers.
	case $command in *' why '*) [ "$status" -eq 1 ] && status=0 ;; esac
	if [ "$status" -eq "${wanted:-0}" ]; then
		echo "ok $n - $page: ${command%%  *#*}"
	else
		echo "not ok $n - $page: ${command%%  *#*}"
		echo "# exit status $status"
		sed 's/^/# /' "$work/out"
	fi
}

check_output() {
	n=$((n + 1))
	line=$(printf '%s\n' "$1" | usual)
	if usual <"$work/out" | grep -qF -e "$line"; then
		echo "ok $n - $page: says $line"
	else
		echo "not ok $n - $page: says $line"
		sed 's/^/# /' "$work/out"
	fi
}

# The lesson that stands in a page, as a file of that name.
example_lesson() {
	awk '/^\.Ss Example/ { here = 1 } here && /^\.Ed/ { exit } here && shown { print } here && /^\.Bd/ { shown = 1 }' "$1"
}

cd "$work" || exit 1
reuse-tutor new probe >/dev/null
reuse-tutor check probe.md >/dev/null 2>&1
if [ $? -eq 77 ]; then
	echo '1..0 # SKIP no stage can be built here'
	exit 0
fi
for file in "$tree/README" "$tree"/man/*.[1-8]; do
	page=${file##*/}
	mkdir "$work/$page" && cd "$work/$page" || exit 1
	cp -r "$tree/lessons" lessons
	chmod -R u+w lessons
	examples "$file" >"$work/list"
	while IFS= read -r line <&3; do
		case $line in
		'$ '*) run_example "${line#??}" ;;
		*) check_output "${line#??}" ;;
		esac
	done 3<"$work/list"
done
page=reuse-tutor-lesson.5
mkdir "$work/example" && cd "$work/example" || exit 1
example_lesson "$tree/man/$page" >one-port.md
run_example 'reuse-tutor check --size 80x24 one-port.md'
[ "$n" -gt 1 ] || echo 'Bail out! there is no example'
echo "1..$n"
