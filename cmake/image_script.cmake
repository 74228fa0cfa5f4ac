# SPDX-License-Identifier: Apache-2.0
# Writes the linker script of images: platform/x86_64/image.ld.in with a slot for each system call
# (src/posix/call_slots.hpp). The numbers are those of the C library's headers, read by the compiler.
set(call_limit 464)        # src/posix/call_table.hpp
set(first_own_call 4096)   # src/posix/call_slots.hpp

set(call_list "${CMAKE_SOURCE_DIR}/src/posix/syscalls.def")
set(image_script "${CMAKE_BINARY_DIR}/image.ld")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${call_list}")

execute_process(
  COMMAND "${CMAKE_CXX_COMPILER}" -E -P -x c -nostdlibinc -isystem "${SKERRY_SYSROOT}/include"
          -include sys/syscall.h "-DCALL(name)=<SYS_##name>" "-DCALL_NUMBERED(name,number)=<number>"
          "-DPARTLY(name,missing)=<SYS_##name>" "-DREFUSED(name,reason)=" "${call_list}"
  OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "<[^<>]*>" calls "${text}")
set(numbers)
foreach(call IN LISTS calls)
  if(NOT call MATCHES "^<([0-9]+)>$")
    message(FATAL_ERROR "${call_list}: the number of a call is ${call}; expected a number")
  endif()
  list(APPEND numbers ${CMAKE_MATCH_1})
endforeach()
list(SORT numbers COMPARE NATURAL)

set(CALL_SLOTS)
set(slots ${call_limit})
foreach(number IN LISTS numbers)
  set(slot ${number})
  if(NOT number LESS first_own_call)
    math(EXPR slot "${call_limit} + ${number} - ${first_own_call}")
    math(EXPR slots "${slot} + 1")
  endif()
  math(EXPR offset "8 * ${slot}")
  string(APPEND CALL_SLOTS "    . = __skerry_calls + ${offset}; *(.skerry.call.${number})\n")
endforeach()
math(EXPR CALL_SLOTS_SIZE "8 * ${slots}")
configure_file("${CMAKE_SOURCE_DIR}/platform/x86_64/image.ld.in" "${image_script}" @ONLY)
