# SPDX-License-Identifier: Apache-2.0
# The host build: the tools, the floors as part of a Linux process, unit tests, checks, fuzzers.
#   -DSKERRY_SANITIZE=…   what tests run under: "address;undefined" (default), "thread", or ""
#   -DSKERRY_FUZZ=OFF     leaves the fuzzers out
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
  message(FATAL_ERROR "the C++ compiler is ${CMAKE_CXX_COMPILER}; expected clang 19 or later: "
                      "-DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19")
endif()

set(SKERRY_SANITIZE "address;undefined" CACHE STRING "Sanitizers of the host build")
option(SKERRY_FUZZ "Build the fuzzers and run each for a moment as a test" ON)
if("thread" IN_LIST SKERRY_SANITIZE)
  set(SKERRY_FUZZ OFF) # libFuzzer's own threads are not what is looked at
endif()

# Assertions stay in and lines are known; everything else of a debug build only costs time.
set(CMAKE_BUILD_TYPE Debug)
set(CMAKE_C_FLAGS_DEBUG "-O1 -gline-tables-only")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -gline-tables-only")
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)

add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:-stdlib=libc++>" -fno-omit-frame-pointer)
add_compile_definitions(_LIBCPP_HARDENING_MODE=_LIBCPP_HARDENING_MODE_EXTENSIVE)
add_link_options(-stdlib=libc++ -fuse-ld=lld)
if(SKERRY_SANITIZE)
  list(JOIN SKERRY_SANITIZE "," sanitizers)
  add_compile_options("-fsanitize=${sanitizers}" -fno-sanitize-recover=all)
  add_link_options("-fsanitize=${sanitizers}")
endif()

set(googletest /usr/src/googletest)
if(NOT EXISTS "${googletest}/CMakeLists.txt")
  message(FATAL_ERROR "${googletest} is missing: install the package googletest")
endif()

enable_testing()
include(HostedFloors)
add_subdirectory(tools)
add_subdirectory(cmake/checks)
add_subdirectory(test)
