# SPDX-License-Identifier: Apache-2.0
# Sources that somebody else wrote, unpacked.
include_guard(GLOBAL)

# Unpacks ARCHIVE, which has one top folder, so that this one becomes FOLDER, whole or not at all.
function(skerry_unpack archive folder)
  file(REMOVE_RECURSE "${folder}" "${folder}.new")
  file(ARCHIVE_EXTRACT INPUT "${archive}" DESTINATION "${folder}.new")
  file(GLOB top "${folder}.new/*")
  list(LENGTH top count)
  if(NOT count EQUAL 1)
    message(FATAL_ERROR "${archive} holds ${count} top folders; expected 1")
  endif()
  file(RENAME "${top}" "${folder}")
  file(REMOVE_RECURSE "${folder}.new")
endfunction()

# skerry_source(VARIABLE WORD...)
# Fetches a pinned source and unpacks it below the build folder. VARIABLE is the folder, for
# add_subdirectory(), an include path, or the options of another program's configure script. The words
# are those of skerry_fetch_source() (fetch/fetch.cmake): NAME package VERSION v SUITES suite...
# ARCHIVE file SHA256 hash [UPSTREAM url [UPSTREAM_SHA256 hash]].
function(skerry_source variable)
  cmake_parse_arguments(PARSE_ARGV 1 source "" "NAME" "")
  if(NOT source_NAME)
    message(FATAL_ERROR "skerry_source(${variable}): NAME is missing; expected a source package")
  endif()
  skerry_fetch_source(${ARGN} OUTPUT archive)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${source_NAME}-source")
  file(SHA256 "${archive}" hash)
  set(unpacked)
  if(EXISTS "${folder}.hash")
    file(READ "${folder}.hash" unpacked)
  endif()
  if(NOT unpacked STREQUAL hash OR NOT IS_DIRECTORY "${folder}")
    file(REMOVE "${folder}.hash")
    skerry_unpack("${archive}" "${folder}")
    file(WRITE "${folder}.hash" "${hash}")
  endif()
  set(${variable} "${folder}" PARENT_SCOPE)
endfunction()
