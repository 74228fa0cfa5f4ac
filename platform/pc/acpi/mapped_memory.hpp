// SPDX-License-Identifier: Apache-2.0
// The firmware's tables as the kernel reaches them: mapped where nothing maps them yet.
#pragma once

#include "platform/pc/acpi/discovery.hpp"

namespace skerry::pc::acpi {

/// Maps pages on demand and remembers them, since small tables lie next to each other. The mappings
/// stay for ever. Context: boot, after hal::set_table_frames().
class MappedMemory final : public PhysicalMemory {
public:
  std::span<const std::byte> view(mm::PhysicalAddress start, std::size_t size) override;

private:
  struct Window {
    mm::PhysicalRange range; ///< whole pages
    mm::VirtualAddress address;
  };

  [[nodiscard]] std::optional<mm::VirtualAddress> find(mm::PhysicalRange pages) const;
  std::optional<mm::VirtualAddress> map(mm::PhysicalRange pages);

  static constexpr std::size_t max_windows = 16; ///< one more is mapped again when needed again
  Window windows_[max_windows] = {};
  std::size_t count_ = 0;
};

} // namespace skerry::pc::acpi
