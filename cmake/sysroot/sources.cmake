# Fetches the pinned archives and unpacks the folders that are needed, into <build>/source/NAME.
# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)
include("${CMAKE_CURRENT_LIST_DIR}/../fetch/fetch.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/versions.cmake")

# What is taken out of an archive, below its one top folder; empty means all.
set(SKERRY_LLVM_FOLDERS
  compiler-rt/lib/builtins libunwind/include libunwind/src libcxxabi/include libcxxabi/src
  libcxx/include libcxx/src libcxx/vendor)

function(skerry_fetch_step)
  foreach(source IN LISTS SKERRY_SYSROOT_SOURCES)
    string(TOUPPER "${source}" upper)
    skerry_fetch_source(${SKERRY_${upper}_SOURCE} OUTPUT file)
  endforeach()
endfunction()

# Unpacks ARCHIVE's folders FOLDERS to DESTINATION, without the top folder.
function(skerry_unpack archive folders destination)
  set(patterns "")
  foreach(folder IN LISTS folders)
    list(APPEND patterns PATTERNS "*/${folder}/*")
  endforeach()
  set(temporary "${destination}.unpacking")
  file(REMOVE_RECURSE "${temporary}" "${destination}")
  file(ARCHIVE_EXTRACT INPUT "${archive}" DESTINATION "${temporary}" ${patterns})
  file(GLOB top "${temporary}/*")
  list(LENGTH top count)
  if(NOT count EQUAL 1)
    skerry_step_failed("${archive} holds ${count} top folders, expected 1")
  endif()
  file(RENAME "${top}" "${destination}")
  file(REMOVE_RECURSE "${temporary}")
endfunction()

function(skerry_unpack_step)
  file(MAKE_DIRECTORY "${SKERRY_BUILD}/source")
  foreach(source IN LISTS SKERRY_SYSROOT_SOURCES)
    string(TOUPPER "${source}" upper)
    skerry_fetch_source(${SKERRY_${upper}_SOURCE} OUTPUT file)
    skerry_unpack("${file}" "${SKERRY_${upper}_FOLDERS}" "${SKERRY_BUILD}/source/${source}")
  endforeach()
endfunction()
