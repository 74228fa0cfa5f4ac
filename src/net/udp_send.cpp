// SPDX-License-Identifier: Apache-2.0
// UDP sockets: datagrams out.
#include "src/net/address_search.hpp"
#include "src/net/interface_names.hpp"
#include "src/net/udp_socket.hpp"

namespace skerry::net {
namespace {

constexpr std::size_t max_payload = 65'507; // 65535 less the headers of IPv4 and UDP

} // namespace

Result<err_t> UdpSocket::transmit_from(pbuf& data, const Source& source, const ip_addr_t& to,
                                       u16_t port) {
  if (!source.address && source.interface == 0) {
    return udp_sendto(pcb_, &data, &to, port);
  }
  ip_addr_t from = pcb_->local_ip;
  if (source.address) {
    from = TRY(address_for_lwip(*source.address, family()));
    if (!is_own_address(from)) {
      return ERR_RTE;
    }
  }
  netif* interface = nullptr;
  if (source.interface == 0) {
    interface = ip_route(&from, &to);
  } else if (source.interface <= UINT8_MAX) {
    interface = netif_get_by_index(static_cast<u8_t>(source.interface));
  }
  if (interface == nullptr) {
    return source.interface == 0 ? Result<err_t>(ERR_RTE) : fail(std::errc::no_such_device);
  }
  return source.address ? udp_sendto_if_src(pcb_, &data, &to, port, interface, &from)
                        : udp_sendto_if(pcb_, &data, &to, port, interface);
}

Result<> UdpSocket::transmit(pbuf& data, const Source& source, const std::optional<Endpoint>& to) {
  err_t error = ERR_OK;
  if (to) {
    const ip_addr_t address = TRY(address_for_lwip(to->address, family()));
    if (to->port == 0) {
      return fail(std::errc::invalid_argument);
    }
    error = TRY(transmit_from(data, source, address, to->port));
  } else if (is_connected()) {
    error = TRY(transmit_from(data, source, pcb_->remote_ip, pcb_->remote_port));
  } else {
    return fail(std::errc::destination_address_required);
  }
  if (error == ERR_VAL && !ip_get_option(pcb_, SOF_BROADCAST)) {
    return fail(std::errc::permission_denied); // a broadcast that was not asked for
  }
  if (error != ERR_OK) {
    return fail(error_of(error));
  }
  bound_ = true;
  return {};
}

Result<std::size_t> UdpSocket::send(fs::UserBuffer& buffer, const Transfer& how,
                                    const std::optional<Endpoint>& to) {
  return send_from({}, buffer, how, to);
}

Result<std::size_t> UdpSocket::send_from(const Source& source, fs::UserBuffer& buffer,
                                         const Transfer& how, const std::optional<Endpoint>& to) {
  if (to && !how.do_not_wait && !non_blocking()) {
    TRY(await_address_for(to->address, send_timeout()));
  }
  const StackUse use;
  if (send_shut_) {
    return fail(std::errc::broken_pipe);
  }
  if (has_error()) {
    return fail(take_error());
  }
  if (how.more) {
    return fail(std::errc::operation_not_supported); // datagrams are not put together from parts
  }
  const std::size_t size = buffer.remaining();
  if (size > max_payload) {
    return fail(std::errc::message_size);
  }
  if (size + record_bytes > 2 * static_cast<std::size_t>(send_limit_)) {
    return fail(std::errc::no_buffer_space);
  }
  pbuf* data = pbuf_alloc(PBUF_TRANSPORT, static_cast<u16_t>(size), PBUF_RAM);
  if (data == nullptr) {
    return fail(std::errc::no_buffer_space);
  }
  Result<> sent;
  const auto taken = size == 0 ? Result<std::size_t>(0)
                               : buffer.take({static_cast<std::byte*>(data->payload), size});
  if (!taken || *taken != size) {
    sent = fail(std::errc::bad_address);
  } else {
    sent = transmit(*data, source, to);
  }
  pbuf_free(data);
  TRY(std::move(sent));
  return size;
}

} // namespace skerry::net
