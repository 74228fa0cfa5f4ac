# musl: patched, overlaid with our way to call the kernel, built as static archives and headers.
# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)
set(SKERRY_MUSL_RECIPE "${CMAKE_CURRENT_LIST_DIR}")

# Copies our files over the source; one of ours replaces musl's assembly of the same name.
function(skerry_musl_overlay source)
  set(overlay "${SKERRY_MUSL_RECIPE}/overlay")
  file(GLOB_RECURSE files RELATIVE "${overlay}" "${overlay}/*")
  foreach(file IN LISTS files)
    get_filename_component(folder "${file}" DIRECTORY)
    get_filename_component(name "${file}" NAME_WE)
    if(NOT EXISTS "${source}/${folder}/${name}.s" AND NOT EXISTS "${source}/${file}")
      skerry_step_failed("overlay file ${file} has no counterpart in musl")
    endif()
    file(REMOVE "${source}/${folder}/${name}.s")
    file(COPY "${overlay}/${file}" DESTINATION "${source}/${folder}")
  endforeach()
endfunction()

# What the compiler driver would run for one file with the flags of COMMAND, as a list without the
# names of input and output. -disable-free goes: it is meant for a process that ends after one file.
function(skerry_musl_frontend command output)
  separate_arguments(command UNIX_COMMAND "${command}")
  execute_process(COMMAND ${command} "-###" -x c -c /dev/null -o /dev/null
    ERROR_VARIABLE text RESULT_VARIABLE status)
  string(REGEX MATCH "\n ?(\"[^\n]*\"-cc1\"[^\n]*)" line "${text}")
  if(NOT status EQUAL 0 OR NOT line)
    skerry_step_failed("${SKERRY_CLANG} does not say how it compiles")
  endif()
  separate_arguments(line UNIX_COMMAND "${CMAKE_MATCH_1}")
  list(FIND line -main-file-name position)
  list(REMOVE_AT line ${position})
  list(REMOVE_AT line ${position})
  list(FIND line -o position)
  list(REMOVE_AT line ${position})
  list(REMOVE_AT line ${position})
  list(REMOVE_ITEM line -disable-free /dev/null)
  set(${output} "${line}" PARENT_SCOPE)
endfunction()

# Compiles the files with common flags, many in one process: 1300 starts of the compiler take two
# minutes, their work fifteen seconds. The frontend, unlike the driver, takes several inputs and
# leaves each object beside its source. What is not compiled here, make compiles.
function(skerry_musl_compile source build)
  execute_process(COMMAND make -s -C "${build}" skerry-objects
    OUTPUT_VARIABLE objects OUTPUT_STRIP_TRAILING_WHITESPACE)
  execute_process(COMMAND make -s -C "${build}" skerry-compiler
    OUTPUT_VARIABLE command OUTPUT_STRIP_TRAILING_WHITESPACE)
  skerry_musl_frontend("${command}" frontend)
  string(REPLACE "\n" ";" objects "${objects}")
  set(names "")
  set(files "")
  foreach(object IN LISTS objects)
    string(REGEX REPLACE "^obj/(.*)\\.o$" "\\1" name "${object}")
    if(EXISTS "${source}/${name}.c") # else it is assembly
      list(APPEND names "${name}")
      string(APPEND files "${source}/${name}.c\n")
    endif()
  endforeach()
  file(WRITE "${build}/files" "${files}")
  skerry_run(IN "${build}" xargs -a "${build}/files" -P ${SKERRY_JOBS} -n 48 ${frontend})
  foreach(name IN LISTS names)
    file(RENAME "${source}/${name}.o" "${build}/obj/${name}.o")
  endforeach()
endfunction()

function(skerry_musl_step)
  set(SOURCE "${SKERRY_WORK}/source")
  set(PREFIX "${SKERRY_STAGE}")
  set(build "${SKERRY_WORK}/build")
  file(COPY "${SKERRY_BUILD}/source/musl/" DESTINATION "${SOURCE}")
  skerry_patch("${SOURCE}" "${SKERRY_MUSL_RECIPE}/patches")
  skerry_musl_overlay("${SOURCE}")
  list(JOIN SKERRY_SYSROOT_FLAGS " " FLAGS)
  list(JOIN SKERRY_CANARY_FLAGS " " canary)
  string(APPEND FLAGS " ${canary} -ffile-prefix-map=${SOURCE}=musl")
  configure_file("${SKERRY_MUSL_RECIPE}/config.mak.in" "${build}/config.mak" @ONLY)
  configure_file("${SKERRY_MUSL_RECIPE}/Makefile.in" "${build}/Makefile" @ONLY)
  skerry_run(make -C "${build}" skerry-prepare)
  skerry_musl_compile("${SOURCE}" "${build}")
  skerry_run(make -C "${build}" -j${SKERRY_JOBS})
  skerry_run(make -C "${build}" install)
  # Programs of this sysroot are started by the kernel, not by a C start file.
  file(GLOB start_files "${SKERRY_STAGE}/lib/*.o")
  file(REMOVE ${start_files})
endfunction()
