# Refuses a sysroot whose archives leave the program by another way than the kernel's doors.
# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)
set(SKERRY_CHECK_RECIPE "${CMAKE_CURRENT_LIST_DIR}")

function(skerry_check_instructions archive)
  skerry_run(sh -c "$1 -d --no-show-raw-insn --no-leading-addr $2 > $3 && awk -f $4 $3" check
    "${SKERRY_OBJDUMP}" "${archive}" "${SKERRY_WORK}/code" "${SKERRY_CHECK_RECIPE}/forbidden.awk")
endfunction()

function(skerry_check_step)
  file(GLOB archives "${SKERRY_STAGE}/lib/*.a")
  foreach(archive IN LISTS archives)
    skerry_check_instructions("${archive}")
  endforeach()
endfunction()
