// SPDX-License-Identifier: Apache-2.0
// From a device on a bus to a virtio driver on a transport.
#include "drivers/virtio/drivers.hpp"

#include "drivers/virtio/console.hpp"
#include "drivers/virtio/entropy.hpp"
#include "drivers/virtio/mmio_transport.hpp"
#include "drivers/virtio/net.hpp"
#include "drivers/virtio/pci_transport.hpp"

#include <kernel/devices.hpp>
#include <mm/heap.hpp>

namespace skerry::virtio {
namespace {

constexpr std::uint16_t vendor = 0x1af4; // virtio 1.2, 4.1.2
constexpr std::uint16_t modern_base = 0x1040;
constexpr std::uint16_t kind_net = 1; // 5
constexpr std::uint16_t kind_entropy = 4;
constexpr std::uint16_t kind_console = 3;
constexpr std::uint16_t transitional_net = 0x1000;
constexpr std::uint16_t transitional_entropy = 0x1005;
constexpr std::uint16_t transitional_console = 0x1003;

bool is_kind(const device::BusId& id, std::uint16_t kind, std::uint16_t transitional) {
  if (id.bus == device::BusKind::virtio_mmio) {
    return id.device == kind;
  }
  return id.vendor == vendor && (id.device == modern_base + kind || id.device == transitional);
}

template <class Kind> Result<Transport*> make_transport(device::BusDevice& device) {
  auto transport = TRY(mm::make_owned<Kind>(device));
  TRY(transport->start());
  return transport.release();
}

Result<Transport*> transport_of(device::BusDevice& device) {
  return device.id().bus == device::BusKind::pci ? make_transport<PciTransport>(device)
                                                 : make_transport<MmioTransport>(device);
}

/// Brings up a driver of type `Device` on its transport. One that fails leaves its device in reset,
/// so that it writes to nothing any more.
template <class Device> Result<mm::Owned<Device>> start(device::BusDevice& device) {
  Transport& transport = *TRY(transport_of(device));
  auto made = TRY(mm::make_owned<Device>(transport));
  if (const Result<> started = made->start_device(); !started) {
    transport.set_status(0);
    return fail(started.error());
  }
  return made;
}

bool is_net(const device::BusId& id) {
  return is_kind(id, kind_net, transitional_net);
}

bool is_entropy(const device::BusId& id) {
  return is_kind(id, kind_entropy, transitional_entropy);
}

bool is_console(const device::BusId& id) {
  return is_kind(id, kind_console, transitional_console);
}

Result<> start_net(device::BusDevice& device) {
  auto net = TRY(start<Net>(device));
  return kernel::add_net_device(*net.release());
}

Result<> start_entropy(device::BusDevice& device) {
  auto entropy = TRY(start<Entropy>(device));
  return kernel::add_entropy_source(*entropy.release());
}

Result<> start_console(device::BusDevice& device) {
  auto console = TRY(start<Console>(device));
  return kernel::add_console(*console.release());
}

} // namespace
} // namespace skerry::virtio

constinit const skerry::drivers::Driver __skerry_driver_virtio_net{
    .name = "virtio-net", .matches = skerry::virtio::is_net, .start = skerry::virtio::start_net};
constinit const skerry::drivers::Driver __skerry_driver_virtio_rng{
    .name = "virtio-rng",
    .matches = skerry::virtio::is_entropy,
    .start = skerry::virtio::start_entropy};
constinit const skerry::drivers::Driver __skerry_driver_virtio_console{
    .name = "virtio-console",
    .matches = skerry::virtio::is_console,
    .start = skerry::virtio::start_console};
