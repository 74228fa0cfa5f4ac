#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check_tidy.sh ROOT BUILD REGEX
# clang-tidy finds nothing in the sources that BUILD compiles and whose path below ROOT matches REGEX
# (of grep -E). What was found clean is remembered in the user's cache, by a hash of the compiler's
# command, of .clang-tidy and of every file of the tree that the source includes.
set -eu

root=$1
build=$(readlink -f "$2")
regex=$3
cache=${XDG_CACHE_HOME:-${HOME:-$build}/.cache}/skerry/tidy
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v clang-tidy-19 >/dev/null || {
  echo "clang-tidy-19 is missing: install the package clang-tidy-19" >&2
  exit 1
}
mkdir -p "$cache"
find "$cache" -type f -mtime +30 -delete

# SOURCE<tab>OBJECT<tab>COMMAND of every entry; CMake writes each member on a line of its own.
awk -F '": "' -v root="$root/" -v regex="^($regex)" '
  /^  "command"/ { command = $2 }
  /^  "file"/ {
    file = $2
    sub(/",?$/, "", file)
    object = command
    sub(/.* -o /, "", object)
    sub(/ .*/, "", object)
    if (index(file, root) == 1 && substr(file, length(root) + 1) ~ regex)
      print file "\t" object "\t" command
  }
' "$build/compile_commands.json" | sort -u -k 1,1 >"$work/sources"
[ -s "$work/sources" ] || {
  echo "$build compiles nothing that matches $regex" >&2
  exit 1
}

# OBJECT<tab>FILE for each file that an object was made of. Those with absolute paths are the
# compiler's and the sysroot's, which the command names with its hash.
ninja -C "$build" -t deps | awk '
  /^[^ ]/ { object = $1; sub(/:$/, "", object); next }
  NF == 1 && $1 !~ /^\// { print object "\t" $1 }' >"$work/parts"

{
  clang-tidy-19 --version
  cat "$root/.clang-tidy"
} >"$work/recipe"

export root build cache work
# shellcheck disable=SC2016 # for the inner shell
cut -f 1 "$work/sources" | tr '\n' '\0' | xargs -0 -n 1 -P 2 sh -c '
  entry=$(grep -F "$0	" "$work/sources")
  object=$(echo "$entry" | cut -f 2)
  key=$({
    cat "$work/recipe"
    echo "$entry" | sed "s|$root/build/[a-z]*|<build>|g; s|$build|<build>|g; s|$root|<root>|g"
    cd "$build"
    awk -F "\t" -v object="$object" "\$1 == object { print \$2 }" "$work/parts" | sort -u | tr "\n" "\0" | xargs -0 cat
  } | sha256sum | cut -d " " -f 1)
  [ -e "$cache/$key" ] && exit
  if clang-tidy-19 -p "$build" --quiet "$0" >"$work/$key" 2>/dev/null; then
    : >"$cache/$key"
  else
    cat "$work/$key"
    echo "${0#"$root"/}: clang-tidy found what .clang-tidy asks for"
    exit 1
  fi'
