# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")
run("${TESTS}/two_steps.cmake" "-DSECOND=seq 100 130 && exit 7")
expect_failure()
expect_words("${err}" "\n129\n130\n")
expect_words("${err}" "skerry: step 'two' failed: sh ended with status 7; log: ${WORK}/logs/two.log\n")
string(FIND "${err}" "\n110\n" position)
expect_equal("${position}" -1) # twenty lines, not all
