# SPDX-License-Identifier: Apache-2.0
# ./configure in its cross mode: --host, and the wrappers as compilers.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

file(COPY "${HERE}/autotools" DESTINATION "${WORK}")
set(folder "${WORK}/autotools")
succeed("${CMAKE_COMMAND}" -E chdir "${folder}" autoreconf --install)
succeed("${CMAKE_COMMAND}" -E chdir "${folder}" ./configure --host=x86_64-linux-musl
  "CC=${SDK}/bin/skerry-cc" "CXX=${SDK}/bin/skerry-c++" AR=llvm-ar-19 RANLIB=llvm-ranlib-19)
expect_words("${out}" "cross compiling... yes")
succeed(make -C "${folder}")
succeed("${SDK}/bin/skerry" emulate "${folder}/sample")
expect_equal("${out}" "configured right\n")
