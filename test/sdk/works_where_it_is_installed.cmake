# SPDX-License-Identifier: Apache-2.0
# cmake --install gives a folder that may be moved and needs neither the tree nor the cache: nothing
# in it names them, and from there a project is begun, built and booted.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

succeed("${CMAKE_COMMAND}" --install "${SDK}/.." --prefix "${WORK}/first")
file(RENAME "${WORK}/first" "${WORK}/moved")
set(moved "${WORK}/moved")
command(grep -rlF "${TREE}" "${moved}")
expect_equal("${out}" "")
file(READ_SYMLINK "${SDK}/sysroot" sysroot)
command(grep -rlF "${sysroot}" "${moved}")
expect_equal("${out}" "")
expect_absent("${moved}/sysroot/src")

set(ENV{HOME} "${WORK}")
set(ENV{XDG_CACHE_HOME} "${WORK}/no-cache")
succeed("${moved}/bin/skerry" new "${WORK}/fresh")
expect_words("${out}" "fresh is begun. Boot it: skerry run ")
succeed("${moved}/bin/skerry" build "${WORK}/fresh")
expect_equal("${out}" "${WORK}/fresh/build/skerry/fresh\n")

succeed("${CMAKE_COMMAND}" -G Ninja -S "${TREE}/examples/hello" -B "${WORK}/hello"
  --toolchain "${moved}/cmake/toolchain.cmake")
succeed("${CMAKE_COMMAND}" --build "${WORK}/hello")
succeed("${moved}/bin/skerry" run "${WORK}/hello/hello" --net none --append "quiet -- Ada")
expect_words("${out}" "Hello, Ada.")

command("${moved}/bin/skerry" test)
expect_failure()
expect_words("${err}" "an SDK has no source tree; start the `skerry` script at the top of one")
