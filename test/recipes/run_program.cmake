# Runs PROGRAM on Linux, with doors that lead to its system calls. SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/sysroot_program.cmake")
compile("${PROGRAM}.cpp" program.o)
compile(start.c start.o)
compile(door.S door.o)
execute_process(COMMAND ld.lld-19 -pie --no-dynamic-linker -z text --gc-sections --icf=all
  --eh-frame-hdr -o "${WORK}/program" program.o start.o door.o ${libraries}
  WORKING_DIRECTORY "${WORK}" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ./program WORKING_DIRECTORY "${WORK}"
  RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err)
expect_success()
