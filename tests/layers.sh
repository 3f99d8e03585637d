#!/bin/sh
# layers.sh [TREE]: each folder of src includes only what stands below it. Prints TAP: one test a rule, each offence as
# file:line. The table is that of the design; a folder may always include itself.

set -u
tree=${1:-${top_srcdir:-$(dirname "$0")/..}}

# folder: the folders that it may include
rules='
base:
model: base
rules: model base
stage: model base
diag: model base
capture: model base
store: model base
lesson: rules model base
report: lesson rules model base
ui: lesson rules model base
cmd: ui report store lesson rules stage diag capture model base
main.c: cmd base
'
# file: the folders that this one file may include besides
exceptions='
lesson/world_live.c: stage diag capture
lesson/world_probe.c: stage diag
'
# header: the folder that alone may include it, and in how many of its files (0: any number)
reserved='
curses.h ui 1
ncurses.h ui 1
ncursesw/ ui 1
netlink/ diag 0
cmark.h lesson 0
jansson.h report,store,cmd,lesson 0
'

cd "$tree" || exit 1
sources=$(find src -name '*.[ch]' -o -name '*.def' | LC_ALL=C sort)
if [ -z "$sources" ]; then
	echo "Bail out! no source files in $tree/src"
	exit 1
fi
# shellcheck disable=SC2086 # one word a file: the names have no blanks
awk -v rules="$rules" -v exceptions="$exceptions" -v reserved="$reserved" '
	function table(text, into,    lines, n, i, cut) {
		n = split(text, lines, "\n")
		for (i = 1; i <= n; i++) {
			cut = index(lines[i], ":")
			if (cut)
				into[substr(lines[i], 1, cut - 1)] = substr(lines[i], cut + 1) " "
		}
	}
	function offend(test, text) {
		offences[test] = offences[test] "#   " FILENAME ":" FNR ": " text "\n"
	}
	function own_header(name,    folder) {
		folder = name
		if (name == "config.h" && here == "main.c")
			return
		if (!sub(/\/.*/, "", folder)) {
			offend("folders", "\"" name "\": write the folder too, \"" here "/" name "\"")
			return
		}
		if (folder == here || index(allowed[here], " " folder " ") || index(besides[file], " " folder " "))
			return
		offend("folders", file " includes \"" name "\", but " here " may include only:" \
			(allowed[here] == " " ? " nothing of src" : allowed[here]))
	}
	function foreign_header(name,    i) {
		for (i = 1; i <= n_reserved; i++) {
			if (index(name, header[i]) != 1)
				continue
			if (!index("," owner[i] ",", "," here ","))
				offend("headers", "<" name "> belongs to " owner[i] " alone")
			if (most[i] && !((file, most[i]) in seen) && ++users[most[i], owner[i]] > most[i])
				offend("headers", "<" name "> belongs to one file of " owner[i] " alone")
			seen[file, most[i]] = 1
		}
	}
	BEGIN {
		table(rules, allowed)
		table(exceptions, besides)
		n = split(reserved, lines, "\n")
		for (i = 1; i <= n; i++) {
			if (split(lines[i], word, " ") == 3) {
				header[++n_reserved] = word[1]
				owner[n_reserved] = word[2]
				most[n_reserved] = word[3]
			}
		}
	}
	FNR == 1 {
		file = FILENAME
		sub(/^src\//, "", file)
		here = file
		sub(/\/.*/, "", here)
		if (!(here in allowed))
			offend("known", "the folder " here " has no rule in tests/layers.sh")
		files++
	}
	/^[ \t]*#[ \t]*include[ \t]*[<"]/ {
		name = $0
		own = name ~ /include[ \t]*"/
		sub(/^[^<"]*[<"]/, "", name)
		sub(/[>"].*/, "", name)
		includes++
		if (own)
			own_header(name)
		else
			foreign_header(name)
	}
	END {
		say["known"] = "every folder of src has a rule"
		say["folders"] = "each folder includes only what stands below it"
		say["headers"] = "curses, netlink, cmark and jansson are included only where they belong"
		n = split("known folders headers", order, " ")
		print "1.." n
		print "# " files " files, " includes " includes"
		for (i = 1; i <= n; i++) {
			if (offences[order[i]] != "") {
				print "not ok " i " - " say[order[i]]
				printf "%s", offences[order[i]]
				failed = 1
			} else if (includes) {
				print "ok " i " - " say[order[i]]
			} else {
				print "not ok " i " - no include was read"
				failed = 1
			}
		}
		exit failed
	}
' $sources
