// SPDX-License-Identifier: Apache-2.0
// What the network is at this moment.
#include "src/net/configuration.hpp"
#include "src/net/interface.hpp"
#include "src/net/interface_names.hpp"
#include "src/net/lwip_address.hpp"
#include "src/net/stack.hpp"
#include "src/net/tcp_protocol.hpp"

#include <core/format.hpp>
#include <net/status.hpp>

#include <bit>
#include <cstring>

namespace skerry::net {
namespace {

void add_addresses(const netif& lwip, InterfaceStatus& status) {
  const auto add = [&status](const ip_addr_t& address, std::uint8_t bits) {
    if (status.address_count < status.addresses.size()) {
      status.addresses[status.address_count++] = {from_ip(address), bits};
    }
  };
  if (!ip4_addr_isany_val(*netif_ip4_addr(&lwip))) {
    add(lwip.ip_addr, static_cast<std::uint8_t>(std::popcount(netif_ip4_netmask(&lwip)->addr)));
  }
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; ++i) {
    if (ip6_addr_isvalid(netif_ip6_addr_state(&lwip, i))) {
      add(lwip.ip6_addr[i], static_cast<std::uint8_t>(ipv6_prefix_bits(from_ip(lwip.ip6_addr[i]))));
    }
  }
}

bool is_up(const netif& lwip) {
  if (!netif_is_link_up(&lwip)) {
    return false;
  }
  if (!ip4_addr_isany_val(*netif_ip4_addr(&lwip))) {
    return true;
  }
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; ++i) {
    if (ip6_addr_isvalid(netif_ip6_addr_state(&lwip, i)) &&
        !ip6_addr_islinklocal(netif_ip6_addr(&lwip, i))) {
      return true;
    }
  }
  return false;
}

bool some_is_up() {
  for (Interface* interface : interfaces()) {
    if (is_up(interface->lwip())) {
      return true;
    }
  }
  return false;
}

/// Counters of one interface, under its name.
class Named {
public:
  Named(kernel::StatisticsVisitor& visitor, const netif& lwip)
      : visitor_(visitor), name_(name_of(lwip)) {}

  void visit(std::string_view what, std::uint64_t value) {
    char text[kernel::StatisticsVisitor::max_name];
    visitor_.visit(format_to(text, "network.{}.{}", std::string_view(name_.data()), what), value);
  }

private:
  kernel::StatisticsVisitor& visitor_;
  InterfaceName name_;
};

void visit_interface(Interface& interface, kernel::StatisticsVisitor& visitor) {
  Named named(visitor, interface.lwip());
  const device::NetDeviceStatistics device = interface.device().statistics();
  named.visit("received_packets", device.received);
  named.visit("received_bytes", device.received_bytes);
  named.visit("transmitted_packets", device.transmitted);
  named.visit("transmitted_bytes", device.transmitted_bytes);
  named.visit("kicks", device.kicks);
  named.visit("interrupts", device.interrupts);
  named.visit("dropped.device_receive", device.receive_dropped);
  named.visit("dropped.device_transmit", device.transmit_dropped);
  const InterfaceDrops& drops = interface.drops();
  named.visit("dropped.malformed", drops.malformed);
  named.visit("dropped.forged", drops.forged);
  named.visit("dropped.no_memory", drops.no_memory);
  named.visit("dropped.transmit_queue_full", drops.transmit_queue_full);
  named.visit("dropped.transmit_failed", drops.transmit_failed);
}

void visit_protocol(kernel::StatisticsVisitor& visitor, std::string_view name,
                    const stats_proto& counters) {
  const auto visit = [&](std::string_view what, STAT_COUNTER value) {
    char text[kernel::StatisticsVisitor::max_name];
    visitor.visit(format_to(text, "network.{}.{}", name, what), value);
  };
  visit("received_packets", counters.recv);
  visit("transmitted_packets", counters.xmit);
  visit("dropped", counters.drop);
  visit("dropped.checksum", counters.chkerr);
  visit("dropped.length", counters.lenerr);
  visit("dropped.no_memory", counters.memerr);
  visit("dropped.no_route", counters.rterr);
  visit("dropped.protocol", counters.proterr + counters.opterr);
}

} // namespace

Result<InterfaceStatus> interface_status(std::size_t index) {
  if (index >= interfaces().size()) {
    return fail(std::errc::no_such_device);
  }
  const StackUse use;
  Interface& interface = *interfaces()[index];
  const netif& lwip = interface.lwip();
  InterfaceStatus status{.name = name_of(lwip),
                         .device = interface.device().name(),
                         .hardware_address = interface.device().mac_address(),
                         .link_is_up = netif_is_link_up(&lwip) != 0,
                         .mtu = lwip.mtu};
  add_addresses(lwip, status);
  return status;
}

Result<> wait_until_up(Instant deadline) {
  if (interfaces().empty()) {
    return fail(std::errc::no_such_device);
  }
  switch (address_changes().wait_until(some_is_up, deadline)) {
  case kernel::WaitResult::ready:
    return {};
  case kernel::WaitResult::timeout:
    return fail(std::errc::timed_out);
  case kernel::WaitResult::interrupted:
    return fail(std::errc::interrupted);
  }
}

void visit_statistics(kernel::StatisticsVisitor& visitor) {
  if (!stack_is_up()) {
    return;
  }
  const StackUse use;
  for (Interface* interface : interfaces()) {
    visit_interface(*interface, visitor);
  }
  visit_protocol(visitor, "ipv4", lwip_stats.ip);
  visit_protocol(visitor, "ipv6", lwip_stats.ip6);
  visit_protocol(visitor, "tcp", lwip_stats.tcp);
  visitor.visit("network.tcp.dropped.backlog_full", backlog_drops().backlog_full);
  visitor.visit("network.tcp.dropped.half_open", backlog_drops().half_open);
  visit_protocol(visitor, "udp", lwip_stats.udp);
  visit_protocol(visitor, "icmp", lwip_stats.icmp);
  visit_protocol(visitor, "arp", lwip_stats.etharp);
}

} // namespace skerry::net
