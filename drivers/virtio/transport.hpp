// SPDX-License-Identifier: Apache-2.0
// The part of a virtio device that depends on its bus (virtio 1.2, chapter 4).
#pragma once

#include <core/result.hpp>
#include <device/net_device.hpp>
#include <mm/address.hpp>

#include <cstdint>
#include <string_view>

namespace skerry::virtio {

// Device status (2.1).
inline constexpr std::uint8_t status_acknowledge = 1;
inline constexpr std::uint8_t status_driver = 2;
inline constexpr std::uint8_t status_driver_ok = 4;
inline constexpr std::uint8_t status_features_ok = 8;
inline constexpr std::uint8_t status_needs_reset = 64;
inline constexpr std::uint8_t status_failed = 128;

/// Where the three parts of a split virtqueue lie.
struct QueueAddresses {
  mm::PhysicalAddress descriptors;
  mm::PhysicalAddress available;
  mm::PhysicalAddress used;
};

/// Context: boot and thread. Each member is one access, or a few, to the device's registers; what
/// they return is the device's word and to be checked.
class Transport {
public:
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// The device has no VIRTIO_F_VERSION_1: it is of before the standard (virtio 1.2, 1.3.1).
  [[nodiscard]] virtual bool is_legacy() const = 0;

  [[nodiscard]] virtual std::uint8_t status() const = 0;
  virtual void set_status(std::uint8_t status) = 0;
  [[nodiscard]] virtual std::uint64_t device_features() = 0;
  virtual void set_driver_features(std::uint64_t features) = 0;

  /// Most entries of queue `index`; 0 when there is no such queue.
  [[nodiscard]] virtual std::uint16_t queue_size(std::uint16_t index) = 0;
  /// Errors: no_such_device  the device does not let the queue be notified; invalid_argument  an
  ///         address that it cannot take
  [[nodiscard]] virtual Result<> start_queue(std::uint16_t index, std::uint16_t size,
                                             const QueueAddresses& addresses) = 0;
  /// Tells the device that queue `index` has something new.
  virtual void notify(std::uint16_t index) = 0;

  /// A byte of the device's configuration; all ones past its end.
  [[nodiscard]] virtual std::uint8_t config_byte(std::uint32_t offset) const = 0;
  /// Changes when the configuration changes; 0 always where the device cannot tell.
  [[nodiscard]] virtual std::uint32_t config_generation() const = 0;

  /// Calls `queues` in interrupt context when a queue has been used, and `config` when the
  /// configuration has changed. Once, before DRIVER_OK.
  /// Errors: no_such_device  there is no interrupt to connect
  [[nodiscard]] virtual Result<> connect(std::uint16_t queue_count, device::Notification queues,
                                         device::Notification config) = 0;
  /// Connects the interrupts again after a reset of the device, which forgets them.
  /// Errors: no_such_device  the device does not take them any more
  [[nodiscard]] virtual Result<> reconnect(std::uint16_t queue_count) = 0;

protected:
  ~Transport() = default;
};

} // namespace skerry::virtio
