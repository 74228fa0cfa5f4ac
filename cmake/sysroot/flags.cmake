# The compiler and the flags that every archive of the sysroot is built with.
# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)

set(SKERRY_TRIPLE x86_64-linux-musl)
set(SKERRY_CLANG clang-19)
set(SKERRY_CLANGXX clang++-19)
set(SKERRY_AR llvm-ar-19)
set(SKERRY_RANLIB llvm-ranlib-19)
set(SKERRY_OBJCOPY llvm-objcopy-19)
set(SKERRY_OBJDUMP llvm-objdump-19)
set(SKERRY_NM llvm-nm-19)

# No red zone: an interrupt or a signal may push onto the stack that it meets. Frame pointers: the
# kernel's reports walk them. -fPIE goes with all archives; an image is a static PIE.
set(SKERRY_SYSROOT_FLAGS
  -O2 -fPIE -mno-red-zone -fno-omit-frame-pointer -ffunction-sections -fdata-sections
  -ftrivial-auto-var-init=zero)

# Application code has the ordinary canary at %fs:0x28, which musl fills from AT_RANDOM. It is apart
# because what runs before that, and the builtins, which the kernel may share, must do without.
set(SKERRY_CANARY_FLAGS -fstack-protector-strong)
