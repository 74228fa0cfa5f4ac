// SPDX-License-Identifier: Apache-2.0
// Joining and leaving multicast groups; see the header.
#include "src/net/memberships.hpp"

#include <mm/heap.hpp>

#include <cstdint>

namespace skerry::net {
namespace {

/// lwIP counts the users of a group in a byte.
bool has_room(const ip_addr_t& group, netif& interface) {
  if (IP_IS_V4_VAL(group)) {
    const igmp_group* known = igmp_lookfor_group(&interface, ip_2_ip4(&group));
    return known == nullptr || known->use < UINT8_MAX;
  }
  const mld_group* known = mld6_lookfor_group(&interface, ip_2_ip6(&group));
  return known == nullptr || known->use < UINT8_MAX;
}

err_t join_on(netif& interface, const ip_addr_t& group) {
  return IP_IS_V4_VAL(group) ? igmp_joingroup_netif(&interface, ip_2_ip4(&group))
                             : mld6_joingroup_netif(&interface, ip_2_ip6(&group));
}

void leave_on(netif& interface, const ip_addr_t& group) {
  if (IP_IS_V4_VAL(group)) {
    (void)igmp_leavegroup_netif(&interface, ip_2_ip4(&group));
  } else {
    (void)mld6_leavegroup_netif(&interface, ip_2_ip6(&group));
  }
}

} // namespace

Membership* Memberships::find(const ip_addr_t& group, u8_t interface) {
  for (Membership& each : groups_) {
    if (each.interface == interface && ip_addr_eq(&each.group, &group)) {
      return &each;
    }
  }
  return nullptr;
}

Result<> Memberships::join(const ip_addr_t& group, netif& interface) {
  if (!ip_addr_ismulticast(&group)) {
    return fail(std::errc::invalid_argument);
  }
  if (find(group, netif_get_index(&interface)) != nullptr) {
    return fail(std::errc::address_in_use);
  }
  if (count_ == max_groups || !has_room(group, interface)) {
    return fail(std::errc::no_buffer_space);
  }
  auto membership = TRY(mm::make_owned<Membership>());
  membership->group = group;
  membership->interface = netif_get_index(&interface);
  if (const err_t error = join_on(interface, group); error != ERR_OK) {
    return fail(error == ERR_MEM ? std::errc::not_enough_memory : std::errc::invalid_argument);
  }
  groups_.push_back(*membership.release());
  ++count_;
  return {};
}

void Memberships::leave(Membership& membership) {
  membership.unlink();
  --count_;
  if (netif* interface = netif_get_by_index(membership.interface)) {
    leave_on(*interface, membership.group);
  }
  const mm::Owned<Membership> end(&membership);
}

Result<> Memberships::leave(const ip_addr_t& group, const netif& interface) {
  Membership* membership = find(group, netif_get_index(&interface));
  if (membership == nullptr) {
    return fail(std::errc::address_not_available);
  }
  leave(*membership);
  return {};
}

void Memberships::leave_all() {
  while (Membership* first = groups_.front()) {
    leave(*first);
  }
}

} // namespace skerry::net
