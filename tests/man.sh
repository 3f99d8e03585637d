#!/bin/sh
# The manual has every word of the tables in the source: who adds a row there has to describe it here.

set -f # a key may be ?, and a folder may have files of one letter
tree=${top_srcdir:-$(dirname "$0")/..}
tutor=${REUSE_TUTOR:-./reuse-tutor}
lesson5=$tree/man/reuse-tutor-lesson.5
tutor1=$tree/man/reuse-tutor.1
n=0

# A page, or one section of it, as plain words: macros and escapes of roff taken out.
words() {
	awk -v want="${2-}" '
		/^\.Sh / { here = $0; sub(/^\.Sh /, "", here) }
		want == "" || here == want {
			gsub(/\\&/, "")
			gsub(/\\-/, "-")
			gsub(/\\\(dq/, "\"")
			gsub(/Fl -/, "--")
			print
		}' "$1"
}

# has_all NAME TEXT WORD...: each word stands in the text, with no letter or digit right before or behind it.
has_all() {
	name=$1
	text=$2
	shift 2
	n=$((n + 1))
	missing=$(printf '%s\n' "$@" | TEXT=$text awk '
		BEGIN { text = "\n" ENVIRON["TEXT"] "\n" }
		function joined(text, at, word) {
			return substr(text, at - 1, 1) ~ /[A-Za-z0-9_]/ ||
				substr(text, at + length(word) - 1, 2) ~ /^[A-Za-z0-9_][A-Za-z0-9_]$/
		}
		function stands(word,    rest, at) {
			for (rest = text; (at = index(rest, word)) > 0; rest = substr(rest, at + 1))
				if (!joined(rest, at, word))
					return 1
			return 0
		}
		$0 != "" && ++n && !stands($0) { print }
		END { if (!n) print "(no word was found in the source)" }')
	if [ -z "$missing" ]; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		echo "$missing" | sed 's/^/# missing: /'
	fi
}

# The first argument of a macro in a .def file, without quotes.
rows() {
	sed -n "s/^$2([A-Z_]*, *\"\([a-z]*\)\".*/\1/p" "$tree/src/model/$1"
}

# The keys as they are shown, a word a line, of the rows that have a help text.
keys() {
	awk '
		/^RT_BIND\(/ { row = "" }
		{ row = row " " $0 }
		/\)$/ && row ~ /^ RT_BIND/ {
			if (row !~ /NULL\)$/) {
				match(row, /"[^"]*"/)
				print substr(row, RSTART + 1, RLENGTH - 2)
			}
			row = ""
		}' "$tree/src/ui/keys.def" | sed -e 's/\^\([A-Z_]\)/Ctrl-\1/g' -e 's/1-9/1\n9/' | tr ' ' '\n' | sort -u
}

calls=$(words "$lesson5" 'SCRIPT LINES')
# shellcheck disable=SC2046 # one word a word
{
	has_all 'reuse-tutor-lesson(5) has every call' "$calls" $(rows call.def RT_CALL | sed 's/$/(/')
	has_all 'every socket option' "$calls" $(sed -n 's/^RT_SOCKOPT(\([A-Z0-9_]*\),.*/\1/p' "$tree/src/model/sockopt.def")
	has_all 'every constant' "$calls" \
		$(grep -o '\(ONE\|BIT\)([A-Z]*, [A-Z0-9_]*)' "$tree/src/model/constants.c" | sed 's/.*, \(.*\))/\1/')
	has_all 'every forgery' "$calls" \
		$(grep -o 'WORD([a-z]*, [A-Z]*)' "$tree/src/model/constants.c" | sed 's/WORD(\(.*\),.*/\1/')
	has_all 'every state' "$calls" $(sed -n 's/^.*\[RT_[A-Z0-9_]*\] = "\([A-Z0-9_]*\)",/\1/p' "$tree/src/model/row.c") UNCONN
	has_all 'every feature' "$(words "$lesson5" FEATURES | grep '^\.It')" linux \
		$(sed -n 's/^	{"\([a-z0-9_-]*\)", RT_GATE_.*/\1/p' "$tree/src/lesson/gate.c")
	has_all 'every key of the front matter' "$(words "$lesson5" 'FRONT MATTER' | grep '^\.It')" \
		$(sed -n 's/^	{"\([a-z]*\)", .*/\1/p' "$tree/src/lesson/front.c")
	has_all 'every kind of block' "$(words "$lesson5" STEPS | grep '^\.It')" \
		$(sed -n 's/.*known\[\] = {\(.*\)};/\1/p' "$tree/src/lesson/prose.c" | tr -d '",')
	has_all 'every limit' "$(words "$lesson5" LIMITS | grep '^\.It')" \
		$(sed -n -e 's/.*RT_LESSON_\(STEPS\|LINES\|CHOICES\|HINTS\)_MAX = \([0-9]*\),.*/\2/p' "$tree/src/lesson/lesson.h") \
		$(sed -n 's/.*RT_SCOPE_[A-Z]*_MAX = \([0-9]*\),.*/\1/p' "$tree/src/lesson/scope.h") \
		$(sed -n 's/.*RT_DATA_MAX = \([0-9]*\),.*/\1/p' "$tree/src/model/order.h") \
		$(sed -n 's/.*IMAGES_MAX = \([0-9]*\),.*/\1/p' "$tree/src/lesson/prose.c") \
		$(sed -n 's/.*enum { ID_MAX = \([0-9]*\),.*/\1/p' "$tree/src/lesson/front.c") \
		$(awk '/RT_LINE_BYTES_MAX =/ { at = NR } at && NR <= at + 1 && match($0, /[0-9]+,/) { print substr($0, RSTART, RLENGTH - 1) }' \
			"$tree/src/lesson/lex.h")
	has_all 'reuse-tutor(1) has every key' "$(words "$tutor1" KEYS | grep '^\.It')" $(keys)
	has_all 'every command' "$(words "$tutor1" COMMANDS | grep '^\.It\|^\.Cm')" \
		$("$tutor" --help | sed -n '/commands are:$/,/^$/s/^  \([a-z]*\) .*/\1/p')
	has_all 'every option' "$(words "$tutor1" OPTIONS | grep '^\.It'; words "$tutor1" COMMANDS | grep '^\.It')" \
		$("$tutor" --help | sed -n '/^Options:$/,/^$/s/^  \(--[a-z]*\).*/\1/p')
	has_all 'every command in the synopsis' "$(words "$tutor1" SYNOPSIS)" \
		$("$tutor" --help | sed -n '/commands are:$/,/^$/s/^  \([a-z]*\) .*/\1/p')
}
echo "1..$n"
