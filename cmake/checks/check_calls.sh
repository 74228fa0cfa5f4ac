#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check_calls.sh ROOT [write]
# The README has the table of calls as src/posix/syscalls.def and test/truth/refused.txt give it,
# between its two markers; with `write` it is made to.
set -eu

cd "$1"
wanted=$(mktemp)
trap 'rm -f "$wanted"' EXIT
awk '
  function quoted(name) { return "`" name "`" }
  function add(list, name) { return list (list == "" ? "" : " ") quoted(name) }

  # What the literals of a row say together.
  function words(row) {
    gsub(/"[ ]+"/, "", row)
    sub(/^[^"]*"/, "", row)
    sub(/"[)]$/, "", row)
    return row
  }

  function take(row,   name, text) {
    name = row
    sub(/^[A-Z_]+[(]/, "", name)
    sub(/[,)].*/, "", name)
    text = words(row)
    known[name] = 1
    if (row ~ /^REFUSED/) {
      if (!(text in refused)) refusals[++refusal_count] = text
      refused[text] = add(refused[text], name)
    } else if (row ~ /^PARTLY/) {
      if (!(text in partly)) parts[++part_count] = text
      partly[text] = add(partly[text], name)
    } else {
      if (!(title in whole)) titles[++title_count] = title
      whole[title] = add(whole[title], name)
    }
  }

  FILENAME ~ /syscalls.def$/ {
    if (/^\/\/ /) title = substr($0, 4)
    else if ($0 != "") {
      row = row (row == "" ? "" : " ") $0
      if (/[)]$/) {
        take(row)
        row = ""
      }
    }
    next
  }
  FILENAME ~ /refused.txt$/ {
    if (!/^#/ && !($0 in known)) unasked = add(unasked, $0)
    next
  }
  /<!-- calls -->/ {
    print
    print "| implemented | |"
    print "| --- | --- |"
    for (i = 1; i <= title_count; ++i) print "| " titles[i] " | " whole[titles[i]] " |"
    print ""
    print "| implemented in part | what there is not |"
    print "| --- | --- |"
    for (i = 1; i <= part_count; ++i) print "| " partly[parts[i]] " | " parts[i] " |"
    print ""
    print "| refused | because |"
    print "| --- | --- |"
    for (i = 1; i <= refusal_count; ++i) print "| " refused[refusals[i]] " | " refusals[i] " |"
    print "| " unasked " | not there so far |"
    inside = 1
    next
  }
  /<!-- end of calls -->/ { inside = 0; ends = 1 }
  !inside { print }
  END { if (!ends) exit 1 }
' src/posix/syscalls.def test/truth/refused.txt README.md >"$wanted" || {
  echo "README.md: expected the markers 'calls' and 'end of calls'" >&2
  exit 1
}
if [ "${2:-}" = write ]; then
  cat "$wanted" >README.md
elif ! diff -u README.md "$wanted"; then
  echo "README.md: the table of calls differs from src/posix/syscalls.def; mend it with" >&2
  echo "  sh cmake/checks/check_calls.sh . write" >&2
  exit 1
fi
