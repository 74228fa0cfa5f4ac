# SPDX-License-Identifier: Apache-2.0
# Builds what the system tests boot, with the SDK in SKERRY_SDK:
#   cmake -DSOURCE=<tree> -DBUILD=<folder> [-DPROJECTS=<examples>] -P build_images.cmake
cmake_minimum_required(VERSION 3.25)

set(sdk "$ENV{SKERRY_SDK}")
if(sdk STREQUAL "")
  message(FATAL_ERROR "SKERRY_SDK is not set: system tests boot images that an SDK has built. Start "
                      "them by `./skerry test`, or set SKERRY_SDK to what `./skerry sdk` prints.")
endif()
set(toolchain "${sdk}/cmake/toolchain.cmake")
if(NOT EXISTS "${toolchain}")
  message(FATAL_ERROR "SKERRY_SDK is \"${sdk}\"; expected an SDK's folder with "
                      "cmake/toolchain.cmake in it")
endif()

function(build_project name source)
  set(folder "${BUILD}/${name}")
  set(fresh)
  # A build folder keeps the compiler with which it was configured.
  if(EXISTS "${folder}/sdk.txt")
    file(READ "${folder}/sdk.txt" configured_with)
  endif()
  if(NOT "${configured_with}" STREQUAL "${sdk}")
    set(fresh --fresh)
  endif()
  execute_process(
    COMMAND ${CMAKE_COMMAND} ${fresh} -S "${source}" -B "${folder}" -G Ninja
            --toolchain "${toolchain}" -DCMAKE_BUILD_TYPE=Release ${${name}_options}
    COMMAND_ERROR_IS_FATAL ANY)
  file(WRITE "${folder}/sdk.txt" "${sdk}")
  execute_process(COMMAND ${CMAKE_COMMAND} --build "${folder}" COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# What a project serves, or whom it believes, is the tests' own.
include("${CMAKE_CURRENT_LIST_DIR}/program_files.cmake")

if(NOT DEFINED PROJECTS)
  set(PROJECTS hello http_server udp_echo threads)
  build_project(test "${SOURCE}/test/images")
endif()
foreach(project IN LISTS PROJECTS)
  set(source "${SOURCE}/examples/${project}")
  if(DEFINED ${project}_source)
    set(source "${${project}_source}")
  endif()
  build_project(${project} "${source}")
endforeach()
