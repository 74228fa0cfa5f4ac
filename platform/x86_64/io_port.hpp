// SPDX-License-Identifier: Apache-2.0
// The processor's port space (Intel SDM vol. 1, chapter 19). Any context. Reading a port that no
// device answers gives all ones; writing to one does nothing.
#pragma once

#include <cstdint>

namespace skerry::x86_64 {

// SAFETY: port accesses touch no memory of ours, but they are ordered against it: the "memory"
// clobber keeps the compiler from moving loads and stores of shared buffers across them.

inline std::uint8_t in8(std::uint16_t port) {
  std::uint8_t value = 0;
  asm volatile("inb %w1, %b0" : "=a"(value) : "Nd"(port) : "memory");
  return value;
}

inline std::uint16_t in16(std::uint16_t port) {
  std::uint16_t value = 0;
  asm volatile("inw %w1, %w0" : "=a"(value) : "Nd"(port) : "memory");
  return value;
}

inline std::uint32_t in32(std::uint16_t port) {
  std::uint32_t value = 0;
  asm volatile("inl %w1, %k0" : "=a"(value) : "Nd"(port) : "memory");
  return value;
}

inline void out8(std::uint16_t port, std::uint8_t value) {
  asm volatile("outb %b0, %w1" : : "a"(value), "Nd"(port) : "memory");
}

inline void out16(std::uint16_t port, std::uint16_t value) {
  asm volatile("outw %w0, %w1" : : "a"(value), "Nd"(port) : "memory");
}

inline void out32(std::uint16_t port, std::uint32_t value) {
  asm volatile("outl %k0, %w1" : : "a"(value), "Nd"(port) : "memory");
}

} // namespace skerry::x86_64
