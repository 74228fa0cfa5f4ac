# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")
function(check assembly)
  file(WRITE "${WORK}/a.s" "thing: ${assembly}\n")
  execute_process(COMMAND clang-19 --target=x86_64-linux-musl -c a.s -o a.o
    WORKING_DIRECTORY "${WORK}" COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND llvm-objdump-19 -d --no-show-raw-insn --no-leading-addr a.o
    COMMAND awk -f "${RECIPES}/sysroot/forbidden.awk"
    WORKING_DIRECTORY "${WORK}" OUTPUT_VARIABLE out RESULT_VARIABLE status)
  set(out "${out}" PARENT_SCOPE)
  set(status "${status}" PARENT_SCOPE)
endfunction()
foreach(instruction syscall sysenter "int $0x80" hlt cli iretq)
  check("${instruction}")
  expect_failure()
  expect_words("${out}" " in <thing>: of a.o")
endforeach()
check("ud2; call __skerry_syscall3; ret; pause; syscall_of_a_name: mov syscall_of_a_name(%rip), %rax")
expect_success()
