// SPDX-License-Identifier: Apache-2.0
// The kernel's own mem* functions. The compiler emits calls to them, and the isolation of the
// kernel object keeps them apart from the application's (DESIGN, decision 3). `rep movs` is the
// fast form on processors with ERMS and needs no vector registers.
#include <cstddef>
#include <cstdint>

extern "C" {

void* memcpy(void* destination, const void* source, std::size_t size) {
  void* to = destination;
  std::size_t words = size / 8;
  std::size_t rest = size % 8;
  // Words first: where the processor has no fast string operation for bytes, and under emulation,
  // a byte a step would cost eight times as much.
  asm volatile("rep movsq" : "+D"(to), "+S"(source), "+c"(words) : : "memory");
  asm volatile("rep movsb" : "+D"(to), "+S"(source), "+c"(rest) : : "memory");
  return destination;
}

void* memmove(void* destination, const void* source, std::size_t size) {
  const auto to = reinterpret_cast<std::uintptr_t>(destination);
  const auto from = reinterpret_cast<std::uintptr_t>(source);
  if (to - from >= size) {
    return memcpy(destination, source, size);
  }
  auto* last = static_cast<unsigned char*>(destination) + size - 1;
  const auto* from_last = static_cast<const unsigned char*>(source) + size - 1;
  asm volatile("std; rep movsb; cld" : "+D"(last), "+S"(from_last), "+c"(size) : : "memory");
  return destination;
}

void* memset(void* destination, int value, std::size_t size) {
  void* to = destination;
  const std::uint64_t pattern = 0x0101010101010101ULL * static_cast<unsigned char>(value);
  std::size_t words = size / 8;
  std::size_t rest = size % 8;
  asm volatile("rep stosq" : "+D"(to), "+c"(words) : "a"(pattern) : "memory");
  asm volatile("rep stosb" : "+D"(to), "+c"(rest) : "a"(pattern) : "memory");
  return destination;
}

int memcmp(const void* left, const void* right, std::size_t size) {
  const auto* a = static_cast<const unsigned char*>(left);
  const auto* b = static_cast<const unsigned char*>(right);
  for (std::size_t i = 0; i < size; ++i) {
    if (a[i] != b[i]) {
      return a[i] < b[i] ? -1 : 1;
    }
  }
  return 0;
}

int bcmp(const void* left, const void* right, std::size_t size) {
  return memcmp(left, right, size);
}

std::size_t strlen(const char* text) {
  std::size_t length = 0;
  while (text[length] != '\0') {
    ++length;
  }
  return length;
}

void* memchr(const void* bytes, int value, std::size_t size) {
  const auto* at = static_cast<const unsigned char*>(bytes);
  for (std::size_t i = 0; i < size; ++i) {
    if (at[i] == static_cast<unsigned char>(value)) {
      return const_cast<unsigned char*>(at + i);
    }
  }
  return nullptr;
}

} // extern "C"
