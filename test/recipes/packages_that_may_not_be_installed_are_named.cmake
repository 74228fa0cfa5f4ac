# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")
set(bin "${WORK}/bin")
set(log "${WORK}/logs/packages.log")

# program(NAME LINES): what PATH has beside the programs that the script needs anyway.
function(program name lines)
  file(WRITE "${bin}/${name}" "#!/bin/sh\n${lines}\n")
  file(CHMOD "${bin}/${name}" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
endfunction()

foreach(name IN ITEMS sh env dirname mkdir date tail)
  find_program(found_${name} ${name} REQUIRED)
  file(MAKE_DIRECTORY "${bin}")
  file(CREATE_LINK "${found_${name}}" "${bin}/${name}" SYMBOLIC)
endforeach()

macro(install)
  execute_process(
    COMMAND "${CMAKE_COMMAND}" -E env "PATH=${bin}" sh "${TESTS}/../../tools/install_packages.sh" "${log}"
            one two
    RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err)
endmacro()

set(refusal "skerry: missing packages: one two; install them as root: apt-get install one two\n")

# Another system, without apt-get.
program(id "echo 0")
install()
expect_equal("${status}" 1)
expect_equal("${err}" "${refusal}")

# Neither root nor sudo.
program(apt-get "echo \"apt-get $*\"; echo the mirror is away; exit 100")
program(id "echo 1000")
install()
expect_equal("${status}" 1)
expect_equal("${err}" "${refusal}")

# A sudo that would ask, and nobody who could answer.
program(sudo "exit 1")
install()
expect_equal("${status}" 1)
expect_equal("${err}" "${refusal}")
file(REMOVE "${bin}/sudo")

# Root, and packages that do not come: the end of the log, and where it is.
program(id "echo 0")
install()
expect_equal("${status}" 1)
expect_words("${err}" "==> installing one two … failed\n")
expect_words("${err}" "the mirror is away\nattempt 2 failed\n")
expect_words("${err}" "skerry: could not install one two; the whole log is ${log}\n")

# A package that comes.
program(apt-get "exit 0")
install()
expect_success()
