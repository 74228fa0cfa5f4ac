# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")
set(build "${RECIPES}/sysroot/build.cmake")
run("${build}" -DPRINT_KEY=ON)
string(STRIP "${out}" key)

# All of it was built, but not yet renamed; and something took away the end of another one.
file(WRITE "${WORK}/cache/build-${key}/stage/lib/libc.a" "")
file(WRITE "${WORK}/cache/build-${key}/stage/manifest.json" "{}")
file(WRITE "${WORK}/cache/sysroot-${key}/lib/libc.a" "")
run("${build}")
expect_failure()
expect_equal("${out}" "")
expect_words("${err}" "[sysroot 1/7]")
expect_words("${err}" "skerry: cannot fetch ")

# The name and the manifest make a sysroot: found at once, with nothing on stderr.
file(WRITE "${WORK}/cache/sysroot-${key}/manifest.json" "{}")
run("${build}")
expect_success()
expect_equal("${out}" "${WORK}/cache/sysroot-${key}\n")
expect_equal("${err}" "")
