#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check_headers.sh TREE_CHECK ROOT COMPILER FLAG...
# Every header compiles alone. Those of the platform compile for the host as well: their assembly is
# not assembled. Headers that replace the C library's own belong to it alone.
set -eu

tree_check=$1
cd "$2"
shift 2
export compile="$*"
# shellcheck disable=SC2016 # for the inner shell
"$tree_check" list . .hpp .h | grep -v /musl/overlay/include/ | xargs -n 1 -P 2 sh -c '
  echo "#include \"$0\"" | $compile -x c++ -fsyntax-only - || {
    echo "$0: does not compile alone" >&2
    exit 1
  }'
