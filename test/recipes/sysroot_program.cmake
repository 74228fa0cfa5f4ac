# Compiles a program of programs/ against the sysroot, as a user's compiler would.
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")
unset(ENV{SKERRY_CACHE})
execute_process(COMMAND "${CMAKE_COMMAND}" -P "${RECIPES}/sysroot/build.cmake"
  OUTPUT_VARIABLE SYSROOT OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)

set(flags --target=x86_64-linux-musl -nostdlibinc -fPIE -O2 -mno-red-zone -ffunction-sections
  -fno-builtin) # the compiler believes that malloc leaves errno alone
set(libraries -L "${SYSROOT}/lib" -lc++ -lc++abi -lunwind -lc -lclang_rt.builtins)

# OBJECT from SOURCE (C, C++ or assembly, by its name).
function(compile source object)
  set(language "")
  set(compiler clang-19)
  if(source MATCHES "\\.cpp$")
    set(compiler clang++-19)
    set(language -std=c++23 -nostdinc++ -isystem "${SYSROOT}/include/c++/v1"
      -fstack-protector-strong)
  endif()
  execute_process(COMMAND ${compiler} ${flags} ${language} -isystem "${SYSROOT}/include"
    -c "${TESTS}/programs/${source}" -o "${WORK}/${object}" COMMAND_ERROR_IS_FATAL ANY)
endfunction()
