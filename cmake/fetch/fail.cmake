# How a recipe stops: one line that names the thing, its value and what was expected.
# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)

# skerry_fail(TEXT): prints `skerry: TEXT` on stderr and ends with a non-zero status.
# CMake 3.25 cannot end a script silently, so its own words follow; the line before them is ours,
# unwrapped, so that people and tests can rely on it.
function(skerry_fail text)
  message(NOTICE "skerry: ${text}")
  message(FATAL_ERROR " stopped: see the line above")
endfunction()

# skerry_free_mebibytes(DIRECTORY OUTPUT): free space of the file system under DIRECTORY in MiB,
# or an empty string where `df` does not say.
function(skerry_free_mebibytes directory output)
  set(free "")
  execute_process(COMMAND df -Pk "${directory}"
    OUTPUT_VARIABLE text ERROR_QUIET RESULT_VARIABLE status)
  # header, then: device blocks used free percentage mount-point
  set(number "[ \t]+([0-9]+)")
  if(status EQUAL 0 AND text MATCHES "\n[^\n]*${number}${number}${number}[ \t]+[0-9]+%")
    math(EXPR free "${CMAKE_MATCH_3} / 1024")
  endif()
  set(${output} "${free}" PARENT_SCOPE)
endfunction()

# skerry_disk_hint(DIRECTORY OUTPUT): words for an error message when the disk is full, else empty.
function(skerry_disk_hint directory output)
  set(hint "")
  skerry_free_mebibytes("${directory}" free)
  if(NOT free STREQUAL "" AND free LESS 32)
    set(hint " (no space left: ${free} MiB free in ${directory})")
  endif()
  set(${output} "${hint}" PARENT_SCOPE)
endfunction()
