# SPDX-License-Identifier: Apache-2.0
# skerry_image(TARGET [MEMORY SIZE] [NETWORK dhcp|none|ADDRESS...] [ARGUMENTS WORD...]
#              [ENVIRONMENT NAME=VALUE...] [DRIVERS NAME...] [CALLS all]
#              [ROOT FOLDER [BESIDE] [TMPFS PATH...]])
# What an executable is to have as an image. Each part has a default; an image is bootable without.
#   MEMORY       what `skerry run` and ctest give it: 64M, 1G
#   NETWORK      as the kernel argument ip=, which replaces it: at most two addresses
#   ARGUMENTS    of main(), before those of the command line; CMake takes no word that
#                ends with a backslash
#   ENVIRONMENT  variables beside PATH, HOME and LANG; env=NAME=VALUE on the command line replaces them
#   DRIVERS      what is linked, of drivers.txt; all without this word, none with an empty list
#   ROOT         a folder that becomes the root file system: read-only, in the image, with file
#                systems in memory at /dev, /proc, /run and /tmp. /etc/hosts, passwd, group and
#                resolv.conf, where the folder has none, lead to those that the kernel keeps. Packed
#                anew by each build that finds something in it changed. Without this word all of the
#                tree is in memory and can be written to.
#   BESIDE       with ROOT: not in the image but in a file of its name with .root behind it, for the
#                boot loader, which puts both into memory; `skerry run` does. To be said in the
#                folder that makes the target.
#   TMPFS        with ROOT: absolute paths that get a file system in memory too
#   CALLS        all: system calls that nothing linked makes are there too, for code that is made or
#                loaded at run time. Not needed for syscall() and SYSCALL instructions in the program.
include_guard(GLOBAL)

set(SKERRY_IMAGE_TEXT_LIMIT 2048) # CommandLine::max_text
set(SKERRY_IMAGE_WORD_LIMIT 64)   # CommandLine::max_words

# One text, in at most two parts.
function(skerry_image_fail text)
  set(rest)
  if(ARGC GREATER 1)
    set(rest "${ARGV1}")
  endif()
  message(FATAL_ERROR "skerry_image(${target}): ${text}${rest}")
endfunction()

# A word as kernel and boot loader read it: quoted when it has to be.
function(skerry_quote_word what word result)
  if(word MATCHES "[\r\n]")
    skerry_image_fail("${what} \"${word}\" has a line break; expected one line")
  endif()
  if(word STREQUAL "" OR word MATCHES "[ \t\"]")
    string(REPLACE "\\" "\\\\" word "${word}")
    string(REPLACE "\"" "\\\"" word "${word}")
    set(word "\"${word}\"")
  endif()
  set(${result} "${word}" PARENT_SCOPE)
endfunction()

function(skerry_c_string text result)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  set(${result} "\"${text}\"" PARENT_SCOPE)
endfunction()

function(skerry_check_count what limit)
  list(LENGTH ARGN count)
  if(count GREATER limit)
    skerry_image_fail("${what} has ${count} words; expected ${limit} at most")
  endif()
endfunction()

# SIZE → bytes.
function(skerry_read_memory size result)
  if(NOT size MATCHES "^([1-9][0-9]*)([KMG])$")
    skerry_image_fail("MEMORY is \"${size}\"; expected a number with K, M or G, such as 64M")
  endif()
  string(FIND "KMG" "${CMAKE_MATCH_2}" power)
  string(LENGTH "${CMAKE_MATCH_1}" digits)
  if(digits GREATER 9)
    skerry_image_fail("MEMORY is \"${size}\"; expected 1024G at most")
  endif()
  math(EXPR bytes "${CMAKE_MATCH_1} << (10 * (${power} + 1))")
  if(bytes LESS 1048576 OR bytes GREATER 1099511627776)
    skerry_image_fail("MEMORY is \"${size}\"; expected 1M to 1024G")
  endif()
  set(${result} ${bytes} PARENT_SCOPE)
endfunction()

function(skerry_read_network words result)
  skerry_check_count(NETWORK 2 ${words})
  set(line)
  foreach(word IN LISTS words)
    # The kernel reads it once more, and more closely.
    if(NOT word MATCHES "^(dhcp|none|[0-9a-fA-F.:]+/[0-9]+(,[0-9a-fA-F.:]*(,[0-9a-fA-F.:]+)?)?)$")
      skerry_image_fail("NETWORK is \"${word}\"; expected dhcp, none or ADDRESS/BITS[,GATEWAY[,DNS]]")
    endif()
    string(APPEND line "ip=${word} ")
  endforeach()
  set(${result} "${line}" PARENT_SCOPE)
