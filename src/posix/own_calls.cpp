// SPDX-License-Identifier: Apache-2.0
// What <skerry/…> asks of the kernel.
#include "src/posix/own_calls.hpp"

#include "src/api/abi.hpp"
#include "src/posix/call_slots.hpp"
#include "src/posix/heap_array.hpp"

#include <hal/clock.hpp>
#include <kernel/console.hpp>
#include <kernel/panic_hook.hpp>
#include <kernel/statistics.hpp>
#include <net/status.hpp>

#include <algorithm>
#include <cstring>
#include <sys/syscall.h>

namespace skerry::posix {
namespace {

static_assert(abi::first_call == first_own_call);
static_assert(static_cast<std::uint64_t>(abi::Call::end) == first_own_call + own_calls);

/// More than there are; a list that is full only counts on.
constexpr std::size_t most_statistics = 512;

/// Collects what fits; counts all.
class Collector final : public kernel::StatisticsVisitor {
public:
  explicit Collector(std::span<abi::Statistic> list) : list_(list) {}

  void visit(std::string_view name, std::uint64_t value) override {
    if (count_ < list_.size()) {
      abi::Statistic& row = list_[count_];
      const auto cut = name.substr(0, sizeof row.name - 1);
      std::memcpy(row.name, cut.data(), cut.size());
      row.value = value;
    }
    ++count_;
  }
  [[nodiscard]] std::size_t count() const { return count_; }

private:
  std::span<abi::Statistic> list_;
  std::size_t count_ = 0;
};

abi::InterfaceAddress to_abi(const net::InterfaceStatus::Prefix& prefix) {
  abi::InterfaceAddress result{};
  result.is_ipv6 = prefix.address.family == net::Family::ipv6;
  result.prefix_bits = prefix.bits;
  std::ranges::copy(prefix.address.bytes, result.bytes);
  return result;
}

} // namespace

Result<long> sys_skerry_statistics(std::uint64_t list, std::size_t capacity) {
  auto rows = TRY(HeapArray<abi::Statistic>::make(std::min(capacity, most_statistics)));
  Collector collector(rows.all());
  kernel::visit_statistics(collector);
  net::visit_statistics(collector);
  const auto filled = rows.all().first(std::min(collector.count(), rows.all().size()));
  TRY(mm::copy_out(mm::VirtualAddress(list), std::as_bytes(filled)));
  return static_cast<long>(collector.count());
}

Result<long> sys_skerry_interface(unsigned index, UserPointer<abi::Interface> result) {
  const net::InterfaceStatus status = TRY(net::interface_status(index));
  abi::Interface interface{};
  static_assert(abi::Interface::max_addresses == net::InterfaceStatus::max_addresses);
  std::memcpy(interface.name, status.name.data(), status.name.size());
  const auto device = status.device.substr(0, sizeof interface.device - 1);
  std::memcpy(interface.device, device.data(), device.size());
  std::ranges::copy(status.hardware_address, interface.hardware_address);
  interface.link_is_up = status.link_is_up;
  interface.mtu = status.mtu;
  interface.address_count = static_cast<std::uint8_t>(status.address_count);
  for (std::size_t i = 0; i < status.address_count; ++i) {
    interface.addresses[i] = to_abi(status.addresses[i]);
  }
  TRY(result.write(interface));
  return 0;
}

Result<long> sys_skerry_wait_for_network(std::uint64_t nanoseconds) {
  constexpr std::uint64_t longest = 100ULL * 365 * 24 * 3600 * 1'000'000'000; // a century
  const auto patience =
      Duration::nanoseconds(static_cast<std::int64_t>(std::min(nanoseconds, longest)));
  TRY(net::wait_until_up(hal::monotonic_now() + patience));
  return 0;
}

Result<long> sys_skerry_on_panic(std::uint64_t hook) {
  kernel::set_panic_hook(reinterpret_cast<kernel::PanicHook>(hook));
  return 0;
}

Result<long> sys_skerry_console_write(std::uint64_t text, std::size_t size) {
  char part[256];
  std::size_t done = 0;
  while (done < size) {
    const auto chunk = std::span(part).first(std::min(sizeof part, size - done));
    TRY(mm::copy_in(std::as_writable_bytes(chunk), mm::VirtualAddress(text) + done));
    kernel::write_consoles({chunk.data(), chunk.size()});
    done += chunk.size();
  }
  return static_cast<long>(size);
}

bool works_in_panic_hooks(std::uint64_t number) {
  // The C library tries for ever to end a run that will not end.
  return number == static_cast<std::uint64_t>(abi::Call::console_write) || number == SYS_exit_group;
}

} // namespace skerry::posix
