// SPDX-License-Identifier: Apache-2.0
// Bringing a virtio-net device up.
#include "drivers/virtio/net.hpp"

#include "drivers/virtio/negotiation.hpp"
#include "drivers/virtio/net_header.hpp"

#include <core/bytes.hpp>
#include <core/log.hpp>
#include <hal/clock.hpp>
#include <kernel/random.hpp>

#include <algorithm>

namespace skerry::virtio {
namespace {

// Feature bits (5.1.3).
constexpr unsigned feature_checksum = 0;
constexpr unsigned feature_guest_checksum = 1;
constexpr unsigned feature_mtu = 3;
constexpr unsigned feature_mac = 5;
constexpr unsigned feature_tso4 = 11;
constexpr unsigned feature_tso6 = 12;
constexpr unsigned feature_status = 16;

// The configuration (5.1.4).
constexpr std::uint32_t config_mac = 0;
constexpr std::uint32_t config_status = 6;
constexpr std::uint32_t config_mtu = 10;
constexpr std::uint16_t link_up_bit = 0;

constexpr std::uint16_t receive_index = 0;
constexpr std::uint16_t transmit_index = 1;
constexpr std::uint16_t queue_count = 2;

/// A device that breaks a rule is started again so long after its last start: at most five times a
/// minute (V18).
constexpr Duration restart_interval = Duration::seconds(12);

constexpr std::uint32_t least_mtu = 68; // RFC 791
constexpr std::uint32_t most_mtu = 9216;
constexpr std::size_t ethernet_header_bytes = 14;
constexpr std::size_t vlan_tag_bytes = 4;

constexpr std::uint64_t wanted_features() {
  std::uint64_t wanted = 0;
  for (const unsigned feature :
       {feature_checksum, feature_guest_checksum, feature_mtu, feature_mac, feature_tso4,
        feature_tso6, feature_status, feature_any_layout, feature_event_index}) {
    wanted |= bit<std::uint64_t>(feature);
  }
  return wanted;
}

bool is_usable(const device::MacAddress& mac) {
  const bool is_group = (mac[0] & 1U) != 0;
  const bool is_zero = std::ranges::all_of(mac, [](std::uint8_t b) { return b == 0; });
  return !is_group && !is_zero;
}

} // namespace

void Net::read_mac() {
  if (has_bit(features_, feature_mac)) {
    if (read_config(transport_, config_mac, mac_) && is_usable(mac_)) {
      return;
    }
    log::warning("virtio", "{}: the MAC address is none (V10); a random one is used", name());
  }
  if (const auto random = kernel::random_value<device::MacAddress>()) {
    mac_ = *random;
  }
  mac_[0] = static_cast<std::uint8_t>((mac_[0] & 0xfcU) | 2U); // locally administered, one station
}

void Net::read_mtu() {
  std::uint8_t bytes[2] = {};
  if (!has_bit(features_, feature_mtu) || !read_config(transport_, config_mtu, bytes)) {
    return;
  }
  const std::uint32_t wanted = bytes[0] | (std::uint32_t{bytes[1]} << 8U);
  if (wanted < least_mtu) {
    log::warning("virtio", "{}: an MTU of {} is too small (V10); {} is used", name(), wanted, mtu_);
    return;
  }
  mtu_ = std::min(wanted, most_mtu);
}

void Net::read_link() {
  std::uint8_t bytes[2] = {};
  if (has_bit(features_, feature_status) && read_config(transport_, config_status, bytes)) {
    link_up_ = has_bit(bytes[0], link_up_bit);
  }
}

Result<> Net::make_buffers() {
  const std::size_t needed = header_bytes_ + ethernet_header_bytes + vlan_tag_bytes + mtu_;
  buffer_bytes_ = align_up(needed, std::size_t{2048});
  frames_ = TRY(mm::DmaMemory::allocate(Pool::size * buffer_bytes_));
  headers_ = TRY(mm::DmaMemory::allocate(Virtqueue::max_size * sizeof(Header)));
  pool_ = TRY(mm::make_owned<Pool>());
  outgoing_ = TRY(mm::make_owned<Outgoing>());
  for (std::uint16_t i = 0; i < Pool::size; ++i) {
    pool_->buffers[i] = {.device = this,
                         .data = frames_.data() + i * buffer_bytes_,
                         .next_free = static_cast<std::uint16_t>(i + 1)};
  }
  free_count_ = Pool::size;
  return {};
}

Result<> Net::start_queues() {
  const bool event_index = has_bit(features_, feature_event_index);
  TRY(receive_queue_.start(transport_, receive_index, event_index));
  return transmit_queue_.start(transport_, transmit_index, event_index);
}

void Net::begin() {
  started_ = hal::monotonic_now();
  transmit_queue_.disarm();
  set_driver_ok(transport_);
  fill_receive_queue();
  (void)receive_queue_.kick();
}

Result<> Net::start_device() {
  features_ = TRY(negotiate(transport_, wanted_features()));
  if (transport_.is_legacy()) {
    if (!has_bit(features_, feature_any_layout)) {
      log::warning("virtio", "{}: a legacy device without VIRTIO_F_ANY_LAYOUT is not supported",
                   name());
      return fail(std::errc::not_supported);
    }
    header_bytes_ = sizeof(Header) - sizeof(Header::buffer_count);
  }
  read_mac();
  read_mtu();
  read_link();
  TRY(start_queues());
  TRY(make_buffers());
  TRY(transport_.connect(queue_count, {handle_queues, this}, {handle_config, this}));
  begin();
  log::info("virtio", "{}: network card {:x}:{:x}:{:x}:{:x}:{:x}:{:x}, MTU {}", name(),
            unsigned{mac_[0]}, unsigned{mac_[1]}, unsigned{mac_[2]}, unsigned{mac_[3]},
            unsigned{mac_[4]}, unsigned{mac_[5]}, mtu_);
  return {};
}

device::NetCapabilities Net::capabilities() const {
  return {.transmit_checksum = has_bit(features_, feature_checksum),
          .receive_checksum = has_bit(features_, feature_guest_checksum),
          .gso_tcp_v4 = has_bit(features_, feature_tso4),
          .gso_tcp_v6 = has_bit(features_, feature_tso6),
          .gso_udp = false,
          .receives_large = false,
          .queues = 1};
}

device::NetDeviceStatistics Net::statistics() const {
  device::NetDeviceStatistics result = statistics_;
  result.interrupts = interrupts_.load(std::memory_order_relaxed);
  return result;
}

void Net::start(device::NetReceiver& receiver, device::Notification readable) {
  receiver_ = &receiver;
  readable_ = readable;
  if (!receive_queue_.arm()) {
    readable_();
  }
}

void Net::handle_queues(void* net) {
  auto* self = static_cast<Net*>(net);
  self->interrupts_.fetch_add(1, std::memory_order_relaxed);
  if (self->broken_.load(std::memory_order_relaxed)) {
    return; // late, or of a device that does not stop: its queues may be about to be replaced
  }
  self->receive_queue_.disarm();
  self->readable_();
}

void Net::handle_config(void* net) {
  auto* self = static_cast<Net*>(net);
  self->config_changed_.store(true, std::memory_order_relaxed);
  self->readable_();
}

void Net::stop(std::string_view rule) {
  if (broken_.exchange(true, std::memory_order_relaxed)) {
    return;
  }
  mark_broken(transport_, rule);
  link_up_ = false;
  for (device::Packet::Owner& owner : outgoing_->owners) {
    if (owner.release != nullptr) {
      ++statistics_.transmit_dropped;
      std::exchange(owner.release, nullptr)(owner.token);
    }
  }
  if (receiver_ != nullptr) {
    receiver_->link_changed(false);
  }
}

Result<> Net::restart() {
  // Once it is out of its reset, the device writes to nothing that it had before.
  if (TRY(negotiate(transport_, features_)) != features_) {
    return fail(std::errc::not_supported); // others were promised by capabilities()
  }
  receive_queue_ = Virtqueue();
  transmit_queue_ = Virtqueue();
  for (Buffer& buffer : pool_->buffers) {
    if (std::exchange(buffer.posted, false)) {
      release_buffer(&buffer);
    }
  }
  TRY(start_queues());
  TRY(transport_.reconnect(queue_count));
  link_up_ = true;
  read_link();
  begin();
  return {};
}

bool Net::restart_when_due() {
  if (given_up_ || receiver_ == nullptr || hal::monotonic_now() < started_ + restart_interval) {
    return false;
  }
  if (!restart()) {
    transport_.set_status(0);
    given_up_ = true;
    log::error("virtio", "{}: does not start again; it is not used any more", name());
    return false;
  }
  log::warning("virtio", "{}: started again (V18)", name());
  transmit_was_full_ = false;
  broken_.store(false, std::memory_order_relaxed);
  receiver_->link_changed(link_up_);
  transmit_ready_();
  return true;
}

void Net::check_rules() {
  for (const Virtqueue* queue : {&receive_queue_, &transmit_queue_}) {
    if (!queue->broken().empty()) {
      stop(queue->broken());
    }
  }
}

} // namespace skerry::virtio