endfunction()

function(skerry_read_arguments words result)
  skerry_check_count(ARGUMENTS ${SKERRY_IMAGE_WORD_LIMIT} ${words})
  set(line)
  foreach(word IN LISTS words)
    skerry_quote_word(ARGUMENTS "${word}" quoted)
    string(APPEND line " ${quoted}")
  endforeach()
  if(line)
    set(line "--${line}")
  endif()
  set(${result} "${line}" PARENT_SCOPE)
endfunction()

function(skerry_read_environment words result)
  skerry_check_count(ENVIRONMENT ${SKERRY_IMAGE_WORD_LIMIT} ${words})
  set(rows)
  foreach(word IN LISTS words)
    if(NOT word MATCHES "^[^=]+=")
      skerry_image_fail("ENVIRONMENT has \"${word}\"; expected NAME=VALUE")
    endif()
    skerry_quote_word(ENVIRONMENT "${word}" unused) # refuses line breaks
    skerry_c_string("${word}" quoted)
    string(APPEND rows "    ${quoted},\n")
  endforeach()
  set(${result} "${rows}" PARENT_SCOPE)
endfunction()

# NAMES → the table of drivers in C; nothing where `names` is not given.
function(skerry_driver_table names result)
  file(STRINGS "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/drivers.txt" known REGEX "^[^#]")
  set(declarations)
  set(rows)
  foreach(name IN LISTS names)
    if(NOT name IN_LIST known)
      list(JOIN known ", " words)
      skerry_image_fail("DRIVERS has \"${name}\"; expected ${words}")
    endif()
    string(REPLACE "-" "_" symbol "__skerry_driver_${name}")
    string(APPEND declarations "extern const char ${symbol}[];\n")
    string(APPEND rows "    ${symbol},\n")
  endforeach()
  set(${result} "${declarations}const void* const __skerry_drivers[] = {\n${rows}    0};\n"
      PARENT_SCOPE)
endfunction()

# Absolute paths → rows of a table in C, and options of `skerry pack`.
function(skerry_read_memory_folders paths rows_result options_result)
  skerry_check_count(TMPFS 16 ${paths})
  set(taken /dev /proc /run /tmp)
  set(rows)
  set(options)
  foreach(given IN LISTS paths)
    string(REGEX REPLACE "(.)/+$" "\\1" path "${given}")
    if(NOT path MATCHES "^(/[^/\r\n]+)+$" OR path MATCHES "/\\.\\.?(/|$)")
      skerry_image_fail("TMPFS is \"${given}\"; expected an absolute path without . and .. in it, "
                        "such as /var/cache")
    endif()
    foreach(other IN LISTS taken)
      string(FIND "${path}/" "${other}/" inside)
      string(FIND "${other}/" "${path}/" around)
      if(inside EQUAL 0 OR around EQUAL 0)
        skerry_image_fail("TMPFS has \"${given}\", but ${other} is in memory; expected folders that "
                          "do not lie in each other")
      endif()
    endforeach()
    list(APPEND taken "${path}")
    skerry_c_string("${path}" quoted)
    string(APPEND rows "    ${quoted},\n")
    list(APPEND options --tmpfs "${path}")
  endforeach()
  set(${rows_result} "${rows}" PARENT_SCOPE)
  set(${options_result} "${options}" PARENT_SCOPE)
endfunction()

# Puts FILE beside the image: a program's is packed there, an executable is linked anew when FILE has
# changed, and takes it along.
function(skerry_put_beside file)
  set_property(TARGET "${target}" APPEND PROPERTY LINK_DEPENDS "${file}")
  add_custom_command(TARGET "${target}" POST_BUILD
    COMMAND "${CMAKE_COMMAND}" -E copy "${file}" "$<TARGET_FILE:${target}>.root"
    VERBATIM)
endfunction()

