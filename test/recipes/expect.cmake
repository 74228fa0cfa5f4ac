# What the tests of the recipes share: a clean work folder, scripts run as a user would, and
# expectations that say what they saw. SPDX-License-Identifier: Apache-2.0
cmake_minimum_required(VERSION 3.25)
get_filename_component(RECIPES "${CMAKE_CURRENT_LIST_DIR}/../../cmake" ABSOLUTE)
set(TESTS "${CMAKE_CURRENT_LIST_DIR}")
file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}")
set(ENV{SKERRY_CACHE} "${WORK}/cache")

# run(SCRIPT [-D…]): `cmake -D… -P SCRIPT`; sets status, out, err. Never goes to the network.
macro(run script)
  execute_process(COMMAND "${CMAKE_COMMAND}" -DSKERRY_FETCH_APT=OFF -DSKERRY_FETCH_UPSTREAM=OFF
    -DSKERRY_FETCH_BACKOFF=0 "-DRECIPES=${RECIPES}" "-DWORK=${WORK}" ${ARGN} -P "${script}"
    RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err)
endmacro()

function(expect_success)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "expected success, got ${status}:\n${out}${err}")
  endif()
endfunction()

function(expect_failure)
  if(status EQUAL 0)
    message(FATAL_ERROR "expected a failure, got success:\n${out}${err}")
  endif()
endfunction()

# The first argument holds the second.
function(expect_words text words)
  string(FIND "${text}" "${words}" position)
  if(position LESS 0)
    message(FATAL_ERROR "expected '${words}' in:\n${text}")
  endif()
endfunction()

function(expect_equal left right)
  if(NOT left STREQUAL right)
    message(FATAL_ERROR "expected '${right}', got '${left}'")
  endif()
endfunction()

function(expect_absent path)
  if(EXISTS "${path}")
    message(FATAL_ERROR "expected no ${path}")
  endif()
endfunction()
