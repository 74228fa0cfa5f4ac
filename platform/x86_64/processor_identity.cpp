// SPDX-License-Identifier: Apache-2.0
// Vendor, version and name by the CPUID instruction (Intel SDM vol. 2A, CPUID).
#include "platform/x86_64/cpuid.hpp"

#include <hal/processor.hpp>

#include <cstring>

namespace skerry {

hal::Processor hal::identify_processor() {
  constexpr std::uint32_t first_name_leaf = 0x8000'0002;
  constexpr std::uint32_t name_leaves = 3;
  Processor result;
  const x86_64::CpuidLeaf vendor = x86_64::cpuid(0);
  const std::uint32_t words[] = {vendor.ebx, vendor.edx, vendor.ecx};
  std::memcpy(result.vendor.data(), words, sizeof words);
  for (std::uint32_t index = 0; index < name_leaves; ++index) {
    const x86_64::CpuidLeaf part = x86_64::cpuid(first_name_leaf + index);
    const std::uint32_t text[] = {part.eax, part.ebx, part.ecx, part.edx};
    std::memcpy(result.name.data() + index * sizeof text, text, sizeof text);
  }
  const std::uint32_t version = x86_64::cpuid(1).eax;
  const std::uint32_t family = version >> 8U & 0xfU;
  result.family = family == 0xf ? family + (version >> 20U & 0xffU) : family;
  result.model = version >> 4U & 0xfU;
  if (family == 6 || family == 0xf) {
    result.model |= (version >> 16U & 0xfU) << 4U;
  }
  result.stepping = version & 0xfU;
  return result;
}

} // namespace skerry
