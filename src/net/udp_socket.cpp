// SPDX-License-Identifier: Apache-2.0
// UDP sockets: binding, datagrams in and out.
#include "src/net/udp_socket.hpp"

#include "src/net/address_search.hpp"
#include "src/net/interface_names.hpp"
#include "src/net/lwip/port.hpp"
#include "src/net/unreachable.hpp"

#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

namespace skerry::net {
namespace {

/// Whether it is a group's, or a broadcast of an interface: one may be bound to them.
bool is_for_many(const ip_addr_t& address) {
  if (ip_addr_ismulticast(&address)) {
    return true;
  }
  netif* interface = nullptr;
  NETIF_FOREACH(interface) {
    if (IP_IS_V4_VAL(address) && ip4_addr_isbroadcast(ip_2_ip4(&address), interface)) {
      return true;
    }
  }
  return false;
}

} // namespace

UdpSocket::UdpSocket(Family family, udp_pcb& pcb) : BaseSocket(family), pcb_(&pcb) {
  udp_recv(pcb_, on_received, this);
  udp_set_multicast_ttl(pcb_, default_multicast_hops);
  udp_set_flags(pcb_, UDP_FLAGS_MULTICAST_LOOP);
  tell_of_refusals(peer_refused);
}

int UdpSocket::type() const {
  return SOCK_DGRAM;
}

int UdpSocket::protocol() const {
  return IPPROTO_UDP;
}

Result<> UdpSocket::bind(const Endpoint& local) {
  const StackUse use;
  if (bound_) {
    return fail(std::errc::invalid_argument);
  }
  ip_addr_t address = TRY(address_for_lwip(local.address, family()));
  if (local.address.is_any()) {
    address = any_address();
  }
  if (!ip_addr_isany(&address) && !is_own_address(address) && !is_for_many(address)) {
    return fail(std::errc::address_not_available);
  }
  if (const err_t error = udp_bind(pcb_, &address, local.port); error != ERR_OK) {
    return fail(error_of(error));
  }
  bound_ = true;
  return {};
}

Result<> UdpSocket::connect(const Endpoint& peer) {
  if (!non_blocking()) {
    TRY(await_address_for(peer.address, send_timeout()));
  }
  const StackUse use;
  const ip_addr_t address = TRY(address_for_lwip(peer.address, family()));
  if (const err_t error = udp_connect(pcb_, &address, peer.port); error != ERR_OK) {
    return fail(error_of(error));
  }
  bound_ = true;
  // What came from others before is not this peer's.
  while (!received_.empty()) {
    pop();
  }
  return {};
}

Result<> UdpSocket::disconnect() {
  const StackUse use;
  udp_disconnect(pcb_);
  return {};
}

Result<> UdpSocket::listen(int) {
  return fail(std::errc::operation_not_supported);
}

Result<fs::FileReference> UdpSocket::accept() {
  return fail(std::errc::operation_not_supported);
}

void UdpSocket::on_received(void* socket, udp_pcb*, pbuf* data, const ip_addr_t* from, u16_t port) {
  static_cast<UdpSocket*>(socket)->take(data, *from, port);
}

void UdpSocket::take(pbuf* data, const ip_addr_t& from, u16_t port) {
  const int cost = data->tot_len + record_bytes;
  // The first is taken even when memory is short.
  const bool too_much =
      held_bytes_ != 0 && static_cast<std::size_t>(held_bytes_) + cost > connection_share();
  auto record = mm::make_owned<Datagram>();
  if (receive_shut_ || too_much || cost > limit_ - held_bytes_ || !record) {
    UDP_STATS_INC(udp.drop);
    pbuf_free(data);
    return;
  }
  Datagram& datagram = *record->release();
  datagram.data = data;
  datagram.from = shown(from, port);
  datagram.to = address_for_socket(*ip_current_dest_addr(), family());
  datagram.interface = netif_get_index(ip_current_input_netif());
  if (const auto now = wants_time_ != 0 ? hal::wall_clock_nanoseconds() : Result<std::int64_t>(0);
      wants_time_ != 0 && now) {
    datagram.when = *now;
  }
  received_.push_back(datagram);
  held_bytes_ += cost;
  changed();
}

void UdpSocket::peer_refused(udp_pcb& pcb) {
  if (pcb.recv == on_received) {
    auto& socket = *static_cast<UdpSocket*>(pcb.recv_arg);
    socket.set_error(std::errc::connection_refused);
    socket.changed();
  }
}

void UdpSocket::pop() {
  const mm::Owned<Datagram> end(received_.pop_front());
  held_bytes_ -= end->data->tot_len + record_bytes;
}

Result<Received> UdpSocket::hand_over(Datagram& first, fs::UserBuffer& buffer,
                                      const Transfer& how) {
  Received result;
  result.from = first.from;
  result.to = first.to;
  result.interface = first.interface;
  result.when = first.when;
  std::size_t copied = 0;
  for (const pbuf* part = first.data; part != nullptr && buffer.remaining() != 0;
       part = part->next) {
    copied += TRY(buffer.put({static_cast<const std::byte*>(part->payload), part->len}));
  }
  result.truncated = copied < first.data->tot_len;
  result.size_bytes = how.truncate ? first.data->tot_len : copied;
  if (!how.peek) {
    pop();
  }
  return result;
}

Result<Received> UdpSocket::receive(fs::UserBuffer& buffer, const Transfer& how) {
  for (;;) {
    {
      const StackUse use;
      if (Datagram* first = received_.front()) {
        return hand_over(*first, buffer, how);
      }
      if (has_error()) {
        return fail(take_error());
      }
      if (receive_shut_) {
        return Received{};
      }
    }
    TRY(wait([this] { return !received_.empty() || receive_shut_ || has_error(); }, how.do_not_wait,
             receive_timeout()));
  }
}

Result<> UdpSocket::shutdown(Direction direction) {
  const StackUse use;
  if (!is_connected()) {
    return fail(std::errc::not_connected);
  }
  receive_shut_ = receive_shut_ || direction != Direction::send;
  send_shut_ = send_shut_ || direction != Direction::receive;
  changed();
  return {};
}

Result<Endpoint> UdpSocket::local_endpoint() {
  const StackUse use;
  const ip_addr_t* address = &pcb_->local_ip;
  if (is_connected() && ip_addr_isany(address)) {
    // What the peer sees: programs find their own address so.
    netif* interface = pcb_->netif_idx != NETIF_NO_INDEX
                           ? netif_get_by_index(pcb_->netif_idx)
                           : ip_route(&pcb_->local_ip, &pcb_->remote_ip);
    if (interface != nullptr) {
      address = ip_netif_get_local_ip(interface, &pcb_->remote_ip);
    }
  }
  return shown(address != nullptr ? *address : pcb_->local_ip, pcb_->local_port);
}

Result<Endpoint> UdpSocket::peer_endpoint() {
  const StackUse use;
  if (!is_connected()) {
    return fail(std::errc::not_connected);
  }
  return shown(pcb_->remote_ip, pcb_->remote_port);
}

fs::Readiness UdpSocket::poll() {
  fs::Readiness ready = POLLOUT | POLLWRNORM;
  if (!received_.empty() || receive_shut_) {
    ready |= POLLIN | POLLRDNORM;
  }
  if (receive_shut_) {
    ready |= POLLRDHUP;
  }
  if (has_error()) {
    ready |= POLLERR;
  }
  return ready;
}

void UdpSocket::destroy() {
  const StackUse use;
  udp_remove(pcb_);
  while (!received_.empty()) {
    pop();
  }
  const mm::Owned<UdpSocket> end(this);
}

} // namespace skerry::net
