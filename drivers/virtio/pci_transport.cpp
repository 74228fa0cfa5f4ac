// SPDX-License-Identifier: Apache-2.0
// Structures of a virtio device on PCI.
#include "drivers/virtio/pci_transport.hpp"

#include <core/log.hpp>

namespace skerry::virtio {
namespace {

constexpr std::uint8_t vendor_capability = 0x09;

// Kinds of structures (4.1.4).
constexpr std::uint8_t kind_common = 1;
constexpr std::uint8_t kind_notify = 2;
constexpr std::uint8_t kind_specific = 4;

// The capability (4.1.4).
constexpr std::uint16_t capability_length = 2;
constexpr std::uint16_t capability_kind = 3;
constexpr std::uint16_t capability_bar = 4;
constexpr std::uint16_t capability_offset = 8;
constexpr std::uint16_t capability_size = 12;
constexpr std::uint16_t capability_multiplier = 16;
constexpr std::uint8_t least_capability = 16;

// The common configuration (4.1.4.3).
constexpr std::uint64_t device_feature_select = 0x00;
constexpr std::uint64_t device_feature = 0x04;
constexpr std::uint64_t driver_feature_select = 0x08;
constexpr std::uint64_t driver_feature = 0x0c;
constexpr std::uint64_t config_vector = 0x10;
constexpr std::uint64_t device_status = 0x14;
constexpr std::uint64_t generation = 0x15;
constexpr std::uint64_t queue_select = 0x16;
constexpr std::uint64_t queue_entries = 0x18;
constexpr std::uint64_t queue_vector = 0x1a;
constexpr std::uint64_t queue_enable = 0x1c;
constexpr std::uint64_t queue_notify_off = 0x1e;
constexpr std::uint64_t queue_descriptors = 0x20;
constexpr std::uint64_t queue_driver = 0x28;
constexpr std::uint64_t queue_device = 0x30;
constexpr std::uint64_t common_bytes = 0x38;

constexpr std::uint16_t no_vector = 0xffff;
/// What has room in the configuration space of PCI.
constexpr unsigned most_capabilities = 48;

} // namespace

Result<device::Region> PciTransport::find_structure(std::uint8_t kind, std::uint64_t least_bytes,
                                                    std::uint16_t& capability) {
  capability = 0;
  // Bounded: a device may change its list while it is read (V18).
  for (unsigned seen = 0; seen < most_capabilities; ++seen) {
    capability = device_.find_capability(vendor_capability, capability);
    if (capability == 0) {
      return device::Region{};
    }
    const auto field = [&](std::uint16_t offset) {
      return static_cast<std::uint16_t>(capability + offset);
    };
    if (device_.read_config8(field(capability_kind)) != kind ||
        device_.read_config8(field(capability_length)) < least_capability) {
      continue;
    }
    const unsigned bar = device_.read_config8(field(capability_bar));
    const auto region = device_.map_region(bar);
    if (!region) {
      continue; // the first one that can be used counts (4.1.4)
    }
    const device::Region part = region->part(device_.read_config32(field(capability_offset)),
                                             device_.read_config32(field(capability_size)));
    if (part.size_bytes() < least_bytes) {
      log::error("virtio", "{}: structure {} lies outside region {} (V11)", name(), unsigned{kind},
                 bar);
      return fail(std::errc::no_such_device);
    }
    return part;
  }
  log::error("virtio", "{}: its list of capabilities does not end (V18)", name());
  return fail(std::errc::no_such_device);
}

Result<> PciTransport::start() {
  std::uint16_t capability = 0;
  common_ = TRY(find_structure(kind_common, common_bytes, capability));
  specific_ = TRY(find_structure(kind_specific, 1, capability));
  notify_ = TRY(find_structure(kind_notify, sizeof(std::uint16_t), capability));
  if (capability != 0) {
    notify_multiplier_ =
        device_.read_config32(static_cast<std::uint16_t>(capability + capability_multiplier));
  }
  if (common_.size_bytes() == 0 || notify_.size_bytes() == 0) {
    log::warning("virtio",
                 "{}: has only the interface of before virtio 1.0 (QEMU: "
                 "disable-modern=off)",
                 name());
    return fail(std::errc::not_supported);
  }
  return {};
}

std::uint8_t PciTransport::status() const {
  return common_.read<std::uint8_t>(device_status);
}

void PciTransport::set_status(std::uint8_t status) {
  common_.write(device_status, status);
}

std::uint64_t PciTransport::device_features() {
  common_.write(device_feature_select, std::uint32_t{0});
  const std::uint64_t low = common_.read<std::uint32_t>(device_feature);
  common_.write(device_feature_select, std::uint32_t{1});
  const std::uint64_t high = common_.read<std::uint32_t>(device_feature);
  return (high << 32U) | low;
}

void PciTransport::set_driver_features(std::uint64_t features) {
  common_.write(driver_feature_select, std::uint32_t{0});
  common_.write(driver_feature, static_cast<std::uint32_t>(features));
  common_.write(driver_feature_select, std::uint32_t{1});
  common_.write(driver_feature, static_cast<std::uint32_t>(features >> 32U));
}

std::uint16_t PciTransport::queue_size(std::uint16_t index) {
  if (index >= max_queues) {
    return 0;
  }
  common_.write(queue_select, index);
  return common_.read<std::uint16_t>(queue_entries);
}

void PciTransport::write_address(std::uint64_t offset, mm::PhysicalAddress address) {
  common_.write(offset, static_cast<std::uint32_t>(address.value()));
  common_.write(offset + 4, static_cast<std::uint32_t>(address.value() >> 32U));
}

Result<> PciTransport::start_queue(std::uint16_t index, std::uint16_t size,
                                   const QueueAddresses& addresses) {
  common_.write(queue_select, index);
  const std::uint64_t at =
      std::uint64_t{common_.read<std::uint16_t>(queue_notify_off)} * notify_multiplier_;
  if (notify_.part(at, sizeof(std::uint16_t)).size_bytes() == 0) {
    log::error("virtio", "{}: queue {} is notified outside its region (V10)", name(), index);
    return fail(std::errc::no_such_device);
  }
  notify_offsets_[index] = at;
  common_.write(queue_entries, size);
  write_address(queue_descriptors, addresses.descriptors);
  write_address(queue_driver, addresses.available);
  write_address(queue_device, addresses.used);
  common_.write(queue_enable, std::uint16_t{1});
  return {};
}

void PciTransport::notify(std::uint16_t index) {
  notify_.write(notify_offsets_[index], index);
}

std::uint8_t PciTransport::config_byte(std::uint32_t offset) const {
  return specific_.read<std::uint8_t>(offset);
}

std::uint32_t PciTransport::config_generation() const {
  return common_.read<std::uint8_t>(generation);
}

Result<> PciTransport::set_vector(std::uint64_t offset, std::uint16_t vector) {
  common_.write(offset, vector);
  if (common_.read<std::uint16_t>(offset) == no_vector) {
    log::error("virtio", "{}: has no room for interrupt {}", name(), vector);
    return fail(std::errc::no_such_device);
  }
  return {};
}

bool PciTransport::handle_queues(void* transport) {
  static_cast<PciTransport*>(transport)->queues_();
  return true; // a message is of this device alone
}

bool PciTransport::handle_config(void* transport) {
  static_cast<PciTransport*>(transport)->config_();
  return true;
}

Result<> PciTransport::connect(std::uint16_t queue_count, device::Notification queues,
                               device::Notification config) {
  if (device_.interrupt_count() == 0) {
    log::error("virtio",
               "{}: it has no MSI-X, and its interrupt line is not used (QEMU: leave "
               "vectors=0 out)",
               name());
    return fail(std::errc::no_such_device);
  }
  queues_ = queues;
  config_ = config;
  // One vector for all queues, whose handler looks at each, and one for the configuration.
  TRY(device_.connect_interrupt(0, {handle_queues, this}));
  if (device_.interrupt_count() > 1) {
    TRY(device_.connect_interrupt(1, {handle_config, this}));
  }
  return reconnect(queue_count);
}

Result<> PciTransport::reconnect(std::uint16_t queue_count) {
  if (device_.interrupt_count() > 1) {
    TRY(set_vector(config_vector, 1));
  }
  for (std::uint16_t queue = 0; queue < queue_count; ++queue) {
    common_.write(queue_select, queue);
    TRY(set_vector(queue_vector, 0));
  }
  return {};
}

} // namespace skerry::virtio
