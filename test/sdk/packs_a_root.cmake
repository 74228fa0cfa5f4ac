# SPDX-License-Identifier: Apache-2.0
# A project with a root file system: a build follows what changes in the folder, and only that.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")
set(site "${WORK}/a site")

file(WRITE "${WORK}/CMakeLists.txt" "cmake_minimum_required(VERSION 3.25)
project(sample LANGUAGES C)
add_executable(sample sample.c)
if(SKERRY)
  skerry_image(sample ROOT \"a site\" TMPFS /var/cache)
endif()
")
file(WRITE "${WORK}/sample.c" "#include <stdio.h>
int main(int count, char** words) {
  for (int i = 1; i < count; ++i) {
    char text[100] = {0};
    FILE* file = fopen(words[i], \"r\");
    puts(file && fgets(text, sizeof text, file) ? text : \"none\");
  }
  return fopen(\"/var/cache/file\", \"w\") ? 0 : 1;
}
")

# Boots; fails unless what stands in /one, /two and /link is what is expected.
function(expect_contents folder one two link)
  succeed("${SDK}/bin/skerry" emulate "${folder}/sample" /one /two /link)
  expect_equal("${out}" "${one}\n${two}\n${link}\n")
endfunction()

function(rebuild folder)
  succeed("${CMAKE_COMMAND}" --build "${folder}")
endfunction()

function(build_and_change generator)
  file(REMOVE_RECURSE "${site}")
  file(WRITE "${site}/one" "first")
  set(folder "${WORK}/${generator}")
  succeed("${CMAKE_COMMAND}" -G "${generator}" -S "${WORK}" -B "${folder}"
    --toolchain "${SDK}/cmake/toolchain.cmake")
  rebuild("${folder}")
  expect_contents("${folder}" first none none)

  file(TIMESTAMP "${folder}/sample" before "%s")
  execute_process(COMMAND "${CMAKE_COMMAND}" -E sleep 1.1) # times of files may have whole seconds
  rebuild("${folder}")
  file(TIMESTAMP "${folder}/sample" after "%s")
  expect_equal("${after}" "${before}")

  file(WRITE "${site}/one" "changed")
  file(WRITE "${site}/two" "second")
  file(CREATE_LINK one "${site}/link" SYMBOLIC)
  rebuild("${folder}")
  expect_contents("${folder}" changed second changed)

  file(REMOVE "${site}/one" "${site}/link")
  rebuild("${folder}")
  expect_contents("${folder}" none second none)
endfunction()

build_and_change(Ninja)
build_and_change("Unix Makefiles")

# What cannot be packed ends the build in one clear line.
execute_process(COMMAND mkfifo "${site}/queue" COMMAND_ERROR_IS_FATAL ANY)
command("${CMAKE_COMMAND}" --build "${WORK}/Ninja")
expect_failure()
expect_words("${out}${err}" "skerry: ${site}/queue: it is a pipe; a root file system has files, folders and links")
