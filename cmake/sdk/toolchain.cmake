# SPDX-License-Identifier: Apache-2.0
# The toolchain file of an SDK: an ordinary CMake project that is configured with it builds images.
set(SKERRY TRUE)
get_filename_component(SKERRY_SDK "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)

# To CMake and to most programs an image is a Linux system with a static musl.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER "${SKERRY_SDK}/bin/skerry-cc")
set(CMAKE_CXX_COMPILER "${SKERRY_SDK}/bin/skerry-c++")
set(CMAKE_ASM_COMPILER "${SKERRY_SDK}/bin/skerry-cc")
set(CMAKE_AR "/usr/bin/llvm-ar-19" CACHE FILEPATH "")
set(CMAKE_RANLIB "/usr/bin/llvm-ranlib-19" CACHE FILEPATH "")
set(CMAKE_CROSSCOMPILING_EMULATOR "${SKERRY_SDK}/bin/skerry-emulator")

set(CMAKE_FIND_ROOT_PATH "${SKERRY_SDK}/sysroot")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
# Nor is what pkg-config finds on this machine for an image; who has more says where.
if(NOT DEFINED ENV{PKG_CONFIG_LIBDIR})
  set(ENV{PKG_CONFIG_LIBDIR} "${SKERRY_SDK}/sysroot/lib/pkgconfig")
endif()

set(CMAKE_PROJECT_INCLUDE "${CMAKE_CURRENT_LIST_DIR}/project.cmake")
