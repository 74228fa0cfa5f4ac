# A program that uses most of the libraries leaves no other symbol open than the kernel's doors.
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/sysroot_program.cmake")
compile(library.cpp program.o)
execute_process(COMMAND ld.lld-19 -pie --no-dynamic-linker --error-limit=0 --eh-frame-hdr -e main
  -o program program.o --whole-archive ${libraries}
  WORKING_DIRECTORY "${WORK}" ERROR_VARIABLE err OUTPUT_QUIET)
string(REGEX MATCHALL "undefined[a-z ]* symbol: [^\n]+|duplicate symbol: [^\n]+" lines "${err}")
list(TRANSFORM lines REPLACE "undefined[a-z ]* symbol: " "")
list(REMOVE_DUPLICATES lines)
list(SORT lines)
set(doors __skerry_clone __skerry_exit_unmap __skerry_sigreturn __skerry_syscall0
  __skerry_syscall1 __skerry_syscall2 __skerry_syscall3 __skerry_syscall4 __skerry_syscall5
  __skerry_syscall6)
expect_equal("${lines}" "${doors}")
