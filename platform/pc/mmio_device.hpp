// SPDX-License-Identifier: Apache-2.0
// A virtio device on MMIO, as the kernel argument `virtio_mmio.device=SIZE@ADDRESS:LINE` names it
// (the form is Linux': Documentation/admin-guide/kernel-parameters).
#pragma once

#include <device/bus.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace skerry::pc {

/// What an argument says.
struct MmioPlace {
  std::uint64_t address = 0;
  std::uint64_t size_bytes = 0;
  std::uint32_t line = 0;
};

/// "512@0xfeb00e00:12"; sizes may end in K or M. Nothing when it is not of that form, when the size
/// is below virtio's 512 bytes or above 1 MiB, or when the address wraps.
[[nodiscard]] std::optional<MmioPlace> parse_mmio_place(std::string_view text);

/// Lives for ever once it was given to a driver. Context: boot.
class MmioDevice final : public device::BusDevice {
public:
  explicit MmioDevice(const MmioPlace& place);

  /// Maps the registers and reads what the device is. Returns false when there is no device there.
  [[nodiscard]] Result<bool> probe();

  [[nodiscard]] device::BusId id() const override;
  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] Result<device::Region> map_region(unsigned index) override;
  [[nodiscard]] unsigned interrupt_count() const override { return 1; }
  [[nodiscard]] Result<> connect_interrupt(unsigned index,
                                           device::InterruptHandler handler) override;
  [[nodiscard]] bool has_message_interrupts() const override { return false; }
  [[nodiscard]] std::uint8_t read_config8(std::uint16_t) const override { return UINT8_MAX; }
  [[nodiscard]] std::uint32_t read_config32(std::uint16_t) const override { return UINT32_MAX; }
  [[nodiscard]] std::uint16_t find_capability(std::uint8_t, std::uint16_t) const override {
    return 0;
  }

private:
  MmioPlace place_;
  device::Region registers_;
  device::InterruptHandler handler_;
  std::uint16_t kind_ = 0;
  std::string_view name_;
  char name_text_[32] = {};
};

} // namespace skerry::pc
