# SPDX-License-Identifier: Apache-2.0
# Checks the closed kernel object (-DOBJECT=…): it asks for nothing but the names in
# kernel_imports.txt, and no instruction in it touches an x87 or vector register apart from those
# that save, restore and initialise them.
cmake_minimum_required(VERSION 3.25)

file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/kernel_imports.txt" allowed REGEX "^[^#]")
execute_process(COMMAND llvm-nm-19 --undefined-only --format=just-symbols "${OBJECT}"
  OUTPUT_VARIABLE undefined OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" undefined "${undefined}")
list(REMOVE_ITEM undefined ${allowed})
if(undefined)
  list(JOIN undefined "\n  " names)
  message(FATAL_ERROR "the kernel object asks for names that it must not use "
                      "(cmake/kernel_imports.txt):\n  ${names}")
endif()

execute_process(
  COMMAND llvm-objdump-19 --disassemble --no-show-raw-insn --no-addresses "${OBJECT}"
  OUTPUT_VARIABLE listing COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "\n[^\n]*%([xyz]mm|st|mm[0-7]|k[0-7])[^\n]*" touching "${listing}")
string(REGEX MATCHALL "\n[ \t]+f[a-z0-9]+[ \t\n][^\n]*" x87 "${listing}")
list(APPEND touching ${x87})
list(FILTER touching EXCLUDE REGEX
  "^\n[ \t]+(fxsave|fxsave64|fxrstor|fxrstor64|fninit|fldcw|fnstcw)[ \t]*")
if(touching)
  list(JOIN touching "" lines)
  message(FATAL_ERROR "the kernel object uses x87 or vector registers:${lines}")
endif()
