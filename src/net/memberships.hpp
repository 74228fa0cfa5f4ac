// SPDX-License-Identifier: Apache-2.0
// The multicast groups of one socket. Interfaces count how many sockets want a group, and leave it
// with the last of them.
#pragma once

#include "src/net/lwip.hpp"

#include <core/intrusive_list.hpp>
#include <core/result.hpp>

#include <cstddef>

namespace skerry::net {

struct MembershipTag;

struct Membership : ListNode<MembershipTag> {
  ip_addr_t group{};
  u8_t interface = 0;
};

/// Context of all members: thread, inside a StackUse.
class Memberships {
public:
  Memberships() = default;
  ~Memberships() { leave_all(); }
  Memberships(const Memberships&) = delete;
  Memberships& operator=(const Memberships&) = delete;

  /// Errors: invalid_argument  `group` is no multicast address
  ///         address_in_use    joined already
  ///         no_buffer_space   more than max_groups, or than an interface can count
  ///         not_enough_memory
  [[nodiscard]] Result<> join(const ip_addr_t& group, netif& interface);
  /// Errors: address_not_available  not joined
  [[nodiscard]] Result<> leave(const ip_addr_t& group, const netif& interface);

private:
  static constexpr std::size_t max_groups = 20; // Linux' net.ipv4.igmp_max_memberships

  [[nodiscard]] Membership* find(const ip_addr_t& group, u8_t interface);
  void leave(Membership& membership);
  void leave_all();

  IntrusiveList<Membership, MembershipTag> groups_;
  std::size_t count_ = 0;
};

} // namespace skerry::net
