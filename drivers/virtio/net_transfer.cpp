// SPDX-License-Identifier: Apache-2.0
// Frames through a virtio-net device.
#include "drivers/virtio/negotiation.hpp"
#include "drivers/virtio/net.hpp"
#include "drivers/virtio/net_header.hpp"

#include <core/bytes.hpp>

#include <array>
#include <cstring>

namespace skerry::virtio {
namespace {

constexpr std::size_t least_frame_bytes = 14;
/// When so few descriptors are left, what has been sent is looked for.
constexpr std::uint16_t reclaim_below = 64;

} // namespace

void Net::release_buffer(void* buffer) {
  auto* record = static_cast<Buffer*>(buffer);
  Net& self = *record->device;
  record->next_free = self.free_head_;
  self.free_head_ = static_cast<std::uint16_t>(record - self.pool_->buffers);
  ++self.free_count_;
}

void Net::fill_receive_queue() {
  static_assert(sizeof(Header) == 12);
  while (free_count_ != 0 && receive_queue_.in_flight() < Pool::max_posted) {
    const std::uint16_t index = free_head_;
    Buffer& buffer = pool_->buffers[index];
    const Piece piece{.address = frames_.device_address() + index * buffer_bytes_,
                      .size_bytes = static_cast<std::uint32_t>(buffer_bytes_)};
    const auto head = receive_queue_.post({}, {&piece, 1});
    if (!head) {
      break;
    }
    free_head_ = buffer.next_free;
    --free_count_;
    buffer.posted = true;
    pool_->of_head[*head] = index;
  }
  receive_queue_.publish();
}

bool Net::read_offloads(const Header& header, std::size_t frame_bytes,
                        device::Offloads& offloads) const {
  if (header.gso_type != gso_none) {
    return false; // V08: nothing of the kind was agreed on
  }
  offloads.checksum_valid = has_bit(header.flags, header_checksum_valid_bit);
  offloads.checksum_partial = has_bit(header.flags, header_needs_checksum_bit);
  if (offloads.checksum_partial) {
    offloads.checksum_start = header.checksum_start;
    offloads.checksum_offset = header.checksum_offset;
    return std::size_t{offloads.checksum_start} + offloads.checksum_offset +
               sizeof(std::uint16_t) <=
           frame_bytes;
  }
  return true;
}

void Net::receive(const Completion& completion) {
  Buffer& buffer = pool_->buffers[pool_->of_head[completion.head]];
  buffer.posted = false;
  if (completion.written_bytes < header_bytes_ + least_frame_bytes) {
    ++statistics_.receive_dropped;
    release_buffer(&buffer);
    return;
  }
  Header header;
  std::memcpy(&header, buffer.data, header_bytes_); // read once (V07)
  const std::size_t frame_bytes = completion.written_bytes - header_bytes_;
  device::Packet packet(release_buffer, &buffer);
  if (!read_offloads(header, frame_bytes, packet.offloads) ||
      !packet.add({buffer.data + header_bytes_, frame_bytes})) {
    ++statistics_.receive_dropped;
    return;
  }
  ++statistics_.received;
  statistics_.received_bytes += frame_bytes;
  receiver_->receive(0, std::move(packet));
}

device::PollOutcome Net::poll(unsigned, unsigned budget) {
  if (broken_) {
    return {.delivered = 0, .more = restart_when_due()};
  }
  if (receiver_ == nullptr) {
    return {};
  }
  if (config_changed_.exchange(false, std::memory_order_relaxed)) {
    if ((transport_.status() & status_needs_reset) != 0) {
      stop("V13: the device asks for a reset");
      return {};
    }
    const bool was_up = link_up_;
    read_link();
    if (link_up_ != was_up) {
      receiver_->link_changed(link_up_);
    }
  }
  reclaim();
  unsigned delivered = 0;
  while (delivered < budget) {
    const auto completion = receive_queue_.take();
    if (!completion) {
      break;
    }
    ++delivered;
    receive(*completion);
  }
  check_rules();
  if (broken_) {
    return {.delivered = delivered, .more = false};
  }
  fill_receive_queue();
  statistics_.kicks += receive_queue_.kick() ? 1 : 0;
  const bool more = delivered == budget || !receive_queue_.arm();
  return {.delivered = delivered, .more = more};
}

Net::Header Net::make_header(const device::Offloads& offloads) const {
  Header header;
  if (offloads.checksum_partial) {
    header.flags = bit<std::uint8_t>(header_needs_checksum_bit);
    header.checksum_start = offloads.checksum_start;
    header.checksum_offset = offloads.checksum_offset;
  }
  if (offloads.gso != device::Gso::none) {
    header.gso_type = offloads.gso == device::Gso::tcp_v4 ? gso_tcp_v4 : gso_tcp_v6;
    header.gso_size = offloads.gso_size;
    header.header_size = offloads.header_size;
  }
  return header;
}

Result<> Net::transmit(unsigned, device::Packet&& packet) {
  if (broken_) {
    return fail(std::errc::io_error);
  }
  const bool large = packet.offloads.gso != device::Gso::none;
  if (packet.size_bytes() < least_frame_bytes || (!large && packet.size_bytes() > mtu_ + 18)) {
    return fail(std::errc::message_size);
  }
  std::array<Piece, 1 + device::Packet::max_segments> pieces;
  std::size_t count = 1;
  for (const device::Packet::Segment segment : packet.segments()) {
    pieces[count++] = {.address = mm::device_address_of(segment.data()),
                       .size_bytes = static_cast<std::uint32_t>(segment.size())};
  }
  if (transmit_queue_.free_descriptors() < reclaim_below) {
    reclaim();
  }
  if (transmit_queue_.free_descriptors() < count) {
    transmit_was_full_ = true;
    // An interrupt when half of the queue has been sent, not at each frame.
    (void)transmit_queue_.arm_after(
        static_cast<std::uint16_t>(transmit_queue_.in_flight() / 2 + 1));
    return fail(std::errc::no_buffer_space);
  }
  // Headers lie by the index of the chain's first descriptor, which post() takes next.
  const std::uint16_t slot = transmit_queue_.next_head();
  const Header header = make_header(packet.offloads);
  std::memcpy(headers_.data() + slot * sizeof(Header), &header, sizeof header);
  pieces[0] = {.address = headers_.device_address() + slot * sizeof(Header),
               .size_bytes = static_cast<std::uint32_t>(header_bytes_)};
  const std::uint16_t head = TRY(transmit_queue_.post(std::span(pieces).first(count), {}));
  ++statistics_.transmitted;
  statistics_.transmitted_bytes += packet.size_bytes();
  outgoing_->owners[head] = packet.detach();
  return {};
}

void Net::flush(unsigned) {
  if (!broken_) {
    transmit_queue_.publish();
    statistics_.kicks += transmit_queue_.kick() ? 1 : 0;
  }
}

void Net::reclaim() {
  while (const auto completion = transmit_queue_.take()) {
    device::Packet::Owner& owner = outgoing_->owners[completion->head];
    if (owner.release != nullptr) {
      std::exchange(owner.release, nullptr)(owner.token);
    }
  }
  if (transmit_was_full_ && transmit_queue_.free_descriptors() > transmit_queue_.size() / 2) {
    transmit_was_full_ = false;
    transmit_queue_.disarm();
    transmit_ready_();
  }
}

} // namespace skerry::virtio
