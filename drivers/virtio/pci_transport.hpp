// SPDX-License-Identifier: Apache-2.0
// Virtio over PCI, the interface of virtio 1.x (virtio 1.2, 4.1).
#pragma once

#include "drivers/virtio/transport.hpp"

#include <device/bus.hpp>

namespace skerry::virtio {

/// Lives for ever once start() has succeeded. Context: boot, then as Transport.
class PciTransport final : public Transport {
public:
  static constexpr std::uint16_t max_queues = 8;

  explicit PciTransport(device::BusDevice& device) : device_(device) {}

  /// Finds the device's structures by its capabilities.
  /// Errors: not_supported   the device has only the interface of before virtio 1.0
  ///         no_such_device  a structure lies outside its region
  [[nodiscard]] Result<> start();

  [[nodiscard]] std::string_view name() const override { return device_.name(); }
  [[nodiscard]] bool is_legacy() const override { return false; }
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
  [[nodiscard]] Result<> reconnect(std::uint16_t queue_count) override;

private:
  /// The structure of `kind` (4.1.4), or an empty region when the device has none.
  [[nodiscard]] Result<device::Region> find_structure(std::uint8_t kind, std::uint64_t least_bytes,
                                                      std::uint16_t& capability);
  static bool handle_queues(void* transport);
  static bool handle_config(void* transport);
  void write_address(std::uint64_t offset, mm::PhysicalAddress address);
  [[nodiscard]] Result<> set_vector(std::uint64_t offset, std::uint16_t vector);

  device::BusDevice& device_;
  device::Region common_;
  device::Region notify_;
  device::Region specific_;
  device::Notification queues_;
  device::Notification config_;
  std::uint32_t notify_multiplier_ = 0;
  std::uint64_t notify_offsets_[max_queues] = {};
};

} // namespace skerry::virtio
