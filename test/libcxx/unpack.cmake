# SPDX-License-Identifier: Apache-2.0
# Unpacks libc++'s tests from the archive from which the sysroot is made, once:
#   cmake -DSOURCE=<tree> -DBUILD=<folder> -P unpack.cmake
# They are then in <folder>/source/libcxx/test; archive.txt there has the archive's hash.
cmake_minimum_required(VERSION 3.25)
include("${SOURCE}/cmake/sysroot/steps.cmake")
include("${SOURCE}/cmake/sysroot/sources.cmake")

skerry_fetch_source(${SKERRY_LLVM_SOURCE} OUTPUT archive)
file(SHA256 "${archive}" hash)
set(note "${BUILD}/source/libcxx/test/archive.txt")
set(unpacked)
if(EXISTS "${note}")
  file(READ "${note}" unpacked)
endif()
if(NOT unpacked STREQUAL hash)
  skerry_unpack("${archive}" libcxx/test "${BUILD}/source")
  file(WRITE "${note}" "${hash}")
endif()
