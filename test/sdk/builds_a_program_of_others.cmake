# SPDX-License-Identifier: Apache-2.0
# skerry_program(): source from an archive, by its own Makefile, with what skerry_image() says; links
# anew when the image's words change, compiles anew only when the source or the compiler does.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

file(COPY "${HERE}/make/" DESTINATION "${WORK}/pack/made-1.0")
file(COPY "${TREE}/test/images/arguments.cpp" DESTINATION "${WORK}/pack/made-1.0")
file(RENAME "${WORK}/pack/made-1.0/arguments.cpp" "${WORK}/pack/made-1.0/main.cpp")
set(ENV{SKERRY_CACHE} "${WORK}/cache")
set(archive "${WORK}/cache/downloads/made_1.0.orig.tar.gz")
file(MAKE_DIRECTORY "${WORK}/cache/downloads")
succeed(${CMAKE_COMMAND} -E chdir "${WORK}/pack" ${CMAKE_COMMAND} -E tar czf "${archive}" made-1.0)
file(SHA256 "${archive}" hash)

# Configures a project with these words of skerry_program() and skerry_image(); sets status and err.
macro(project program image)
  file(WRITE "${WORK}/project/CMakeLists.txt" "cmake_minimum_required(VERSION 3.25)
project(made LANGUAGES C)
skerry_program(made SOURCE NAME made VERSION 1.0 SUITES none ARCHIVE made_1.0.orig.tar.gz
  SHA256 ${hash} ${program})
${image}
")
  command(${CMAKE_COMMAND} -S "${WORK}/project" -B "${WORK}/build" -G Ninja
    --toolchain "${SDK}/cmake/toolchain.cmake")
endmacro()
macro(build)
  command(${CMAKE_COMMAND} --build "${WORK}/build")
endmacro()
set(image "${WORK}/build/made-program/made")

project("BUILD make made PROGRAM made" "skerry_image(made MEMORY 20M ARGUMENTS one \"two words\")")
expect_success()
build()
expect_success()
expect_words("${out}" "sum.c")
succeed("${SDK}/bin/skerry" emulate "${image}" three)
expect_words("${out}" "argv[1]=<one>\nargv[2]=<two words>\nargv[3]=<three>\n")
file(READ "${WORK}/build/skerry-programs.txt" list)
expect_equal("${list}" "made\t${image}\n")

# Other arguments: another link, no other compilation.
project("BUILD make made PROGRAM made" "skerry_image(made CALLS all ARGUMENTS four)")
build()
expect_success()
if(out MATCHES "sum\\.c")
  message(FATAL_ERROR "it was compiled again:\n${out}")
endif()
succeed("${SDK}/bin/skerry" emulate "${image}")
expect_words("${out}" "argc=2\nargv[0]")
expect_words("${out}" "argv[1]=<four>\n")

# A configure script sees the compiler, and what it runs is an image.
file(WRITE "${WORK}/pack/made-1.0/configure" "#!/bin/sh
set -e
echo 'int main(void) { return 3; }' > probe.c
$CC -o probe probe.c
status=0; ./probe || status=$?
echo \"the probe said $status\"
")
file(CHMOD "${WORK}/pack/made-1.0/configure" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
succeed(${CMAKE_COMMAND} -E chdir "${WORK}/pack" ${CMAKE_COMMAND} -E tar czf "${archive}" made-1.0)
file(SHA256 "${archive}" hash)
project("CONFIGURE ./configure BUILD make made PROGRAM made" "")
expect_success()
build()
expect_success()
expect_words("${out}" "the probe said 3")
succeed("${SDK}/bin/skerry" emulate "${image}")
expect_words("${out}" "argc=1\n")

# What goes wrong is said in one line.
project("BUILD make made PROGRAM elsewhere" "")
build()
expect_failure()
expect_words("${out}${err}"
  "skerry: made: the build has ended well and made no elsewhere; expected it there")
project("BUILD make nothing PROGRAM made" "")
build()
expect_failure()
expect_words("${out}${err}" "skerry: made: \"make nothing\" ended with 2")
project("BUILD make made PROGRAM ../made" "")
expect_failure()
expect_words("${err}" "PROGRAM is \"../made\"")
project("BUILD make made" "")
expect_failure()
expect_words("${err}" "PROGRAM is missing")
set(ENV{SKERRY_LINK_WORDS} "${WORK}/nothing")
command("${SDK}/bin/skerry-cc" -o "${WORK}/sum" "${HERE}/make/sum.c")
expect_failure()
expect_words("${err}" "SKERRY_LINK_WORDS is \"${WORK}/nothing\"; expected a file with words")
# They are for one program, where that is named: what a configure script tries has no part in them.
set(source "${TREE}/test/images/arguments.cpp")
set(ENV{SKERRY_LINK_OUTPUT} other)
succeed("${SDK}/bin/skerry-c++" -o "${WORK}/tried" "${source}")
set(ENV{SKERRY_LINK_OUTPUT} tried)
command("${SDK}/bin/skerry-c++" -o "${WORK}/tried" "${source}")
expect_failure()
expect_words("${err}" "SKERRY_LINK_WORDS is \"${WORK}/nothing\"; expected a file with words")
