# SPDX-License-Identifier: Apache-2.0
# Joins the objects listed in -DLIST=… into one relocatable object, -DOUTPUT=…, whose exports stand
# in -DEXPORTS=…. Objects that are LLVM bitcode are optimised as one program first: what nothing
# outside of them names becomes local, is inlined across files or goes away. The others (assembly,
# the early code, the functions that the compiler calls by itself) stay as they are. Files between
# are kept beside the output.
cmake_minimum_required(VERSION 3.25)

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status ERROR_VARIABLE errors)
  if(NOT status EQUAL 0)
    list(GET ARGV 0 program)
    message(FATAL_ERROR "${program} ended with status ${status}:\n${errors}")
  endif()
endfunction()

# file(STRINGS) would end a line at each character that is not ASCII.
file(READ "${LIST}" objects)
string(STRIP "${objects}" objects)
string(REPLACE "\n" ";" objects "${objects}")
set(bitcode)
set(machine_code)
foreach(object IN LISTS objects)
  file(READ "${object}" magic LIMIT 2 HEX)
  if(magic STREQUAL "4243")
    list(APPEND bitcode "${object}")
  else()
    list(APPEND machine_code "${object}")
  endif()
endforeach()

# What must keep its name: the exports, and what the other objects ask for.
file(STRINGS "${EXPORTS}" kept REGEX "^[^#]")
execute_process(COMMAND llvm-nm-19 --undefined-only --format=just-symbols --no-sort ${machine_code}
  OUTPUT_VARIABLE asked COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "\n[A-Za-z0-9_]+" asked "${asked}")
list(TRANSFORM asked STRIP)
list(APPEND kept ${asked})
list(REMOVE_DUPLICATES kept)
list(JOIN kept "," kept)

list(JOIN bitcode "\"\n\"" lines)
file(WRITE "${OUTPUT}.rsp" "\"${lines}\"\n")
run(llvm-link-19 "@${OUTPUT}.rsp" -o "${OUTPUT}.linked.bc")
run(opt-19 "--internalize-public-api-list=${kept}" "-passes=internalize,globaldce,lto<Os>"
  "${OUTPUT}.linked.bc" -o "${OUTPUT}.bc")
run(clang-19 --target=x86_64-unknown-linux-musl -c -O2 -x ir "${OUTPUT}.bc" -o "${OUTPUT}.code.o"
  -fPIE -mno-red-zone -fno-omit-frame-pointer -ffunction-sections -fdata-sections)
run(ld.lld-19 -r --force-group-allocation -o "${OUTPUT}" "${OUTPUT}.code.o" ${machine_code})
