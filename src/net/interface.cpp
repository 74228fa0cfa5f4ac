// SPDX-License-Identifier: Apache-2.0
// Between a device's packets and lwIP's pbufs.
#include "src/net/interface.hpp"

#include "src/net/address_text.hpp"
#include "src/net/admission.hpp"
#include "src/net/lwip/port.hpp"
#include "src/net/lwip_address.hpp"
#include "src/net/stack.hpp"

#include <core/log.hpp>
#include <kernel/devices.hpp>
#include <mm/heap.hpp>

#include <cstring>

namespace skerry::net {
namespace {

/// How many frames a turn takes from a device before timers and applications have theirs.
constexpr unsigned budget = 64;
/// Frames of one device that may lie in lwIP and in sockets without a copy. Beyond that they are
/// copied, so that those who do not read cannot take all of a device's buffers.
constexpr unsigned max_borrowed = 64;
/// So much of a borrowed frame is a copy, which the device cannot change once it was checked (V07).
/// Ethernet, IP and TCP with all options take 134 bytes; lwIP also keeps pointers of its own there
/// while a segment or fragment waits for others.
constexpr u16_t max_header_bytes = 256;
/// Frames up to this size are not worth a loan.
constexpr std::size_t max_copied_bytes = 640;
static_assert(max_copied_bytes > max_header_bytes);

constinit unsigned borrowed = 0;

/// A pbuf over a device's buffer, behind the headers; freeing it gives the buffer back.
struct BorrowedFrame : pbuf_custom {
  device::Packet packet;

