// SPDX-License-Identifier: Apache-2.0
// Stands in for what devices need of hal/; see the header.
#include "fake_devices.hpp"

#include <hal/paging.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace skerry {
namespace {

std::vector<test::PhysicalMemory*>& memories() {
  static std::vector<test::PhysicalMemory*> list;
  return list;
}

std::vector<test::Connection>& connections() {
  static std::vector<test::Connection> list;
  return list;
}

} // namespace

namespace test {

PhysicalMemory::PhysicalMemory(std::uint64_t at, std::size_t size_bytes)
    : address(at), bytes(size_bytes / 8) {
  memories().push_back(this);
}

PhysicalMemory::~PhysicalMemory() {
  std::erase(memories(), this);
}

std::uint32_t PhysicalMemory::word(std::size_t offset) const {
  std::uint32_t value = 0;
  std::memcpy(&value, reinterpret_cast<const char*>(bytes.data()) + offset, sizeof value);
  return value;
}

void PhysicalMemory::set_word(std::size_t offset, std::uint32_t value) {
  std::memcpy(reinterpret_cast<char*>(bytes.data()) + offset, &value, sizeof value);
}

std::vector<Connection> take_connections() {
  return std::exchange(connections(), {});
}

} // namespace test

Result<mm::VirtualAddress> hal::map_physical(mm::PhysicalRange range, Caching) {
  for (test::PhysicalMemory* memory : memories()) {
    if (memory->address == range.start.value() && range.size_bytes <= memory->bytes.size() * 8) {
      return mm::VirtualAddress(reinterpret_cast<std::uintptr_t>(memory->bytes.data()));
    }
  }
  return fail(std::errc::not_enough_memory);
}

Result<hal::MessageSignal> hal::connect_message_interrupt(InterruptHandler handler, void* context) {
  connections().push_back({.is_message = true, .handler = handler, .context = context});
  return MessageSignal{.address = mm::PhysicalAddress(0xfee0'0000), .data = 0x40};
}

Result<> hal::connect_line_interrupt(std::uint32_t line, bool, bool, InterruptHandler handler,
                                     void* context) {
  connections().push_back({.line = line, .handler = handler, .context = context});
  return {};
}

} // namespace skerry
