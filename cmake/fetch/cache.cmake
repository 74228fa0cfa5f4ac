# Where fetched and built things are kept: one folder per user, shared by all checkouts.
# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)
include("${CMAKE_CURRENT_LIST_DIR}/fail.cmake")

# skerry_cache_directory(OUTPUT): -DSKERRY_CACHE=, else $SKERRY_CACHE, else $XDG_CACHE_HOME/skerry,
# else $HOME/.cache/skerry. The folder need not exist.
function(skerry_cache_directory output)
  if(DEFINED SKERRY_CACHE AND NOT SKERRY_CACHE STREQUAL "")
    set(directory "${SKERRY_CACHE}")
  elseif(NOT "$ENV{SKERRY_CACHE}" STREQUAL "")
    set(directory "$ENV{SKERRY_CACHE}")
  elseif(NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
    set(directory "$ENV{XDG_CACHE_HOME}/skerry")
  elseif(NOT "$ENV{HOME}" STREQUAL "")
    set(directory "$ENV{HOME}/.cache/skerry")
  else()
    skerry_fail("no cache folder: HOME is not set; expected SKERRY_CACHE, XDG_CACHE_HOME or HOME")
  endif()
  get_filename_component(directory "${directory}" ABSOLUTE)
  if(directory MATCHES "[ ;'\"$]")
    skerry_fail("cache folder '${directory}': expected a path without spaces, quotes, '$' or ';'")
  endif()
  set(${output} "${directory}" PARENT_SCOPE)
endfunction()

# skerry_make_directory(DIRECTORY): creates it, or fails with the reason.
function(skerry_make_directory directory)
  execute_process(COMMAND "${CMAKE_COMMAND}" -E make_directory "${directory}"
    RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
  if(NOT status EQUAL 0)
    skerry_disk_hint("${directory}/.." hint)
    skerry_fail("cannot create folder ${directory}${hint}: expected a writable cache")
  endif()
endfunction()

# skerry_lock(NAME WHAT): holds <cache>/locks/NAME until the end of this process; says so when it
# has to wait for another process that holds it.
function(skerry_lock cache name what)
  skerry_make_directory("${cache}/locks")
  set(file "${cache}/locks/${name}")
  file(LOCK "${file}" GUARD PROCESS TIMEOUT 0 RESULT_VARIABLE result)
  if(result STREQUAL "0")
    return()
  endif()
  message(NOTICE "skerry: another process holds ${what}; waiting for it (${file})")
  file(LOCK "${file}" GUARD PROCESS TIMEOUT 7200 RESULT_VARIABLE result)
  if(NOT result STREQUAL "0")
    skerry_fail("cannot lock ${file}: ${result}")
  endif()
endfunction()

# skerry_unlock(CACHE NAME): ends the hold of skerry_lock.
function(skerry_unlock cache name)
  file(LOCK "${cache}/locks/${name}" RELEASE)
endfunction()
