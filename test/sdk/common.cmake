# SPDX-License-Identifier: Apache-2.0
# What the tests of the SDK share: where it is, a clean work folder, commands whose output is kept.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/../recipes/expect.cmake")
set(SDK "$ENV{SKERRY_SDK}")
if(NOT EXISTS "${SDK}/cmake/toolchain.cmake")
  message(FATAL_ERROR "SKERRY_SDK is \"${SDK}\"; expected what `./skerry sdk` prints")
endif()
set(HERE "${CMAKE_CURRENT_LIST_DIR}")
unset(ENV{SKERRY_ROOT})
unset(ENV{SKERRY_CACHE})
unset(ENV{CFLAGS})
unset(ENV{CXXFLAGS})
unset(ENV{LDFLAGS})

# Runs a command; sets status, out and err.
macro(command)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err)
endmacro()

macro(succeed)
  command(${ARGN})
  expect_success()
endmacro()
