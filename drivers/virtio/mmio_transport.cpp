// SPDX-License-Identifier: Apache-2.0
// Registers of a virtio device on MMIO.
#include "drivers/virtio/mmio_transport.hpp"

#include <core/log.hpp>

namespace skerry::virtio {
namespace {

// 4.2.2, and 4.2.4 for what only version 1 has.
constexpr std::uint64_t register_version = 0x004;
constexpr std::uint64_t device_feature = 0x010;
constexpr std::uint64_t device_feature_select = 0x014;
constexpr std::uint64_t driver_feature = 0x020;
constexpr std::uint64_t driver_feature_select = 0x024;
constexpr std::uint64_t legacy_page_size = 0x028;
constexpr std::uint64_t queue_select = 0x030;
constexpr std::uint64_t queue_max = 0x034;
constexpr std::uint64_t queue_entries = 0x038;
constexpr std::uint64_t legacy_queue_align = 0x03c;
constexpr std::uint64_t legacy_queue_page = 0x040;
constexpr std::uint64_t queue_ready = 0x044;
constexpr std::uint64_t queue_notify = 0x050;
constexpr std::uint64_t interrupt_status = 0x060;
constexpr std::uint64_t interrupt_acknowledge = 0x064;
constexpr std::uint64_t device_status = 0x070;
constexpr std::uint64_t queue_descriptors = 0x080;
constexpr std::uint64_t queue_driver = 0x090;
constexpr std::uint64_t queue_device = 0x0a0;
constexpr std::uint64_t generation = 0x0fc;
constexpr std::uint64_t config = 0x100;

constexpr std::uint32_t interrupt_queues = 1;
constexpr std::uint32_t interrupt_config = 2;

} // namespace

Result<> MmioTransport::start() {
  registers_ = TRY(device_.map_region(0));
  const auto version = registers_.read<std::uint32_t>(register_version);
  if (version != 1 && version != 2) {
    log::warning("virtio", "{}: has version {}; expected 1 or 2", name(), version);
    return fail(std::errc::not_supported);
  }
  legacy_ = version == 1;
  return {};
}

std::uint8_t MmioTransport::status() const {
  return static_cast<std::uint8_t>(registers_.read<std::uint32_t>(device_status));
}

void MmioTransport::set_status(std::uint8_t status) {
  registers_.write(device_status, std::uint32_t{status});
  if (legacy_ && status == status_acknowledge) {
    registers_.write(legacy_page_size, static_cast<std::uint32_t>(mm::page_size));
  }
}

std::uint64_t MmioTransport::device_features() {
  registers_.write(device_feature_select, std::uint32_t{0});
  const std::uint64_t low = registers_.read<std::uint32_t>(device_feature);
  registers_.write(device_feature_select, std::uint32_t{1});
  const std::uint64_t high = registers_.read<std::uint32_t>(device_feature);
  return (high << 32U) | low;
}

void MmioTransport::set_driver_features(std::uint64_t features) {
  registers_.write(driver_feature_select, std::uint32_t{0});
  registers_.write(driver_feature, static_cast<std::uint32_t>(features));
  registers_.write(driver_feature_select, std::uint32_t{1});
  registers_.write(driver_feature, static_cast<std::uint32_t>(features >> 32U));
}

std::uint16_t MmioTransport::queue_size(std::uint16_t index) {
  registers_.write(queue_select, std::uint32_t{index});
  const auto size = registers_.read<std::uint32_t>(queue_max);
  return size <= UINT16_MAX ? static_cast<std::uint16_t>(size) : 0;
}

void MmioTransport::write_address(std::uint64_t offset, mm::PhysicalAddress address) {
  registers_.write(offset, static_cast<std::uint32_t>(address.value()));
  registers_.write(offset + 4, static_cast<std::uint32_t>(address.value() >> 32U));
}

Result<> MmioTransport::start_queue(std::uint16_t index, std::uint16_t size,
                                    const QueueAddresses& addresses) {
  registers_.write(queue_select, std::uint32_t{index});
  registers_.write(queue_entries, std::uint32_t{size});
  if (legacy_) {
    const std::uint64_t page = addresses.descriptors.value() >> mm::page_bits;
    if (page > UINT32_MAX) {
      return fail(std::errc::invalid_argument);
    }
    registers_.write(legacy_queue_align, static_cast<std::uint32_t>(mm::page_size));
    registers_.write(legacy_queue_page, static_cast<std::uint32_t>(page));
    return {};
  }
  write_address(queue_descriptors, addresses.descriptors);
  write_address(queue_driver, addresses.available);
  write_address(queue_device, addresses.used);
  registers_.write(queue_ready, std::uint32_t{1});
  return {};
}

void MmioTransport::notify(std::uint16_t index) {
  registers_.write(queue_notify, std::uint32_t{index});
}

std::uint8_t MmioTransport::config_byte(std::uint32_t offset) const {
  return registers_.read<std::uint8_t>(config + offset);
}

std::uint32_t MmioTransport::config_generation() const {
  return legacy_ ? 0 : registers_.read<std::uint32_t>(generation);
}

bool MmioTransport::handle_interrupt(void* transport) {
  const auto* self = static_cast<MmioTransport*>(transport);
  const auto reasons = self->registers_.read<std::uint32_t>(interrupt_status);
  if ((reasons & (interrupt_queues | interrupt_config)) == 0) {
    return false; // somebody else's, on a shared line
  }
  self->registers_.write(interrupt_acknowledge, reasons);
  if ((reasons & interrupt_queues) != 0) {
    self->queues_();
  }
  if ((reasons & interrupt_config) != 0) {
    self->config_();
  }
  return true;
}

Result<> MmioTransport::connect(std::uint16_t, device::Notification queues,
                                device::Notification config) {
  queues_ = queues;
  config_ = config;
  return device_.connect_interrupt(0, {handle_interrupt, this});
}

} // namespace skerry::virtio
