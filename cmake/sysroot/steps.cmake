# Runs the steps of a build: one line at start and end, a log each, and a stamp that is written only
# after the step was completed, so that an interrupted build goes on where it stopped.
# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)
include("${CMAKE_CURRENT_LIST_DIR}/../fetch/cache.cmake")

function(skerry_seconds output)
  string(TIMESTAMP now "%s" UTC)
  set(${output} ${now} PARENT_SCOPE)
endfunction()

# Prints the end of the current step's log and stops.
function(skerry_step_failed what)
  execute_process(COMMAND tail -n 20 "${SKERRY_LOG}" OUTPUT_VARIABLE text ERROR_QUIET)
  skerry_disk_hint("${SKERRY_BUILD}" hint)
  message(NOTICE "${text}")
  skerry_fail("step '${SKERRY_STEP}' failed: ${what}${hint}; log: ${SKERRY_LOG}")
endfunction()

# skerry_run([IN directory] COMMAND…): runs a command of the current step, output to its log.
function(skerry_run)
  set(directory "${SKERRY_BUILD}")
  if(ARGV0 STREQUAL "IN")
    set(directory "${ARGV1}")
    list(REMOVE_AT ARGN 0 1)
  endif()
  list(JOIN ARGN " " line)
  file(APPEND "${SKERRY_LOG}" "+ ${line}\n")
  execute_process(COMMAND sh -c "exec \"$@\" >>\"$0\" 2>&1" "${SKERRY_LOG}" ${ARGN}
    WORKING_DIRECTORY "${directory}" RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    list(GET ARGN 0 program)
    get_filename_component(program "${program}" NAME)
    skerry_step_failed("${program} ended with status ${status}")
  endif()
endfunction()

# skerry_patch(SOURCE FOLDER): applies FOLDER's patches to SOURCE; none may be fuzzy.
function(skerry_patch source folder)
  file(GLOB patches "${folder}/*.patch")
  foreach(patch IN LISTS patches)
    skerry_run(patch --batch --forward --fuzz=0 -p1 -d "${source}" -i "${patch}")
  endforeach()
endfunction()

# skerry_step(NUMBER NAME COMMAND TITLE): calls the function COMMAND unless its stamp is there. The
# step gets an empty folder ${SKERRY_WORK} of its own, which is removed when it is done.
function(skerry_step number name command title)
  set(stamp "${SKERRY_BUILD}/stamps/${name}")
  set(prefix "[sysroot ${number}] ${title}")
  if(EXISTS "${stamp}")
    message(NOTICE "${prefix}: done before")
    return()
  endif()
  set(SKERRY_STEP "${name}")
  set(SKERRY_LOG "${SKERRY_LOGS}/${name}.log")
  set(SKERRY_WORK "${SKERRY_BUILD}/work/${name}")
  message(NOTICE "${prefix} …")
  skerry_seconds(start)
  file(REMOVE_RECURSE "${SKERRY_WORK}")
  skerry_make_directory("${SKERRY_WORK}")
  file(WRITE "${SKERRY_LOG}" "")
  cmake_language(CALL ${command})
  file(REMOVE_RECURSE "${SKERRY_WORK}")
  skerry_seconds(end)
  math(EXPR elapsed "${end} - ${start}")
  file(WRITE "${stamp}.new" "${elapsed}")
  file(RENAME "${stamp}.new" "${stamp}")
  message(NOTICE "${prefix}: ${elapsed} s")
endfunction()
