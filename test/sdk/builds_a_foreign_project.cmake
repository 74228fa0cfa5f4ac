# SPDX-License-Identifier: Apache-2.0
# The same project, no word changed, for Skerry and for Linux: what it finds out by running programs
# is the truth in both worlds, and its own tests pass.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

# fork() is the one difference.
function(build_and_test folder fork)
  succeed("${CMAKE_COMMAND}" -G Ninja -S "${HERE}/foreign" -B "${folder}" ${ARGN})
  file(READ "${folder}/answers.txt" answers)
  expect_equal("${answers}" "true 1
false ${empty}
fork ${fork}
threads 1
epoll 1
kqueue ${empty}
sockets 1
long 8
probe TRUE 43 two")
  succeed("${CMAKE_COMMAND}" --build "${folder}")
  succeed("${CMAKE_CTEST_COMMAND}" --test-dir "${folder}" --output-on-failure)
  expect_words("${out}" "100% tests passed, 0 tests failed out of 2")
  expect_words("${out}" "2/2")
  file(READ "${folder}/compile_commands.json" commands)
  expect_words("${commands}" "greeting.c")
endfunction()

build_and_test("${WORK}/skerry" 1 --toolchain "${SDK}/cmake/toolchain.cmake"
  -DCMAKE_EXPORT_COMPILE_COMMANDS=ON)
succeed("${SDK}/bin/skerry" emulate "${WORK}/skerry/foreign" Grace)
expect_equal("${out}" "Good day, Grace.\n")
command("${SDK}/bin/skerry" emulate "${WORK}/skerry/foreign")
expect_equal("${status}" 3)
command("${WORK}/skerry/foreign")
expect_failure()
expect_words("${out}${err}" "skerry run")

build_and_test("${WORK}/linux" "" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
  -DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19)
succeed("${WORK}/linux/foreign" Grace)
expect_equal("${out}" "Good day, Grace.\n")
