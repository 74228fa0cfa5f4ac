#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check_refusals.sh ROOT [write]
# The README lists the refused calls as src/posix/syscalls.def has them, between its two markers;
# with `write` it is made to.
set -eu

cd "$1"
wanted=$(mktemp)
trap 'rm -f "$wanted"' EXIT
awk '
  FNR == NR {
    if (match($0, /^REFUSED\([a-z0-9_]+, "/)) {
      name = substr($0, 9, RLENGTH - 11)
      reason = substr($0, RLENGTH + 1, length($0) - RLENGTH - 2)
      if (!(reason in names)) order[++count] = reason
      names[reason] = names[reason] (names[reason] == "" ? "" : " ") "`" name "`"
    }
    next
  }
  /<!-- refused calls -->/ {
    print
    print "| refused | because |"
    print "| --- | --- |"
    for (i = 1; i <= count; ++i) print "| " names[order[i]] " | " order[i] " |"
    inside = 1
    next
  }
  /<!-- end of refused calls -->/ { inside = 0; ends = 1 }
  !inside { print }
  END { if (!ends) exit 1 }
' src/posix/syscalls.def README.md >"$wanted" || {
  echo "README.md: expected the markers 'refused calls' and 'end of refused calls'" >&2
  exit 1
}
if [ "${2:-}" = write ]; then
  cat "$wanted" >README.md
elif ! diff -u README.md "$wanted"; then
  echo "README.md: the refused calls differ from src/posix/syscalls.def; mend them with" >&2
  echo "  sh cmake/checks/check_refusals.sh . write" >&2
  exit 1
fi