# What host programs read of the root: owner Skerry, type 3, lines of text. ARGN: TMPFS' paths.
function(skerry_root_note place result)
  list(JOIN ARGN "\n" text)
  skerry_c_string("${place}\n${text}" text)
  string(REPLACE "\n" "\\n" text "${text}")
  set(${result} "
static const struct {
  unsigned owner_size, size, type;
  char owner[8];
  char text[sizeof ${text}];
} root_note __attribute__((section(\".note.Skerry\"), used, aligned(4))) = {
    7, sizeof ${text}, 3, \"Skerry\", ${text}};
" PARENT_SCOPE)
endfunction()

# Packs FOLDER by a target of its own, which looks at it in each build, and sets `result` to the C that
# puts it into the image, or says that it comes from beside. ARGN: options of `skerry pack`.
function(skerry_add_root folder is_beside rows result)
  cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
  if(NOT IS_DIRECTORY "${folder}")
    skerry_image_fail("ROOT is \"${folder}\"; expected a folder")
  endif()
  set(image "${CMAKE_CURRENT_BINARY_DIR}/${target}_root.erofs")
  get_target_property(program "${target}" SKERRY_PROGRAM)
  if(is_beside AND program)
    set(image "${program}/${target}.root")
  endif()
  add_custom_target(${target}_root
    COMMAND "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../bin/skerry" pack "${folder}" "${image}" ${ARGN}
    BYPRODUCTS "${image}"
    COMMENT "Looking for changes in ${folder}"
    VERBATIM)
  add_dependencies("${target}" ${target}_root)
  set(declarations "
extern const char __skerry_erofs_root[];
static const char* const memory_directories[] = {
${rows}    0};
struct SkerryImageRoot {
  const void* starter;
  const unsigned char *start, *end;
  const char* const* memory_directories;
};
extern const struct SkerryImageRoot __skerry_image_root;
const struct SkerryImageRoot __skerry_image_root = {
")
  if(is_beside)
    if(NOT program)
      skerry_put_beside("${image}")
    endif()
    set(${result} "${declarations}    __skerry_erofs_root, 0, 0, memory_directories};\n" PARENT_SCOPE)
    return()
  endif()
  set(image_file "${image}" PARENT_SCOPE)
  # A string of the assembler in one of C.
  skerry_c_string("${image}" quoted)
  skerry_c_string("    .incbin ${quoted}\n" quoted)
  string(REPLACE "\n" "\\n" quoted "${quoted}")
  set(${result} "__asm__(
    \"    .pushsection .rodata.skerry_root, \\\"a\\\", @progbits\\n\"
    \"    .balign 4096\\n\"
    \"    .globl __skerry_root_start, __skerry_root_end\\n\"
    \"    .hidden __skerry_root_start, __skerry_root_end\\n\"
    \"__skerry_root_start:\\n\"
    ${quoted}
    \"__skerry_root_end:\\n\"
    \"    .popsection\\n\");
extern const unsigned char __skerry_root_start[], __skerry_root_end[];
${declarations}    __skerry_erofs_root, __skerry_root_start, __skerry_root_end, memory_directories};
" PARENT_SCOPE)
endfunction()

function(skerry_check_target)
  if(NOT TARGET "${target}")
    skerry_image_fail("there is no such target; expected one made by add_executable()")
  endif()
  get_target_property(type "${target}" TYPE)
  get_target_property(program "${target}" SKERRY_PROGRAM)
  if(NOT type STREQUAL "EXECUTABLE" AND NOT program)
    skerry_image_fail("the target is a ${type}; expected one made by add_executable() or "
                      "skerry_program()")
  endif()
  get_target_property(seen "${target}" SKERRY_IMAGE)
  if(seen)
    skerry_image_fail("it was called for this target before; expected one call")
  endif()
  set_target_properties("${target}" PROPERTIES SKERRY_IMAGE TRUE)
endfunction()

# A word for the linker, a file to be compiled: for an executable, or for all links of a program that
# is built by its own build system (program.cmake).
function(skerry_add_link_word word)
  get_target_property(program "${target}" SKERRY_PROGRAM)
  if(program)
    set_property(TARGET "${target}" APPEND PROPERTY SKERRY_LINK_WORDS "${word}")
  else()
    target_link_options("${target}" PRIVATE "LINKER:${word}")
  endif()
endfunction()

function(skerry_add_source source)
  get_target_property(program "${target}" SKERRY_PROGRAM)
  if(program)
    add_library(${target}_image OBJECT "${source}")
    if(TARGET ${target}_root)
      add_dependencies(${target}_image ${target}_root)
    endif()
  else()
    target_sources("${target}" PRIVATE "${source}")
  endif()
endfunction()

function(skerry_image target)
  cmake_parse_arguments(PARSE_ARGV 1 image "BESIDE" "MEMORY;CALLS;ROOT"
    "NETWORK;ARGUMENTS;ENVIRONMENT;DRIVERS;TMPFS")
  if(DEFINED image_UNPARSED_ARGUMENTS)
    skerry_image_fail("\"${image_UNPARSED_ARGUMENTS}\" is not known; expected MEMORY, NETWORK, "
                      "ARGUMENTS, ENVIRONMENT, DRIVERS, CALLS, ROOT, BESIDE or TMPFS")
  endif()
  foreach(word IN LISTS image_KEYWORDS_MISSING_VALUES)
    if(NOT word STREQUAL "DRIVERS")
      skerry_image_fail("${word} has no value")
    endif()
  endforeach()
  skerry_check_target()

  set(bytes 0)
  set(note)
  if(DEFINED image_MEMORY)
    skerry_read_memory("${image_MEMORY}" bytes)
    set(note "
// Read by host programs: owner Skerry, type 2, bytes of memory.
static const struct {
  unsigned owner_size, size, type;
  char owner[8];
  unsigned low_half, high_half;
} note __attribute__((section(\".note.Skerry\"), used, aligned(4))) = {
    7, 8, 2, \"Skerry\", ${bytes}ULL & 0xffffffff, ${bytes}ULL >> 32};
")
  endif()
  skerry_read_network("${image_NETWORK}" network)
  skerry_read_arguments("${image_ARGUMENTS}" arguments)
  skerry_read_environment("${image_ENVIRONMENT}" variables)
  string(LENGTH "${network}${arguments}" length)
  if(length GREATER SKERRY_IMAGE_TEXT_LIMIT)
    skerry_image_fail("NETWORK and ARGUMENTS have ${length} characters; expected "
                      "${SKERRY_IMAGE_TEXT_LIMIT} at most")
  endif()
  skerry_c_string("${network}${arguments}" line)
  if(DEFINED image_CALLS)
    if(NOT image_CALLS STREQUAL "all")
      skerry_image_fail("CALLS is \"${image_CALLS}\"; expected all")
    endif()
    skerry_add_link_word(--undefined=__skerry_call_65535)
  endif()
  set(drivers)
  if(DEFINED image_DRIVERS OR "DRIVERS" IN_LIST image_KEYWORDS_MISSING_VALUES)
    skerry_driver_table("${image_DRIVERS}" drivers)
  endif()

  set(root)
  if(DEFINED image_ROOT)
    skerry_read_memory_folders("${image_TMPFS}" rows options)
    skerry_add_root("${image_ROOT}" ${image_BESIDE} "${rows}" root ${options})
    set(place inside)
    if(image_BESIDE)
      set(place beside)
    endif()
    skerry_root_note(${place} root_note ${image_TMPFS})
    string(APPEND note "${root_note}")
  elseif(image_BESIDE)
    skerry_image_fail("BESIDE is given without ROOT; expected both")
  elseif(DEFINED image_TMPFS)
    skerry_image_fail("TMPFS is given without ROOT; expected both: without ROOT each folder is in "
                      "memory")
  endif()

  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  set(suffix cpp)
  set(form "extern \"C\" {\nextern const struct SkerryImageOptions __skerry_image_options;\nextern const void* const __skerry_drivers[];")
  set(end "}")
  if("C" IN_LIST languages)
    set(suffix c)
    set(form)
    set(end)
  endif()
  set(source "${CMAKE_CURRENT_BINARY_DIR}/${target}_skerry_image.${suffix}")
  file(CONFIGURE OUTPUT "${source}" @ONLY CONTENT "// Written by skerry_image(@target@).
struct SkerryImageOptions {
  unsigned long long memory_bytes;
  const char* command_line;
  const char* const* environment;
};
@form@
static const char* const environment[] = {
@variables@    0};
const struct SkerryImageOptions __skerry_image_options = {
    @bytes@ULL, @line@, environment};
@drivers@@root@@end@
@note@")
  set_source_files_properties("${source}" PROPERTIES
    COMPILE_OPTIONS "-w;-fno-lto" SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON)
  if(root AND NOT image_BESIDE)
    set_source_files_properties("${source}" PROPERTIES OBJECT_DEPENDS "${image_file}")
  endif()
  skerry_add_source("${source}")
endfunction()
