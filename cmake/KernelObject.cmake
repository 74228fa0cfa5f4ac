# SPDX-License-Identifier: Apache-2.0
# Links the floors into one relocatable object, dissolves its COMDAT groups and makes every symbol
# local that is not in kernel_exports.txt, so that a service may define any name it likes
# (DESIGN, decision 3). Two checks then look at the result.
set(kernel_object "${CMAKE_BINARY_DIR}/kernel.o")
set(kernel_object_open "${CMAKE_BINARY_DIR}/kernel-open.o")
set(kernel_floors floor_core floor_kernel floor_services floor_lwip floor_drivers floor_platform floor_start)

set(kernel_inputs)
foreach(floor IN LISTS kernel_floors)
  list(APPEND kernel_inputs $<TARGET_OBJECTS:${floor}>)
endforeach()

set(kernel_response "${CMAKE_BINARY_DIR}/kernel.rsp")
file(GENERATE OUTPUT "${kernel_response}" CONTENT "$<JOIN:${kernel_inputs},\n>\n")

add_custom_command(
  OUTPUT "${kernel_object_open}"
  COMMAND ${CMAKE_COMMAND} "-DLIST=${kernel_response}" "-DOUTPUT=${kernel_object_open}"
          "-DEXPORTS=${CMAKE_SOURCE_DIR}/cmake/kernel_exports.txt"
          -P "${CMAKE_SOURCE_DIR}/cmake/join_floors.cmake"
  DEPENDS ${kernel_inputs} "${kernel_response}"
          "${CMAKE_SOURCE_DIR}/cmake/kernel_exports.txt"
          "${CMAKE_SOURCE_DIR}/cmake/join_floors.cmake"
  COMMENT "Joining the floors into one object"
  COMMAND_EXPAND_LISTS VERBATIM)

add_custom_command(
  OUTPUT "${kernel_object}"
  COMMAND llvm-objcopy-19
          --wildcard "--keep-global-symbols=${CMAKE_SOURCE_DIR}/cmake/kernel_exports.txt"
          "${kernel_object_open}" "${kernel_object}.new"
  COMMAND ${CMAKE_COMMAND} "-DOBJECT=${kernel_object}.new"
          -P "${CMAKE_SOURCE_DIR}/cmake/check_kernel_object.cmake"
  COMMAND ${CMAKE_COMMAND} -E rename "${kernel_object}.new" "${kernel_object}"
  DEPENDS "${kernel_object_open}"
          "${CMAKE_SOURCE_DIR}/cmake/kernel_exports.txt"
          "${CMAKE_SOURCE_DIR}/cmake/kernel_imports.txt"
          "${CMAKE_SOURCE_DIR}/cmake/check_kernel_object.cmake"
  COMMENT "Closing and checking the kernel object"
  VERBATIM)

add_custom_target(kernel ALL DEPENDS "${kernel_object}")

# The start of the application: calls the C library, so it cannot be part of the kernel object.
add_library(application_start OBJECT "${CMAKE_SOURCE_DIR}/src/crt/start.cpp")
set(around_the_kernel application_start)

# What an image has where its project does not say otherwise: an archive, whose members give way to
# what skerry_image() writes.
include("${CMAKE_SOURCE_DIR}/cmake/sdk/image.cmake")
file(STRINGS "${CMAKE_SOURCE_DIR}/cmake/sdk/drivers.txt" every_driver REGEX "^[^#]")
skerry_driver_table("${every_driver}" table)
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/drivers.c" CONTENT "${table}" @ONLY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  "${CMAKE_SOURCE_DIR}/cmake/sdk/drivers.txt")
add_library(image_defaults STATIC "${CMAKE_SOURCE_DIR}/cmake/sdk/defaults.c"
  "${CMAKE_SOURCE_DIR}/cmake/sdk/no_root.c" "${CMAKE_BINARY_DIR}/drivers.c")
list(APPEND around_the_kernel image_defaults)

# <skerry/…>, for the application: compiled as a service is.
file(GLOB api_sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/api/*.cpp")
add_library(application_api STATIC ${api_sources})
target_include_directories(application_api PRIVATE "${CMAKE_SOURCE_DIR}" "${CMAKE_SOURCE_DIR}/api")
target_compile_definitions(application_api PRIVATE "SKERRY_VERSION=\"${PROJECT_VERSION}\""
  _LIBCPP_HARDENING_MODE=_LIBCPP_HARDENING_MODE_FAST)
target_compile_options(application_api PRIVATE
  -O2 -fPIE -ffunction-sections -fdata-sections -mno-red-zone -fno-omit-frame-pointer -nostdlibinc
  -fstack-protector-strong -Wall -Wextra -Werror -Wno-missing-designated-field-initializers
  "SHELL:-isystem \"${SKERRY_SYSROOT}/include/c++/v1\""
  "SHELL:-isystem \"${SKERRY_SYSROOT}/include\"")

foreach(target IN LISTS around_the_kernel)
  target_compile_options(${target} PRIVATE
    -O2 -fPIE -ffunction-sections -mno-red-zone -fno-omit-frame-pointer -nostdlibinc
    -fno-exceptions -fno-asynchronous-unwind-tables)
endforeach()
