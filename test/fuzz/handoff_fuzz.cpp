// SPDX-License-Identifier: Apache-2.0
// What a boot loader leaves: Multiboot2's structure, and PVH's in a memory that begins at 4 KiB.
#include "platform/x86_64/boot/handoff.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace {

constexpr std::uint64_t memory_start = 0x1000;

std::vector<std::byte>& memory() {
  static std::vector<std::byte> bytes;
  return bytes;
}

const std::byte* read_memory(std::uint64_t address, std::uint64_t size) {
  const std::uint64_t offset = address - memory_start;
  const bool inside =
      address >= memory_start && offset <= memory().size() && size <= memory().size() - offset;
  return inside ? memory().data() + offset : nullptr;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace skerry;
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  memory().assign(bytes, bytes + size);
  memory().shrink_to_fit();
  const auto info = std::make_unique<kernel::BootInfo>();
  (void)x86_64::read_multiboot2(memory(), *info);
  const auto other = std::make_unique<kernel::BootInfo>();
  (void)x86_64::read_pvh(memory_start, read_memory, *other);
  return 0;
}
