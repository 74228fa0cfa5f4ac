#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The code in platform/x86_64/boot runs before the image is relocated: it may form addresses only
# relative to the instruction pointer, and its constants may hold none (a table of pointers, a
# virtual function). The linker turns GOTPCRELX into that form; every other absolute or indirect
# relocation outside of debug information is refused.
set -eu

folder=${SKERRY_SDK:?expected the folder of the SDK that was just built}/../CMakeFiles/floor_platform.dir/platform/x86_64/boot
found=no
for object in "$folder"/*.cpp.obj; do
  [ -e "$object" ] || break
  found=yes
  llvm-readelf-19 --relocations --wide "$object" | awk -v object="${object##*/}" '
    /^Relocation section/ { section = $3 }
    section ~ /\.rela\.debug/ { next }
    $3 ~ /^R_X86_64_/ && $3 !~ /^R_X86_64_(PC32|PC64|PLT32|GOTPCRELX|REX_GOTPCRELX)$/ {
      print object ": " section " has " $3 " to " $5
      wrong = 1
    }
    END { exit wrong }'
done
if [ "$found" = no ]; then
  echo "$folder has no objects; expected the SDK inside the guest's build folder" >&2
  exit 1
fi
