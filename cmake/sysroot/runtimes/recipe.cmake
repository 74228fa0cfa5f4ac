# The compiler's and C++'s runtimes, built by CMakeLists.txt beside this file into the stage.
# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)
set(SKERRY_RUNTIMES_RECIPE "${CMAKE_CURRENT_LIST_DIR}")

function(skerry_runtimes_step)
  set(source "${SKERRY_BUILD}/source/llvm")
  list(JOIN SKERRY_SYSROOT_FLAGS " " flags)
  string(PREPEND flags "-nostdlibinc -isystem ${SKERRY_STAGE}/include ")
  string(APPEND flags " -ffile-prefix-map=${source}=llvm")
  set(compilers "")
  foreach(language C CXX ASM)
    set(compiler "${SKERRY_CLANG}")
    if(language STREQUAL "CXX")
      set(compiler "${SKERRY_CLANGXX}")
    endif()
    list(APPEND compilers -DCMAKE_${language}_COMPILER=${compiler}
      -DCMAKE_${language}_COMPILER_TARGET=${SKERRY_TRIPLE} "-DCMAKE_${language}_FLAGS=${flags}"
      -DCMAKE_${language}_COMPILER_WORKS=ON -DCMAKE_${language}_FLAGS_RELEASE=-DNDEBUG)
  endforeach()
  set(build "${SKERRY_WORK}/build")
  skerry_run("${CMAKE_COMMAND}" -G Ninja -S "${SKERRY_RUNTIMES_RECIPE}" -B "${build}"
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=x86_64
    -DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY ${compilers}
    -DCMAKE_AR=${SKERRY_AR_PATH} -DCMAKE_RANLIB=${SKERRY_RANLIB_PATH}
    "-DCMAKE_INSTALL_PREFIX=${SKERRY_STAGE}" "-DLLVM=${source}" "-DCANARY=${SKERRY_CANARY_FLAGS}")
  skerry_run(ninja -C "${build}" -j${SKERRY_JOBS} install)
endfunction()
