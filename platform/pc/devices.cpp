// SPDX-License-Identifier: Apache-2.0
// Devices of a PC: those on PCI, and those that arguments name.
#include "drivers/drivers.hpp"
#include "platform/pc/mmio_device.hpp"
#include "platform/pc/pc.hpp"
#include "platform/pc/pci/access.hpp"
#include "platform/pc/pci/enumerate.hpp"
#include "platform/pc/pci/function.hpp"

#include <core/log.hpp>
#include <hal/platform.hpp>
#include <mm/heap.hpp>

namespace skerry::pc {
namespace {

constexpr pci::PortAccess ports;

/// Offers each function to the drivers; those that nobody wants are forgotten.
class Offering final : public pci::Visitor {
public:
  void function_found(pci::Address address) override {
    auto function = mm::make_owned<pci::Function>(ports, address);
    if (!function) {
      log::error("pci", "no memory for a device");
      return;
    }
    if (drivers::offer(**function)) {
      (void)function->release(); // the driver has it from here on
    }
  }
};

void start_pci() {
  if (!pci::PortAccess::exists()) {
    return;
  }
  Offering offering;
  const pci::Census census = pci::enumerate(ports, 0, 0, offering);
  log::debug("pci", "{} functions, {} bridges", census.functions, census.bridges);
  if (census.unnumbered_bridges != 0) {
    log::warning("pci",
                 "the firmware has numbered no bus behind {} bridges: what is there is not "
                 "used",
                 census.unnumbered_bridges);
  }
}

Result<> start_mmio(std::string_view argument) {
  const auto place = parse_mmio_place(argument);
  if (!place) {
    log::error("mmio", "virtio_mmio.device={}: expected SIZE@ADDRESS:LINE", argument);
    return fail(std::errc::invalid_argument);
  }
  auto device = TRY(mm::make_owned<MmioDevice>(*place));
  if (TRY(device->probe()) && drivers::offer(*device)) {
    (void)device.release();
  }
  return {};
}

} // namespace
} // namespace skerry::pc

namespace skerry::hal {

Result<> start_devices(std::span<const std::string_view> mmio_devices) {
  pc::start_pci();
  for (const std::string_view argument : mmio_devices) {
    TRY(pc::start_mmio(argument));
  }
  return {};
}

} // namespace skerry::hal
