# SPDX-License-Identifier: Apache-2.0
# skerry_program(NAME SOURCE WORD... [CONFIGURE WORD...] BUILD WORD... PROGRAM FILE)
# An image of a program that somebody else wrote, from its own source and by its own build system.
#   SOURCE     what skerry_fetch_source() takes (cmake/fetch/fetch.cmake): NAME package VERSION v
#              SUITES suite... ARCHIVE file SHA256 hash [UPSTREAM url [UPSTREAM_SHA256 hash]]
#   CONFIGURE  a command that is run once in the unpacked source
#   BUILD      a command that is run there in each build, such as make -j${SKERRY_JOBS}
#   PROGRAM    what it makes, below the source's folder
# Both commands see CC, CXX, AR, RANLIB and STRIP of the SDK in their environment. SKERRY_EMULATOR is
# set, so that scripts that compile a program and run it learn the truth; packages of the machine are
# hidden from pkg-config. NAME becomes a target, for which skerry_image() may be called: what that
# says goes into PROGRAM, and into no other program that the commands link.
include_guard(GLOBAL)
include("${CMAKE_CURRENT_LIST_DIR}/fetch/fetch.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/source.cmake")
include(ProcessorCount)
ProcessorCount(SKERRY_JOBS)
if(SKERRY_JOBS EQUAL 0)
  set(SKERRY_JOBS 1)
endif()

function(skerry_program_fail target text)
  message(FATAL_ERROR "skerry_program(${target}): ${text}")
endfunction()

function(skerry_check_program target)
  if(TARGET "${target}")
    skerry_program_fail("${target}" "there is such a target already; expected another name")
  endif()
  if(DEFINED program_UNPARSED_ARGUMENTS)
    skerry_program_fail("${target}" "\"${program_UNPARSED_ARGUMENTS}\" is not known; expected SOURCE, "
                        "CONFIGURE, BUILD or PROGRAM")
  endif()
  foreach(word IN ITEMS SOURCE BUILD PROGRAM)
    if(NOT program_${word})
      skerry_program_fail("${target}" "${word} is missing")
    endif()
  endforeach()
  if(IS_ABSOLUTE "${program_PROGRAM}" OR "/${program_PROGRAM}/" MATCHES "/\\.\\./")
    skerry_program_fail("${target}" "PROGRAM is \"${program_PROGRAM}\"; expected a path below the "
                        "source's folder")
  endif()
endfunction()

# WORDS → a list as a CMake script has it, with each word as it is.
function(skerry_bracketed_words result)
  set(text)
  foreach(word IN LISTS ARGN)
    if(word MATCHES "]==]")
      message(FATAL_ERROR "\"${word}\" has ]==] in it, which a recipe cannot pass on")
    endif()
    string(APPEND text "\n  [==[${word}]==]")
  endforeach()
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

function(skerry_program target)
  cmake_parse_arguments(PARSE_ARGV 1 program "" "PROGRAM" "SOURCE;CONFIGURE;BUILD")
  skerry_check_program("${target}")
  skerry_fetch_source(${program_SOURCE} OUTPUT archive)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}-program")
  skerry_bracketed_words(configure ${program_CONFIGURE})
  skerry_bracketed_words(build ${program_BUILD})
  file(CONFIGURE OUTPUT "${folder}/recipe.cmake" @ONLY CONTENT "# Written by skerry_program(@target@).
set(name [==[@target@]==])
set(archive [==[@archive@]==])
set(folder [==[@folder@]==])
set(sdk [==[@SKERRY_SDK@]==])
set(program [==[@program_PROGRAM@]==])
set(configure@configure@)
set(build@build@)
")
  add_custom_target("${target}" ALL DEPENDS "${folder}/${target}")
  set_target_properties("${target}" PROPERTIES SKERRY_PROGRAM "${folder}")
  set_property(GLOBAL APPEND PROPERTY SKERRY_PROGRAMS "${target}\t${folder}/${target}\n")
  cmake_language(EVAL CODE "cmake_language(DEFER CALL skerry_add_program [==[${target}]==])")
endfunction()

# When skerry_image() has been called, if it is: what it adds to the links.
function(skerry_add_program target)
  get_target_property(folder "${target}" SKERRY_PROGRAM)
  get_target_property(words "${target}" SKERRY_LINK_WORDS)
  if(NOT words)
    set(words)
  endif()
  set(objects)
  if(TARGET ${target}_image)
    set(objects "$<TARGET_OBJECTS:${target}_image>")
    list(APPEND words "${objects}")
  endif()
  file(GENERATE OUTPUT "${folder}/link-words" CONTENT "\"$<JOIN:${words},\" \">\"\n")
  add_custom_command(OUTPUT "${folder}/${target}"
    COMMAND "${CMAKE_COMMAND}" "-DRECIPE=${folder}/recipe.cmake"
            -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/build_program.cmake"
    DEPENDS "${folder}/recipe.cmake" "${folder}/link-words" "${SKERRY_SDK}/.complete"
            "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/build_program.cmake" ${objects}
    COMMENT "Building ${target} by its own build system"
    VERBATIM)
endfunction()

# For `skerry build` and `skerry run`, to which CMake does not tell of these.
function(skerry_list_programs)
  get_property(programs GLOBAL PROPERTY SKERRY_PROGRAMS)
  list(JOIN programs "" text)
  file(WRITE "${CMAKE_BINARY_DIR}/skerry-programs.txt" "${text}")
endfunction()
