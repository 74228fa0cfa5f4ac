# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")
# The step kills the build, as a power cut would: no stamp, and a half-done folder stays.
run("${TESTS}/two_steps.cmake" "-DSECOND=kill -9 $PPID")
expect_failure()
run("${TESTS}/two_steps.cmake" -DSECOND=true)
expect_success()
expect_words("${err}" "[sysroot 1/2] first step: done before\n")
file(READ "${WORK}/ran" ran)
expect_equal("${ran}" "first\nsecond\nsecond\n")
expect_absent("${WORK}/build/work/two")
