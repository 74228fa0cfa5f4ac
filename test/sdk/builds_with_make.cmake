# SPDX-License-Identifier: Apache-2.0
# The wrappers take the compiler's place in a Makefile; a wrapper called for something else than an
# image (a query, an object, a preprocessor run) behaves as the compiler does.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

file(COPY "${HERE}/make" DESTINATION "${WORK}")
succeed(make -C "${WORK}/make" "CC=${SDK}/bin/skerry-cc" "CXX=${SDK}/bin/skerry-c++"
  AR=llvm-ar-19)
succeed("${SDK}/bin/skerry" emulate "${WORK}/make/made")
expect_equal("${out}" "caught 42\n")

succeed("${SDK}/bin/skerry-cc" -dumpmachine)
expect_equal("${out}" "x86_64-unknown-linux-musl\n")
succeed("${SDK}/bin/skerry-cc" -E -dM -x c /dev/null)
expect_words("${out}" "#define __linux__ 1")
succeed("${SDK}/bin/skerry-c++" --version)
expect_words("${out}" "clang version 19")
command("${SDK}/bin/skerry-cc" "${WORK}/nothing.c")
expect_failure()
expect_words("${err}" "nothing.c")
