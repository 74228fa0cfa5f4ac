# mimalloc as musl's allocator: one object that is added to libc.a.
# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)
set(SKERRY_MIMALLOC_RECIPE "${CMAKE_CURRENT_LIST_DIR}")

function(skerry_mimalloc_step)
  set(source "${SKERRY_WORK}/source")
  file(COPY "${SKERRY_BUILD}/source/mimalloc/" DESTINATION "${source}")
  skerry_patch("${source}" "${SKERRY_MIMALLOC_RECIPE}/patches")
  skerry_run("${SKERRY_CLANG}" --target=${SKERRY_TRIPLE} -nostdlibinc
    -isystem "${SKERRY_STAGE}/include" -std=gnu11 ${SKERRY_SYSROOT_FLAGS} ${SKERRY_CANARY_FLAGS}
    -ftls-model=local-exec -w -DNDEBUG -DMI_SECURE=4 -DMI_STAT=0 -DMI_SKIP_COLLECT_ON_EXIT=1
    -ffile-prefix-map=${source}=mimalloc
    "-I${source}/include" "-I${source}/src"
    -c "${SKERRY_MIMALLOC_RECIPE}/allocator.c" -o "${SKERRY_WORK}/allocator.o")
  # mimalloc's own names become local: a program may bring its own copy of it.
  file(STRINGS "${SKERRY_MIMALLOC_RECIPE}/exports.txt" exports REGEX "^[^#]")
  list(TRANSFORM exports PREPEND --keep-global-symbol=)
  skerry_run("${SKERRY_OBJCOPY}" ${exports} "${SKERRY_WORK}/allocator.o")
  file(COPY "${SKERRY_STAGE}/lib/libc.a" DESTINATION "${SKERRY_WORK}")
  skerry_run("${SKERRY_AR}" rcsD "${SKERRY_WORK}/libc.a" "${SKERRY_WORK}/allocator.o")
  file(RENAME "${SKERRY_WORK}/libc.a" "${SKERRY_STAGE}/lib/libc.a")
endfunction()
