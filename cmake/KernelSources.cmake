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

# What runs at boot, or seldom, is compiled for size: what each packet and each frequent call goes
# through is not.
file(GLOB_RECURSE small_sources "${CMAKE_SOURCE_DIR}/platform/pc/*.cpp")
list(FILTER small_sources EXCLUDE REGEX "/pm_timer\\.cpp$")
foreach(name IN ITEMS console_file devices memory_symlink name_table node open_directory path start
    text_node tree tree_directory)
  list(APPEND small_sources "${CMAKE_SOURCE_DIR}/src/fs/${name}.cpp")
endforeach()
foreach(name IN ITEMS attribute_calls countdown descriptor_directory directory_calls file_locks
    identity_calls memory_calls name_calls open_calls own_calls paths process process_calls
    robust_list signal_calls signal_delivery signal_file signal_names signal_thread signals
    size_calls status_calls system_files thread_calls timers transfer_calls usage_calls)
  list(APPEND small_sources "${CMAKE_SOURCE_DIR}/src/posix/${name}.cpp")
endforeach()
foreach(name IN ITEMS address_text configuration name_servers routes start status)
  list(APPEND small_sources "${CMAKE_SOURCE_DIR}/src/net/${name}.cpp")
endforeach()
set_property(SOURCE ${small_sources} APPEND PROPERTY COMPILE_OPTIONS -Os)
get_target_property(lwip_sources floor_lwip SOURCES)
list(FILTER lwip_sources INCLUDE REGEX
  "/(acd|autoip|dhcp|dhcp6|dns|icmp6|igmp|init|ip4_frag|ip6_frag|mld6|nd6)\\.c$")
set_property(SOURCE ${lwip_sources} APPEND PROPERTY COMPILE_OPTIONS -Os)
