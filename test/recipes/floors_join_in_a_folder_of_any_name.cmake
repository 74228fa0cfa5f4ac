# SPDX-License-Identifier: Apache-2.0
# Bitcode and machine code, in a folder with a blank and a letter that is not ASCII: exports and what
# machine code asks for keep their names, the rest becomes local or goes away.
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")
set(folder "${WORK}/two wörds")
file(WRITE "${folder}/shown.c"
  "int helper(int); int unused(void) { return 3; } int shown(void) { return helper(1); }\n")
file(WRITE "${folder}/helper.c" "int helper(int x) { return x + 1; } int asked(void) { return 2; }\n")
file(WRITE "${folder}/machine.c" "int asked(void); int machine(void) { return asked(); }\n")
set(list)
foreach(name IN ITEMS shown helper machine)
  set(form -flto)
  if(name STREQUAL "machine")
    set(form -fno-lto)
  endif()
  execute_process(COMMAND clang-19 --target=x86_64-unknown-linux-musl -fPIE -O2 ${form} -c
      "${folder}/${name}.c" -o "${folder}/${name}.o" COMMAND_ERROR_IS_FATAL ANY)
  string(APPEND list "${folder}/${name}.o\n")
endforeach()
file(WRITE "${folder}/list" "${list}")
file(WRITE "${folder}/exports" "# What is shown\nshown\n")

set(join "${RECIPES}/join_floors.cmake")
run("${join}" "-DLIST=${folder}/list" "-DOUTPUT=${folder}/all.o" "-DEXPORTS=${folder}/exports")
expect_success()
execute_process(COMMAND llvm-nm-19 --extern-only --format=just-symbols "${folder}/all.o"
  OUTPUT_VARIABLE names COMMAND_ERROR_IS_FATAL ANY)
expect_equal("${names}" "asked\nmachine\nshown\n")

file(WRITE "${folder}/shown.o" "BC: no bitcode")
run("${join}" "-DLIST=${folder}/list" "-DOUTPUT=${folder}/all.o" "-DEXPORTS=${folder}/exports")
expect_failure()
expect_words("${err}" "llvm-link-19 ended with status 1")
