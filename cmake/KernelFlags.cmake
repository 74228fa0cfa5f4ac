# SPDX-License-Identifier: Apache-2.0
# How floors are compiled (DESIGN, decision 9): no vector registers, no red zone, no exceptions, no
# RTTI, no static constructors, the canary at a fixed offset of GS.
add_library(kernel_flags INTERFACE)

set(kernel_machine_flags
    -mno-mmx -mno-sse -mno-sse2 -mno-avx -mno-red-zone
    -fPIE -fdirect-access-external-data)

target_compile_options(kernel_flags INTERFACE
  -nostdlibinc
  "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-isystem \"${SKERRY_SYSROOT}/include/c++/v1\">"
  "SHELL:-isystem \"${SKERRY_SYSROOT}/include\""
  ${kernel_machine_flags}
  $<$<COMPILE_LANGUAGE:C,CXX>:
    -ffreestanding -fvisibility=hidden -ffunction-sections -fdata-sections
    -fno-omit-frame-pointer -fno-strict-aliasing -fno-delete-null-pointer-checks
    -fstack-protector-strong -mstack-protector-guard=tls -mstack-protector-guard-reg=gs
    -mstack-protector-guard-offset=40 -ftrivial-auto-var-init=zero -fno-plt
    -fno-asynchronous-unwind-tables -fno-unwind-tables
    -Wall -Wextra -Werror -Wno-gnu-statement-expression
    -Wno-missing-designated-field-initializers>
  $<$<COMPILE_LANGUAGE:CXX>:
    -fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-use-cxa-atexit -Werror=global-constructors
    -Wno-unused-command-line-argument>
  # Reports name source files; the image must not depend on where the tree lies.
  "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/="
  "-ffile-prefix-map=${SKERRY_SYSROOT}/=sysroot/"
  $<$<CONFIG:Release>:-Oz> -g
  # Bitcode, which join_floors.cmake optimises as one program.
  $<$<COMPILE_LANGUAGE:C,CXX>:-flto>)
target_compile_definitions(kernel_flags INTERFACE
  _LIBCPP_HARDENING_MODE=_LIBCPP_HARDENING_MODE_FAST
  "SKERRY_VERSION=\"${PROJECT_VERSION}\"")
target_include_directories(kernel_flags INTERFACE
  "${CMAKE_SOURCE_DIR}/include" "${CMAKE_SOURCE_DIR}")

# CMake's own -O3 would come after ours.
foreach(language IN ITEMS C CXX ASM)
  set(CMAKE_${language}_FLAGS_RELEASE "-DNDEBUG")
endforeach()
