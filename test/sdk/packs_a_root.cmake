# SPDX-License-Identifier: Apache-2.0
# A project with a root file system, in the image or beside it: a build follows what changes in the
# folder, and only that.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")
set(site "${WORK}/a site")

file(WRITE "${WORK}/CMakeLists.txt" "cmake_minimum_required(VERSION 3.10)
project(sample LANGUAGES C)
add_executable(sample sample.c)
if(SKERRY)
  skerry_image(sample ROOT \"a site\" \${PLACE} TMPFS /var/cache)
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

function(build_and_change generator place)
  file(REMOVE_RECURSE "${site}")
  file(WRITE "${site}/one" "first")
  set(folder "${WORK}/${generator}${place}")
  succeed("${CMAKE_COMMAND}" -G "${generator}" -S "${WORK}" -B "${folder}"
    --toolchain "${SDK}/cmake/toolchain.cmake" "-DPLACE=${place}")
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

build_and_change(Ninja "")
build_and_change("Unix Makefiles" "")
build_and_change(Ninja BESIDE)
build_and_change("Unix Makefiles" BESIDE)

# Another root in place of either: a folder, to which that of TMPFS is added, or one that is packed.
set(run "${SDK}/bin/skerry" run --net none --kvm off --append "quiet -- /one" --timeout 120)
file(WRITE "${WORK}/other/one" "another")
succeed("${SDK}/bin/skerry" pack --tmpfs /var/cache "${WORK}/other" "${WORK}/other.erofs")
foreach(image IN ITEMS Ninja/sample NinjaBESIDE/sample)
  foreach(root IN ITEMS other other.erofs)
    succeed(${run} "${WORK}/${image}" --root "${WORK}/${root}")
    expect_words("${out}" "another")
  endforeach()
endforeach()

command(${run} "${WORK}/Ninja/sample" --root "${WORK}/missing")
expect_failure()
expect_words("${err}" "--root ${WORK}/missing: there is no such file; expected a folder")
command(${run} "${WORK}/Ninja/sample" --root "${WORK}/sample.c")
expect_failure()
expect_words("${err}" "--root ${WORK}/sample.c: it is no root file system; expected a folder")
file(REMOVE "${WORK}/NinjaBESIDE/sample.root")
command(${run} "${WORK}/NinjaBESIDE/sample")
expect_failure()
expect_words("${err}" "its root file system is missing; expected ${WORK}/NinjaBESIDE/sample.root")

# What cannot be packed ends the build in one clear line.
execute_process(COMMAND mkfifo "${site}/queue" COMMAND_ERROR_IS_FATAL ANY)
command("${CMAKE_COMMAND}" --build "${WORK}/Ninja")
expect_failure()
expect_words("${out}${err}" "skerry: ${site}/queue: it is a pipe; a root file system has files, folders and links")
