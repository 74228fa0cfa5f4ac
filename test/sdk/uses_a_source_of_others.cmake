# SPDX-License-Identifier: Apache-2.0
# skerry_source(): a folder with a pinned source, unpacked once, anew where another archive is named.
# And packages of this machine that pkg-config knows are not for images.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

set(ENV{SKERRY_CACHE} "${WORK}/cache")
unset(ENV{PKG_CONFIG_LIBDIR})
file(MAKE_DIRECTORY "${WORK}/cache/downloads")

# An archive of one header that says VERSION; sets hash.
macro(pack version)
  file(WRITE "${WORK}/pack/part-${version}/part.hpp" "inline const char* part = \"${version}\";\n")
  file(WRITE "${WORK}/pack/part-${version}/other.hpp" "\n")
  succeed(${CMAKE_COMMAND} -E chdir "${WORK}/pack" ${CMAKE_COMMAND} -E tar czf
    "${WORK}/cache/downloads/part_${version}.orig.tar.gz" ${ARGN} part-${version})
  file(SHA256 "${WORK}/cache/downloads/part_${version}.orig.tar.gz" hash)
endmacro()

macro(project version)
  set(only ${ARGN})
  file(WRITE "${WORK}/project/main.cpp" "#include <cstdio>\n#include <part.hpp>
int main() { std::puts(part); }\n")
  file(WRITE "${WORK}/project/CMakeLists.txt" "cmake_minimum_required(VERSION 3.25)
project(user LANGUAGES CXX)
skerry_source(part NAME part VERSION ${version} SUITES none ARCHIVE part_${version}.orig.tar.gz
  SHA256 ${hash} ${only})
add_executable(user main.cpp)
target_include_directories(user PRIVATE \"\${part}\")
message(STATUS \"pkg-config looks into <\$ENV{PKG_CONFIG_LIBDIR}>\")
")
  command(${CMAKE_COMMAND} -S "${WORK}/project" -B "${WORK}/build" -G Ninja
    --toolchain "${SDK}/cmake/toolchain.cmake")
endmacro()

macro(expect_part version)
  expect_success()
  succeed(${CMAKE_COMMAND} --build "${WORK}/build")
  succeed("${SDK}/bin/skerry" emulate "${WORK}/build/user")
  expect_equal("${out}" "${version}\n")
endmacro()

pack(1.0)
project(1.0)
expect_words("${out}" "pkg-config looks into <${SDK}/sysroot/lib/pkgconfig>")
expect_part(1.0)
file(WRITE "${WORK}/build/part-source/part.hpp" "inline const char* part = \"kept\";\n")
project(1.0)
expect_part(kept)
pack(2.0)
project(2.0)
expect_part(2.0)

# A part of it, when that is asked for.
project(2.0 "ONLY */part.*")
expect_part(2.0)
if(NOT EXISTS "${WORK}/build/part-source/part.hpp" OR EXISTS "${WORK}/build/part-source/other.hpp")
  message(FATAL_ERROR "ONLY took something else")
endif()

# Who looks after packages himself is not disturbed.
set(ENV{PKG_CONFIG_LIBDIR} "${WORK}/own")
project(2.0)
expect_words("${out}" "pkg-config looks into <${WORK}/own>")

# Two folders on top: which of them?
file(WRITE "${WORK}/pack/other/file" "")
pack(3.0 other)
project(3.0)
expect_failure()
expect_words("${err}" "holds 2 top folders; expected 1")
set(hash 0000000000000000000000000000000000000000000000000000000000000000)
project(4.0)
expect_failure()
expect_words("${err}" "cannot fetch part_4.0.orig.tar.gz")
