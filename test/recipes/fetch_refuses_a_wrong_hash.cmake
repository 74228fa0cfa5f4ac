# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")
file(WRITE "${WORK}/release.tar.gz" "not what was pinned")
file(SHA256 "${WORK}/release.tar.gz" actual)
string(SHA256 pinned "what was pinned")

run("${TESTS}/fetch_one.cmake" -DSHA256=${pinned} -DSKERRY_FETCH_UPSTREAM=ON
  "-DUPSTREAM=file://${WORK}/release.tar.gz")
expect_failure()
expect_words("${err}" "skerry: sample-release.tar.gz has the wrong hash: SHA-256 is ${actual}, expected ${pinned} (from file://${WORK}/release.tar.gz)\n")
file(GLOB kept "${WORK}/cache/downloads/*")
expect_equal("${kept}" "")
