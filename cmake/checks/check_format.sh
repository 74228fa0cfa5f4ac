#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check_format.sh TREE_CHECK ROOT
# Every C++ file has the form that .clang-format gives it.
set -eu

command -v clang-format-19 >/dev/null || {
  echo "clang-format-19 is missing: install the package clang-format-19" >&2
  exit 1
}
tree_check=$1
cd "$2"
"$tree_check" list . .cpp .hpp .h | xargs -n 40 -P 2 clang-format-19 --dry-run -Werror
