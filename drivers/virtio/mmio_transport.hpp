// SPDX-License-Identifier: Apache-2.0
// Virtio over MMIO (virtio 1.2, 4.2), of version 2 and of version 1, which QEMU's microvm has
// unless it is told otherwise.
#pragma once

#include "drivers/virtio/transport.hpp"

#include <device/bus.hpp>

namespace skerry::virtio {

/// Lives for ever once start() has succeeded. Context: boot, then as Transport.
class MmioTransport final : public Transport {
public:
  explicit MmioTransport(device::BusDevice& device) : device_(device) {}

  /// Errors: not_supported  a version that is not known; no_such_device
  [[nodiscard]] Result<> start();

  [[nodiscard]] std::string_view name() const override { return device_.name(); }
  [[nodiscard]] bool is_legacy() const override { return legacy_; }
  [[nodiscard]] std::uint8_t status() const override;
  void set_status(std::uint8_t status) override;
  [[nodiscard]] std::uint64_t device_features() override;
  void set_driver_features(std::uint64_t features) override;
  [[nodiscard]] std::uint16_t queue_size(std::uint16_t index) override;
  [[nodiscard]] Result<> start_queue(std::uint16_t index, std::uint16_t size,
                                     const QueueAddresses& addresses) override;
  void notify(std::uint16_t index) override;
  [[nodiscard]] std::uint8_t config_byte(std::uint32_t offset) const override;
  [[nodiscard]] std::uint32_t config_generation() const override;
  [[nodiscard]] Result<> connect(std::uint16_t queue_count, device::Notification queues,
                                 device::Notification config) override;
  /// The line is the bus's, which a reset leaves alone.
  [[nodiscard]] Result<> reconnect(std::uint16_t) override { return {}; }

private:
  static bool handle_interrupt(void* transport);
  void write_address(std::uint64_t offset, mm::PhysicalAddress address);

  device::BusDevice& device_;
  device::Region registers_;
  device::Notification queues_;
  device::Notification config_;
  bool legacy_ = false;
};

} // namespace skerry::virtio
