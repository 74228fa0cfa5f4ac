# SPDX-License-Identifier: Apache-2.0
# Which source files each floor consists of: a new file in one of these folders is picked up by the
# next build.
function(skerry_floor name)
  set(sources)
  foreach(folder IN LISTS ARGN)
    file(GLOB_RECURSE found CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}"
      "${folder}/*.cpp" "${folder}/*.S")
    list(APPEND sources ${found})
  endforeach()
  list(TRANSFORM sources PREPEND "${CMAKE_SOURCE_DIR}/")
  add_library(${name} OBJECT ${sources})
  target_link_libraries(${name} PRIVATE kernel_flags)
endfunction()

skerry_floor(floor_core src/core)
skerry_floor(floor_kernel src/kernel src/mm)
skerry_floor(floor_services src/posix src/fs src/net)
skerry_floor(floor_drivers drivers)
skerry_floor(floor_platform platform/x86_64 platform/pc)
include(Lwip)
skerry_lwip(floor_lwip "${SKERRY_SYSROOT}/src/lwip")
target_link_libraries(floor_lwip PRIVATE kernel_flags)
target_link_libraries(floor_services PRIVATE floor_lwip_headers)

add_library(floor_start OBJECT "${CMAKE_SOURCE_DIR}/src/start.cpp")
target_link_libraries(floor_start PRIVATE kernel_flags)

# The early code runs before there is a canary, and at an address for which nothing is relocated.
file(GLOB early_sources "${CMAKE_SOURCE_DIR}/platform/x86_64/boot/*.cpp")
set_source_files_properties(${early_sources} PROPERTIES COMPILE_OPTIONS "-fno-stack-protector")
