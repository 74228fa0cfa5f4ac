# The third-party sources of the sysroot: version, archive and hash of each. `ARCHIVE` is the
# distribution's .orig file; where that was repacked, the upstream release has a hash of its own.
# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)

set(SKERRY_SYSROOT_SOURCES musl llvm mimalloc lwip)

set(SKERRY_MUSL_VERSION 1.2.5)
set(SKERRY_MUSL_SOURCE
  NAME musl VERSION ${SKERRY_MUSL_VERSION} SUITES trixie
  ARCHIVE musl_${SKERRY_MUSL_VERSION}.orig.tar.gz
  SHA256 a9a118bbe84d8764da0ea0d28b3ab3fae8477fc7e4085d90102b8596fc7c75e4
  UPSTREAM https://musl.libc.org/releases/musl-${SKERRY_MUSL_VERSION}.tar.gz)

set(SKERRY_LLVM_VERSION 19.1.7)
set(SKERRY_LLVM_SOURCE
  NAME llvm-toolchain-19 VERSION ${SKERRY_LLVM_VERSION} SUITES bookworm trixie
  ARCHIVE llvm-toolchain-19_${SKERRY_LLVM_VERSION}.orig.tar.xz
  SHA256 ae498f3bc58ae2d9f64ef5f0c035c4240152bf015a5b7738b15c22e93bdc97ce
  UPSTREAM https://github.com/llvm/llvm-project/releases/download/llvmorg-${SKERRY_LLVM_VERSION}/llvm-project-${SKERRY_LLVM_VERSION}.src.tar.xz
  UPSTREAM_SHA256 82401fea7b79d0078043f7598b835284d6650a75b93e64b6f761ea7b63097501)

set(SKERRY_MIMALLOC_VERSION 2.0.9)
set(SKERRY_MIMALLOC_SOURCE
  NAME mimalloc VERSION ${SKERRY_MIMALLOC_VERSION} SUITES bookworm
  ARCHIVE mimalloc_${SKERRY_MIMALLOC_VERSION}+ds.orig.tar.xz
  SHA256 cbc9d207ff105ad1f0cb739c378076143a6452b8d0624309cea0abfb040e972b
  UPSTREAM https://github.com/microsoft/mimalloc/archive/refs/tags/v${SKERRY_MIMALLOC_VERSION}.tar.gz
  UPSTREAM_SHA256 4a29edae32a914a706715e2ac8e7e4109e25353212edeed0888f4e3e15db5850)

set(SKERRY_LWIP_VERSION 2.2.1)
set(SKERRY_LWIP_SOURCE
  NAME lwip VERSION ${SKERRY_LWIP_VERSION} SUITES trixie
  ARCHIVE lwip_${SKERRY_LWIP_VERSION}+dfsg1.orig.tar.xz
  SHA256 83729c274c499d3348e9fbbe043a3113f3fa8953e7efddc7c21c7fcbb1f2b7b1
  UPSTREAM https://download.savannah.nongnu.org/releases/lwip/lwip-${SKERRY_LWIP_VERSION}.zip
  UPSTREAM_SHA256 7b622662dba2383d71f874f2e494b54ae948531559c17acbe75797966d646878)
