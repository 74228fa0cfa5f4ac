# Each system call that musl's source makes by name is in src/posix/syscalls.def: implemented, or
# refused for a reason that is told.
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")
unset(ENV{SKERRY_CACHE}) # the download that the sysroot was built from
include("${RECIPES}/fetch/fetch.cmake")
include("${RECIPES}/sysroot/versions.cmake")
skerry_fetch_source(${SKERRY_MUSL_SOURCE} OUTPUT archive)
file(ARCHIVE_EXTRACT INPUT "${archive}" DESTINATION "${WORK}")
file(GLOB source "${WORK}/musl-*")
file(COPY "${RECIPES}/sysroot/musl/overlay/" DESTINATION "${source}")

# The names that match `pattern` in the files, without the prefix.
function(find_names pattern prefix output)
  set(names)
  foreach(file IN LISTS ARGN)
    file(STRINGS "${file}" lines REGEX "${pattern}")
    string(REGEX MATCHALL "${pattern}" found "${lines}")
    list(APPEND names ${found})
  endforeach()
  list(REMOVE_DUPLICATES names)
  list(TRANSFORM names REPLACE "^${prefix}" "")
  set(${output} "${names}" PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE sources "${source}/src/*.c" "${source}/src/*.h" "${source}/src/*.s"
  "${source}/arch/x86_64/*.h")
find_names("SYS_[a-z0-9_]+" "SYS_" used ${sources})
find_names("__NR_[a-z0-9_]+" "__NR_" existing "${source}/arch/x86_64/bits/syscall.h.in")
find_names("(CALL|CALL_NUMBERED|PARTLY|REFUSED)\\([a-z0-9_]+" "[A-Z_]+\\(" known "${RECIPES}/../src/posix/syscalls.def")

set(unknown)
set(count 0)
foreach(name IN LISTS used)
  if(name IN_LIST existing) # else it is of another processor
    math(EXPR count "${count} + 1")
    # src/internal/syscall.h makes getdents64 of it.
    if(NOT name IN_LIST known AND NOT name STREQUAL "getdents")
      list(APPEND unknown "${name}")
    endif()
  endif()
endforeach()
expect_equal("${unknown}" "")
if(count LESS 200)
  message(FATAL_ERROR "musl makes only ${count} calls by name: the search has missed most of them")
endif()
message(NOTICE "${count} calls of musl are known")
