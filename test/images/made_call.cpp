// SPDX-License-Identifier: Apache-2.0
// Makes a system call that no linker can see: by code that it writes when it runs.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <sys/mman.h>
#include <sys/syscall.h>

int main() {
  constexpr std::size_t size = 4096;
  const volatile std::uint8_t second_byte = 0x05; // SYSCALL is 0f 05, and stands nowhere whole
  const std::array<std::uint8_t, 10> code{0xb8, SYS_getsid, 0,    0,           0, // mov eax, number
                                          0x31, 0xff,       0x0f, second_byte, 0xc3};
  void* page = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  std::memcpy(page, code.data(), code.size());
  if (mprotect(page, size, PROT_READ | PROT_EXEC) != 0) {
    return 2;
  }
  const auto call = reinterpret_cast<long (*)()>(page);
  std::printf("getsid: %ld\ngetsid: %ld\n", call(), call());
  return 0;
}
