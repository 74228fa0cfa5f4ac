# SPDX-License-Identifier: Apache-2.0
# Sources that somebody else wrote, unpacked.
include_guard(GLOBAL)

# Unpacks ARCHIVE, which has one top folder, so that this one becomes FOLDER, whole or not at all.
# With patterns only what matches one of them.
function(skerry_unpack archive folder)
  file(REMOVE_RECURSE "${folder}" "${folder}.new")
  set(only)
  if(ARGN)
    set(only PATTERNS ${ARGN})
  endif()
  file(ARCHIVE_EXTRACT INPUT "${archive}" DESTINATION "${folder}.new" ${only})
  file(GLOB top "${folder}.new/*")
  list(LENGTH top count)
  if(NOT count EQUAL 1)
    message(FATAL_ERROR "${archive} holds ${count} top folders; expected 1")
  endif()
  file(RENAME "${top}" "${folder}")
  file(REMOVE_RECURSE "${folder}.new")
endfunction()

# skerry_source(VARIABLE WORD... [ONLY PATTERN...])
# Fetches a pinned source and unpacks it below the build folder. VARIABLE is the folder, for
# add_subdirectory(), an include path, or the options of another program's configure script. The words
# are those of skerry_fetch_source() (fetch/fetch.cmake): NAME package VERSION v SUITES suite...
# ARCHIVE file SHA256 hash [UPSTREAM url [UPSTREAM_SHA256 hash]]. Of an archive that is large, ONLY
# takes paths that match, with the top folder in front, such as "*/libs/*/include".
function(skerry_source variable)
  cmake_parse_arguments(PARSE_ARGV 1 source "" "NAME" "ONLY")
  if(NOT source_NAME)
    message(FATAL_ERROR "skerry_source(${variable}): NAME is missing; expected a source package")
  endif()
  skerry_fetch_source(NAME ${source_NAME} ${source_UNPARSED_ARGUMENTS} OUTPUT archive)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${source_NAME}-source")
  file(SHA256 "${archive}" hash)
  string(APPEND hash "\n${source_ONLY}")
  set(unpacked)
  if(EXISTS "${folder}.hash")
    file(READ "${folder}.hash" unpacked)
  endif()
  if(NOT unpacked STREQUAL hash OR NOT IS_DIRECTORY "${folder}")
    file(REMOVE "${folder}.hash")
    skerry_unpack("${archive}" "${folder}" ${source_ONLY})
    file(WRITE "${folder}.hash" "${hash}")
  endif()
  set(${variable} "${folder}" PARENT_SCOPE)
endfunction()
