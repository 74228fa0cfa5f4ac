# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")
set(kept "${WORK}/cache/downloads/sample-release.tar.gz")
file(WRITE "${WORK}/release.tar.gz" "the whole archive")
file(SHA256 "${WORK}/release.tar.gz" pinned)
file(WRITE "${kept}" "the whole arch")

run("${TESTS}/fetch_one.cmake" -DSHA256=${pinned} -DSKERRY_FETCH_UPSTREAM=ON
  "-DUPSTREAM=file://${WORK}/release.tar.gz")
expect_success()
expect_words("${err}" "skerry: kept sample-release.tar.gz is damaged and is fetched again: SHA-256 is ")
expect_words("${err}" "fetched <${kept}>")
file(SHA256 "${kept}" actual)
expect_equal("${actual}" "${pinned}")
