// SPDX-License-Identifier: Apache-2.0
// The Multiboot2 boot protocol (specification 2.0, chapter 3.6: boot information).
#include "platform/x86_64/boot/handoff.hpp"
#include "platform/x86_64/boot/memory_map.hpp"

#include <core/endian.hpp>

namespace skerry::x86_64 {
namespace {

enum TagType : std::uint32_t {
  tag_end = 0,
  tag_command_line = 1,
  tag_module = 3,
  tag_memory_map = 6,
  tag_acpi_old = 14,
  tag_acpi_new = 15,
};

struct Header {
  Le32 total_size;
  Le32 reserved;
};
struct Tag {
  Le32 type;
  Le32 size;
};
struct ModuleBody {
  Le32 start;
  Le32 end;
};
struct MapHeader {
  Le32 entry_size;
  Le32 entry_version;
};
struct MapEntry {
  Le64 address;
  Le64 size;
  Le32 type;
  Le32 reserved;
};
static_assert(sizeof(Tag) == 8 && sizeof(ModuleBody) == 8 && sizeof(MapEntry) == 24);

/// Views the front of `bytes` as T. The caller has checked that it is long enough.
template <class T> const T& view(std::span<const std::byte> bytes) {
  static_assert(alignof(T) == 1);
  // SAFETY: T has no alignment and only integer fields.
  return *reinterpret_cast<const T*>(bytes.data());
}

Result<> read_map(std::span<const std::byte> body, kernel::BootInfo& info) {
  if (body.size() < sizeof(MapHeader)) {
    return fail(std::errc::invalid_argument);
  }
  const std::uint32_t step = view<MapHeader>(body).entry_size;
  if (step < sizeof(MapEntry)) {
    return fail(std::errc::invalid_argument);
  }
  for (auto rest = body.subspan(sizeof(MapHeader)); rest.size() >= step;
       rest = rest.subspan(step)) {
    const auto& entry = view<MapEntry>(rest);
    add_range(info, entry.address, entry.size, kind_of_type(entry.type));
  }
  return {};
}

Result<> read_module(std::span<const std::byte> body, kernel::BootInfo& info) {
  if (body.size() < sizeof(ModuleBody)) {
    return fail(std::errc::invalid_argument);
  }
  const auto& module = view<ModuleBody>(body);
  if (module.end < module.start) {
    return fail(std::errc::invalid_argument);
  }
  take_module(module.start, module.end - module.start, body.subspan(sizeof(ModuleBody)), info);
  return {};
}

Result<> read_tag(std::uint32_t type, std::span<const std::byte> body, kernel::BootInfo& info) {
  switch (type) {
  case tag_command_line:
    take_command_line(body, info);
    return {};
  case tag_module:
    return read_module(body, info);
  case tag_memory_map:
    return read_map(body, info);
  case tag_acpi_old:
  case tag_acpi_new:
    // The tag holds a copy of the root pointer; the newer form wins.
    if (type == tag_acpi_new || info.acpi_root.value() == 0) {
      info.acpi_root = mm::PhysicalAddress(reinterpret_cast<std::uintptr_t>(body.data()));
    }
    return {};
  default:
    return {};
  }
}

} // namespace

Result<> read_multiboot2(std::span<const std::byte> structure, kernel::BootInfo& info) {
  info.protocol = kernel::BootProtocol::multiboot2;
  if (structure.size() < sizeof(Header)) {
    return fail(std::errc::invalid_argument);
  }
  auto rest = structure.subspan(sizeof(Header));
  while (rest.size() >= sizeof(Tag)) {
    const std::uint32_t type = view<Tag>(rest).type;
    const std::uint32_t size = view<Tag>(rest).size;
    if (type == tag_end) {
      return {};
    }
    if (size < sizeof(Tag) || size > rest.size()) {
      return fail(std::errc::invalid_argument);
    }
    TRY(read_tag(type, rest.subspan(sizeof(Tag), size - sizeof(Tag)), info));
    const std::size_t step = align_up(std::size_t{size}, 8);
    rest = rest.subspan(step < rest.size() ? step : rest.size());
  }
  return fail(std::errc::invalid_argument);
}

} // namespace skerry::x86_64
