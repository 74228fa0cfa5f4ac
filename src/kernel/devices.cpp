// SPDX-License-Identifier: Apache-2.0
// The lists of devices, filled in boot.
#include <kernel/devices.hpp>
#include <kernel/log_ring.hpp>

namespace skerry::kernel {
namespace {

template <class Device> class DeviceList {
public:
  Result<> add(Device& device) {
    if (count_ == max_devices_of_a_kind) {
      return fail(std::errc::no_space_on_device);
    }
    devices_[count_++] = &device;
    return {};
  }

  [[nodiscard]] std::span<Device* const> all() const { return {devices_, count_}; }

private:
  Device* devices_[max_devices_of_a_kind] = {};
  std::size_t count_ = 0;
};

constinit DeviceList<device::NetDevice> net_list;
constinit DeviceList<device::EntropySource> entropy_list;
constinit DeviceList<device::Console> console_list;

} // namespace

Result<> add_net_device(device::NetDevice& device) {
  return net_list.add(device);
}

Result<> add_entropy_source(device::EntropySource& source) {
  return entropy_list.add(source);
}

Result<> add_console(device::Console& console) {
  TRY(console_list.add(console));
  // What was logged before there was this console.
  char text[1024];
  console.write({text, copy_newest_log(text)});
  return {};
}

std::span<device::NetDevice* const> net_devices() {
  return net_list.all();
}

std::span<device::EntropySource* const> entropy_sources() {
  return entropy_list.all();
}

std::span<device::Console* const> consoles() {
  return console_list.all();
}

} // namespace skerry::kernel