  static void free(struct pbuf* frame) {
    --borrowed;
    auto* base = reinterpret_cast<pbuf_custom*>(frame); // of which a pbuf is the first member
    const mm::Owned<BorrowedFrame> end(static_cast<BorrowedFrame*>(base));
  }
};
static_assert(offsetof(pbuf_custom, pbuf) == 0);

pbuf* borrow(device::Packet&& packet) {
  auto frame = mm::make_owned<BorrowedFrame>();
  pbuf* headers = pbuf_alloc(PBUF_RAW, max_header_bytes, PBUF_RAM);
  if (!frame || headers == nullptr) {
    if (headers != nullptr) {
      pbuf_free(headers);
    }
    return nullptr;
  }
  BorrowedFrame& record = **frame;
  record.packet = std::move(packet);
  record.custom_free_function = BorrowedFrame::free;
  const device::Packet::Segment bytes = record.packet.segments().front();
  std::memcpy(headers->payload, bytes.data(), max_header_bytes);
  const device::Packet::Segment rest = bytes.subspan(max_header_bytes);
  const auto size = static_cast<u16_t>(rest.size());
  pbuf_cat(headers, pbuf_alloced_custom(PBUF_RAW, size, PBUF_REF, &record, rest.data(), size));
  ++borrowed;
  (void)frame->release(); // BorrowedFrame::free() has it from here on
  return headers;
}

pbuf* copy(const device::Packet& packet) {
  pbuf* frame = pbuf_alloc(PBUF_RAW, static_cast<u16_t>(packet.size_bytes()), PBUF_RAM);
  if (frame == nullptr) {
    return nullptr;
  }
  auto* at = static_cast<std::byte*>(frame->payload);
  for (const device::Packet::Segment segment : packet.segments()) {
    std::memcpy(at, segment.data(), segment.size());
    at += segment.size();
  }
  return frame;
}

constexpr u16_t checksum_flags(const device::Offloads& offloads) {
  const bool trusted = offloads.checksum_valid || offloads.checksum_partial;
  return trusted ? u16_t{NETIF_CHECKSUM_ENABLE_ALL} &
                       ~u16_t{NETIF_CHECKSUM_CHECK_TCP | NETIF_CHECKSUM_CHECK_UDP}
                 : u16_t{NETIF_CHECKSUM_ENABLE_ALL};
}

void free_pbuf(void* token) {
  pbuf_free(static_cast<pbuf*>(token));
}

struct InterfaceList {
  Interface* entries[kernel::max_devices_of_a_kind] = {};
  std::size_t count = 0;
};

/// Immutable after boot.
constinit InterfaceList list;

} // namespace

Result<> Interface::start() {
  if (netif_add_noaddr(&netif_, this, initialize, ethernet_input) == nullptr) {
    return fail(std::errc::not_enough_memory);
  }
  netif_set_status_callback(&netif_, status_changed);
  netif_set_hostname(&netif_, "skerry");
  device_.on_transmit_ready({[](void*) { wake_stack(); }, nullptr});
  device_.start(*this, {[](void*) { wake_stack(); }, nullptr});
  netif_set_up(&netif_);
  link_changed(device_.link_up());
  netif_create_ip6_linklocal_address(&netif_, 1); // which joins a group: the card is ready
  return {};
}

err_t Interface::initialize(netif* lwip) {
  device::NetDevice& device = of(*lwip).device_;
  lwip->name[0] = 'e';
  lwip->name[1] = 'n';
  lwip->output = etharp_output;
  lwip->output_ip6 = ethip6_output;
  lwip->linkoutput = output;
  lwip->mtu = static_cast<u16_t>(device.mtu());
  lwip->mtu6 = lwip->mtu;
  lwip->hwaddr_len = ETH_HWADDR_LEN;
  const device::MacAddress address = device.mac_address();
  std::memcpy(lwip->hwaddr, address.data(), address.size());
  lwip->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_IGMP |
                NETIF_FLAG_MLD6;
  NETIF_SET_CHECKSUM_CTRL(lwip, NETIF_CHECKSUM_ENABLE_ALL);
  return ERR_OK;
}

void Interface::status_changed(netif* lwip) {
  of(*lwip).tell_address();
  address_changes().wake_all();
}

void Interface::tell_address() {
  const ip4_addr_t& address = *netif_ip4_addr(&netif_);
  if (address.addr == told_.addr) {
    return;
  }
  told_ = address;
  char text[address_text_size];
  log::info("net", "{}: address {}, MTU {}", device_.name(),
            print_address(from_ip(netif_.ip_addr), text), netif_.mtu);
}

void Interface::link_changed(bool up) {
  log::info("net", "{}: link {}", device_.name(), up ? "up" : "down");
  if (up) {
    netif_set_link_up(&netif_);
  } else {
    netif_set_link_down(&netif_);
  }
}

void Interface::receive(unsigned, device::Packet&& packet) {
  if (packet.size_bytes() < SIZEOF_ETH_HDR || packet.size_bytes() > UINT16_MAX) {
    ++drops_.malformed;
    return;
  }
  if (is_forged(netif_, packet.segments().front())) {
    ++drops_.forged;
    return;
  }
  const ReceiveReserve reserve;
  NETIF_SET_CHECKSUM_CTRL(&netif_, checksum_flags(packet.offloads));
  const bool can_borrow = packet.segments().size() == 1 && borrowed < max_borrowed &&
                          packet.size_bytes() > max_copied_bytes;
  pbuf* frame = can_borrow ? borrow(std::move(packet)) : copy(packet);
  if (frame == nullptr) {
    ++drops_.no_memory;
    return;
  }
  if (netif_.input(frame, &netif_) != ERR_OK) {
    pbuf_free(frame);
  }
}

Result<> Interface::transmit(pbuf* frame) {
  pbuf_ref(frame);
  device::Packet packet(free_pbuf, frame);
  for (pbuf* part = frame; part != nullptr; part = part->next) {
    if (!packet.add({static_cast<std::byte*>(part->payload), part->len})) {
      return fail(std::errc::message_size);
    }
  }
  TRY(device_.transmit(0, std::move(packet)));
  unflushed_ = true;
  return {};
}

err_t Interface::send(pbuf* frame) {
  if (waiting_count_ == 0) {
    const Result<> sent = transmit(frame);
    if (sent) {
      return ERR_OK;
    }
    if (sent.error() != std::errc::no_buffer_space) {
      ++drops_.transmit_failed;
      return ERR_IF;
    }
  }
  if (waiting_count_ == max_waiting) {
    ++drops_.transmit_queue_full;
    return ERR_MEM;
  }
  pbuf_ref(frame);
  waiting_[(first_waiting_ + waiting_count_++) % max_waiting] = frame;
  return ERR_OK;
}

err_t Interface::output(netif* lwip, pbuf* frame) {
  return of(*lwip).send(frame);
}

void Interface::send_waiting() {
  while (waiting_count_ != 0) {
    pbuf* frame = waiting_[first_waiting_];
    const Result<> sent = transmit(frame);
    if (!sent && sent.error() == std::errc::no_buffer_space) {
      return;
    }
    if (!sent) {
      ++drops_.transmit_failed;
    }
    pbuf_free(frame);
    first_waiting_ = (first_waiting_ + 1) % max_waiting;
    --waiting_count_;
  }
}

bool Interface::poll() {
  return device_.poll(0, budget).more;
}

void Interface::flush() {
  send_waiting();
  if (unflushed_) {
    unflushed_ = false;
    device_.flush(0);
  }
}

Result<> start_interfaces() {
  for (device::NetDevice* device : kernel::net_devices()) {
    Interface* interface = TRY(mm::make_owned<Interface>(*device)).release();
    const StackUse use;
    TRY(interface->start());
    list.entries[list.count++] = interface;
  }
  return {};
}

std::span<Interface* const> interfaces() {
  return {list.entries, list.count};
}

bool poll_interfaces() {
  bool more = false;
  for (Interface* each : interfaces()) {
    more = each->poll() || more;
  }
  return more;
}

void flush_interfaces() {
  for (Interface* each : interfaces()) {
    each->flush();
  }
}

} // namespace skerry::net
