// SPDX-License-Identifier: Apache-2.0
// All of ACPI's discovery and table parsers on memory that the fuzzer fills. The input is the
// machine's memory from address 0xe0000 on, where a BIOS leaves the root pointer; checksums are
// mended for tables that are reached, so that the parsers behind them are.
#include "platform/pc/acpi/discovery.hpp"
#include "platform/pc/acpi/tables.hpp"

#include <cstdint>
#include <vector>

namespace {

using namespace skerry;

constexpr std::uint64_t memory_start = 0xe0000;

class FuzzedMemory final : public pc::acpi::PhysicalMemory {
public:
  explicit FuzzedMemory(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}

  std::span<const std::byte> view(mm::PhysicalAddress start, std::size_t size) override {
    // Addresses are taken modulo the size of the memory, so that most pointers lead somewhere.
    if (bytes_.empty() || size > bytes_.size()) {
      return {};
    }
    const std::size_t at = (start.value() - memory_start) % bytes_.size();
    if (size > bytes_.size() - at) {
      return {};
    }
    if (size > pc::acpi::header_size) {
      mend_checksum(at, size, 9);
    } else if (size == pc::acpi::root_pointer_size_v2) {
      mend_checksum(at, pc::acpi::root_pointer_size_v1, 8);
      mend_checksum(at, pc::acpi::root_pointer_size_v2, 32);
    }
    // A copy of the exact size, so that the sanitizer sees an access past the view.
    views_.emplace_back(bytes_.begin() + static_cast<std::ptrdiff_t>(at),
                        bytes_.begin() + static_cast<std::ptrdiff_t>(at + size));
    return views_.back();
  }

private:
  void mend_checksum(std::size_t at, std::size_t size, std::size_t checksum) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < size; ++i) {
      sum += std::to_integer<unsigned>(bytes_[at + i]);
    }
    const unsigned old = std::to_integer<unsigned>(bytes_[at + checksum]);
    bytes_[at + checksum] = static_cast<std::byte>(old - sum);
  }

  std::vector<std::byte> bytes_;
  std::vector<std::vector<std::byte>> views_;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  const std::span<const std::byte> input(bytes, size);
  pc::acpi::InterruptControllers controllers;
  pc::acpi::BoundedList<pc::acpi::PciSegment, 16> segments;
  (void)pc::acpi::parse_madt(input, controllers);
  (void)pc::acpi::parse_fadt(input);
  (void)pc::acpi::parse_hpet(input);
  (void)pc::acpi::parse_mcfg(input, segments);
  (void)pc::acpi::find_soft_off(input);

  FuzzedMemory memory({input.begin(), input.end()});
  pc::acpi::AcpiInfo info;
  (void)pc::acpi::discover(memory, mm::PhysicalAddress(memory_start), info);
  return 0;
}
