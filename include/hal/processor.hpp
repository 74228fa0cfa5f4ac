// SPDX-License-Identifier: Apache-2.0
// What the processor says of itself.
#pragma once

#include <array>
#include <cstdint>

namespace skerry::hal {

struct Processor {
  std::array<char, 13> vendor{}; ///< with a zero behind, as the name
  std::array<char, 49> name{};   ///< empty where it has none
  std::uint32_t family = 0;
  std::uint32_t model = 0;
  std::uint32_t stepping = 0;
};

/// Any context; takes a moment, since a hypervisor may have to be asked.
[[nodiscard]] Processor identify_processor();

} // namespace skerry::hal
