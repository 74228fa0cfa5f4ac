# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")
include("${RECIPES}/fetch/apt.cmake")
set(SKERRY_APT_ETC "${WORK}/etc")
file(WRITE "${WORK}/etc/sources.list" "# comment
deb [arch=amd64 signed-by=/keys/a.gpg] http://a.invalid/debian stable main contrib # more
deb http://a.invalid/debian stable-backports main
deb http://other.invalid/app stable app
deb-src http://a.invalid/debian stable main
")
file(WRITE "${WORK}/etc/sources.list.d/b.sources" "# comment
Types: deb deb-src
URIs: http://b.invalid/debian
Suites: stable stable-updates stable-backports
Components: main
Architectures: amd64
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc=

Enabled: no
Types: deb
URIs: http://off.invalid/debian
Suites: stable
Components: main

Types: deb
URIs: http://b.invalid/security
Suites: stable-security
Components: main
")
skerry_apt_write_sources("${WORK}/apt" trixie count)
expect_equal("${count}" 3)
file(READ "${WORK}/apt/parts/machine.list" list)
expect_equal("${list}" "deb-src [ signed-by=/keys/a.gpg] http://a.invalid/debian trixie main\n")
file(READ "${WORK}/apt/parts/machine.sources" sources)
expect_equal("${sources}" "Types: deb-src
Suites: trixie trixie-updates
Components: main
URIs: http://b.invalid/debian
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc=

Types: deb-src
Suites: trixie-security
Components: main
URIs: http://b.invalid/security

")
