# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")
string(SHA256 pinned "anything")
run("${TESTS}/fetch_one.cmake" -DSHA256=${pinned} -DSKERRY_FETCH_UPSTREAM=ON
  "-DUPSTREAM=file://${WORK}/nowhere.tar.gz" -DSKERRY_FETCH_APT=ON "-DSKERRY_APT_ETC=${WORK}/none"
  -DSKERRY_APT_GET=/bin/false)
expect_failure()
expect_words("${err}" "attempt 1 of 3 failed")
expect_words("${err}" "skerry: cannot fetch sample_1.0+ds.orig.tar.gz (sample 1.0); bookworm: this machine's apt has no such distribution; trixie: this machine's apt has no such distribution; file://${WORK}/nowhere.tar.gz: \"")
