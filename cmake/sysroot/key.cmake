# The sysroot's key: what is built depends on the recipe files and on the compiler, on nothing else.
# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)
include("${CMAKE_CURRENT_LIST_DIR}/../fetch/fail.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/flags.cmake")

set(SKERRY_RECIPE_ROOT "${CMAKE_CURRENT_LIST_DIR}/..")

# First line of `clang-19 --version`; the build stops here where it is not installed.
function(skerry_compiler_version output)
  execute_process(COMMAND "${SKERRY_CLANG}" --version
    OUTPUT_VARIABLE text ERROR_QUIET RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    skerry_fail("compiler '${SKERRY_CLANG}' does not run (${status}): install ${SKERRY_CLANG}")
  endif()
  string(REGEX MATCH "^[^\n]*" line "${text}")
  set(${output} "${line}" PARENT_SCOPE)
endfunction()

# First 16 hex digits of a SHA-256 over names and contents of the recipe files (documentation
# apart) and the compiler's version.
function(skerry_sysroot_key compiler output)
  file(GLOB_RECURSE files RELATIVE "${SKERRY_RECIPE_ROOT}"
    "${SKERRY_RECIPE_ROOT}/sysroot/*" "${SKERRY_RECIPE_ROOT}/fetch/*")
  list(FILTER files EXCLUDE REGEX "\\.md$")
  list(SORT files)
  set(text "${compiler}\n")
  foreach(file IN LISTS files)
    file(SHA256 "${SKERRY_RECIPE_ROOT}/${file}" hash)
    string(APPEND text "${hash} ${file}\n")
  endforeach()
  string(SHA256 key "${text}")
  string(SUBSTRING "${key}" 0 16 key)
  set(${output} "${key}" PARENT_SCOPE)
endfunction()
