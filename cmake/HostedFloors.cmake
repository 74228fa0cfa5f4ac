# SPDX-License-Identifier: Apache-2.0
# Floors 0, 2, 3 and 4 with platform/hosted as a static library for a Linux process, and next to
# them those parts of the machine's platform that touch no hardware.
file(GLOB_RECURSE hosted_sources CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}"
  src/core/*.cpp src/kernel/*.cpp src/mm/*.cpp src/mm/*.S src/fs/*.cpp src/net/*.cpp
  src/posix/*.cpp drivers/*.cpp platform/hosted/*.cpp platform/pc/acpi/*.cpp)

# The process has its own mem*, operator delete and stack canary, and they must stay the only ones:
# sanitizers and libc count on them. test/unit/core/memory_test.cpp tests ours under other names.
list(REMOVE_ITEM hosted_sources src/core/memory.cpp src/core/runtime.cpp)
# A panic with a machine's backtrace; platform/hosted/end_of_run.cpp has that of a process.
list(REMOVE_ITEM hosted_sources src/kernel/report.cpp)
# What /proc tells; platform/hosted/system_files.cpp has nothing to tell.
list(REMOVE_ITEM hosted_sources src/posix/system_files.cpp)

list(APPEND hosted_sources
  platform/x86_64/boot/handoff.cpp
  platform/x86_64/boot/handoff_multiboot2.cpp
  platform/x86_64/boot/handoff_pvh.cpp
  platform/x86_64/boot/memory_map.cpp)

add_library(skerry_hosted_flags INTERFACE)
target_include_directories(skerry_hosted_flags INTERFACE
  "${CMAKE_SOURCE_DIR}/include" "${CMAKE_SOURCE_DIR}")
target_compile_definitions(skerry_hosted_flags INTERFACE "SKERRY_VERSION=\"${PROJECT_VERSION}\"")
target_compile_options(skerry_hosted_flags INTERFACE
  $<$<COMPILE_LANGUAGE:C,CXX>:-Wall -Wextra -Werror -Wno-gnu-statement-expression>)

list(TRANSFORM hosted_sources PREPEND "${CMAKE_SOURCE_DIR}/")
set(hosted_services ${hosted_sources})
list(FILTER hosted_services INCLUDE REGEX "/src/posix/")
set_source_files_properties(${hosted_services} PROPERTIES COMPILE_OPTIONS
  "-include;${CMAKE_SOURCE_DIR}/platform/hosted/musl_names.hpp")
# lwIP, from the sysroot that the guest is built with.
if(NOT EXISTS "${SKERRY_SYSROOT}/src/lwip/src")
  message(FATAL_ERROR "SKERRY_SYSROOT is \"${SKERRY_SYSROOT}\"; expected a folder made by "
                      "cmake/sysroot/build.cmake (`./skerry test` passes it)")
endif()
include(Lwip)
skerry_lwip(hosted_lwip "${SKERRY_SYSROOT}/src/lwip")

add_library(skerry_hosted_floors STATIC ${hosted_sources} $<TARGET_OBJECTS:hosted_lwip>)
target_link_libraries(skerry_hosted_floors PUBLIC skerry_hosted_flags hosted_lwip_headers)
# As in KernelFlags.cmake, but for what a sanitizer or a test needs: exceptions and RTTI.
target_compile_options(skerry_hosted_floors PRIVATE
  $<$<COMPILE_LANGUAGE:CXX>:-fno-strict-aliasing -fno-delete-null-pointer-checks
    -Werror=global-constructors>)

# What the fuzzers are for tells them how far they got.
if(SKERRY_FUZZ)
  set(fuzzed ${hosted_sources})
  list(FILTER fuzzed INCLUDE REGEX
    "/(platform/(pc/acpi|x86_64/boot)/|drivers/virtio/|src/fs/erofs/|src/kernel/command_line)")
  set_property(SOURCE ${fuzzed} APPEND PROPERTY COMPILE_OPTIONS -fsanitize=fuzzer-no-link)
  target_compile_options(hosted_lwip PRIVATE -fsanitize=fuzzer-no-link)
endif()
