// SPDX-License-Identifier: Apache-2.0
#include "src/net/port_groups.hpp"

#include "src/net/lwip_address.hpp"

#include <core/siphash.hpp>
#include <kernel/random.hpp>

#include <array>
#include <span>

namespace skerry::net {
namespace {

struct Groups {
  SipKey key;
  bool has_key = false;
};

/// Belongs to the CPU of the stack.
constinit Groups groups;

/// A peer and one of the sockets that it could meet; no padding, as the hash wants it.
struct Meeting {
  std::array<std::uint8_t, 16> peer;
  std::array<std::uint8_t, 16> local;
  std::uint64_t socket;
  std::uint64_t port;
};

template <class Pcb> bool are_of_one_group(const Pcb& one, const Pcb& other) {
  return (other.so_options & SOF_REUSEPORT) != 0 && one.local_port == other.local_port &&
         one.netif_idx == other.netif_idx && ip_addr_eq(&one.local_ip, &other.local_ip);
}

/// Whoever has the highest hash with this peer (rendezvous hashing, Thaler and Ravishankar, 1998):
/// a peer keeps its socket as long as that one is there, in whatever order the list is.
template <class Pcb, class Predicate>
Pcb* choose(Pcb* found, Pcb* list, u16_t peer_port, Predicate&& may_take) {
  if ((found->so_options & SOF_REUSEPORT) == 0) {
    return found;
  }
  Meeting meeting{};
  meeting.peer = from_ip(*ip_current_src_addr()).bytes;
  meeting.local = from_ip(*ip_current_dest_addr()).bytes;
  meeting.port = peer_port;
  std::uint64_t highest = 0;
  Pcb* chosen = found;
  for (Pcb* pcb = list; pcb != nullptr; pcb = pcb->next) {
    if (!are_of_one_group(*found, *pcb) || !may_take(*pcb)) {
      continue;
    }
    meeting.socket = reinterpret_cast<std::uintptr_t>(pcb);
    const std::uint64_t hash = SipHash::hash(groups.key, std::as_bytes(std::span(&meeting, 1)));
    if (hash >= highest) {
      highest = hash;
      chosen = pcb;
    }
  }
  return chosen;
}

} // namespace

Result<> prepare_port_groups() {
  if (!groups.has_key) {
    groups.key = TRY(kernel::random_value<SipKey>());
    groups.has_key = true;
  }
  return {};
}

} // namespace skerry::net

using namespace skerry;

extern "C" {

tcp_pcb_listen* skerry_net_listener(tcp_pcb_listen* found, u16_t peer_port) {
  return net::choose(found, tcp_listen_pcbs.listen_pcbs, peer_port,
                     [](const tcp_pcb_listen&) { return true; });
}

udp_pcb* skerry_net_udp_socket(udp_pcb* found, u16_t peer_port) {
  return net::choose(found, udp_pcbs, peer_port,
                     [](const udp_pcb& pcb) { return (pcb.flags & UDP_FLAGS_CONNECTED) == 0; });
}

} // extern "C"
