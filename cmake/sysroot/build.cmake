# Builds the sysroot that kernel and applications are compiled against, or finds it in the cache:
#
#   cmake [-DPRINT_KEY=ON] [-DSKERRY_CACHE=dir] -P build.cmake
#
# Phases go to stderr; the last line of stdout is the sysroot's path (or the key). The sysroot
# appears under its name in one rename at the very end, so a half-built one is never found.
# SPDX-License-Identifier: Apache-2.0
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/key.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/../fetch/cache.cmake")

function(skerry_print text)
  execute_process(COMMAND "${CMAKE_COMMAND}" -E echo "${text}")
endfunction()

skerry_compiler_version(SKERRY_COMPILER)
skerry_sysroot_key("${SKERRY_COMPILER}" SKERRY_KEY)
if(PRINT_KEY)
  skerry_print("${SKERRY_KEY}")
  return()
endif()
skerry_cache_directory(SKERRY_CACHE_DIRECTORY)
set(SKERRY_SYSROOT "${SKERRY_CACHE_DIRECTORY}/sysroot-${SKERRY_KEY}")
if(NOT EXISTS "${SKERRY_SYSROOT}/manifest.json")
  include("${CMAKE_CURRENT_LIST_DIR}/assemble.cmake")
  skerry_build_sysroot()
endif()
skerry_print("${SKERRY_SYSROOT}")
