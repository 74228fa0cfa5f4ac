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
set_source_files_properties(${early_sources} PROPERTIES
  COMPILE_OPTIONS "-fno-stack-protector;-fno-lto")
# The compiler calls these by name, after it has decided what is unused.
set_source_files_properties("${CMAKE_SOURCE_DIR}/src/core/memory.cpp"
  "${CMAKE_SOURCE_DIR}/src/core/runtime.cpp" PROPERTIES COMPILE_OPTIONS -fno-lto)

# Everything is compiled for size but what each packet, each frequent call and each switch between
# threads goes through.
set(fast_sources)
foreach(file IN ITEMS
    core/memory
    kernel/scheduler kernel/timer kernel/wait_queue
    mm/heap mm/page_fault mm/slabs mm/user_copy
    net/interface net/lwip/checksum net/receive_queue net/stack net/tcp_events net/tcp_transfer
    posix/epoll posix/epoll_calls posix/futex posix/futex_buckets posix/system_calls)
  list(APPEND fast_sources "${CMAKE_SOURCE_DIR}/src/${file}.cpp")
endforeach()
list(APPEND fast_sources "${CMAKE_SOURCE_DIR}/drivers/virtio/net_transfer.cpp"
  "${CMAKE_SOURCE_DIR}/drivers/virtio/virtqueue.cpp" "${CMAKE_SOURCE_DIR}/platform/x86_64/clock.cpp"
  "${CMAKE_SOURCE_DIR}/platform/x86_64/lapic_timer.cpp"
  "${CMAKE_SOURCE_DIR}/platform/x86_64/processor.cpp")
get_target_property(lwip_sources floor_lwip SOURCES)
list(FILTER lwip_sources INCLUDE REGEX "/(etharp|inet_chksum|pbuf|tcp_in|tcp_out|timeouts)\\.c$")
foreach(file IN LISTS fast_sources)
  if(NOT EXISTS "${file}")
    message(FATAL_ERROR "${file}, compiled for speed, is not there")
  endif()
endforeach()
set_property(SOURCE ${fast_sources} ${lwip_sources} APPEND PROPERTY COMPILE_OPTIONS -O2)
