// SPDX-License-Identifier: Apache-2.0
// The host's side of a virtio device, in memory of this process. It plays by the rules as long as a
// test does not tell it otherwise.
#pragma once

#include "../../mm/world.hpp"
#include "drivers/virtio/transport.hpp"
#include "platform/hosted/manual_clock.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <vector>

namespace skerry::virtio::test {

/// One queue, as a device sees it.
class FakeQueue {
public:
  struct Descriptor {
    std::uint64_t address;
    std::uint32_t size_bytes;
    std::uint16_t flags;
    std::uint16_t next;
  };
  /// A chain that the driver has posted.
  struct Chain {
    std::uint16_t head = 0;
    std::vector<std::uint8_t> readable;
    std::vector<std::span<std::uint8_t>> writable;
  };

  void place(std::uint16_t size, const QueueAddresses& addresses) {
    size_ = size;
    seen_ = 0;
    const auto& machine = mm::test::World::get().machine;
    descriptors_ = machine.at<Descriptor>(addresses.descriptors);
    available_ = machine.at<std::uint16_t>(addresses.available);
    used_ = machine.at<std::uint16_t>(addresses.used);
  }

  [[nodiscard]] bool started() const { return size_ != 0; }
  [[nodiscard]] std::uint16_t size() const { return size_; }
  [[nodiscard]] bool has_chain() const { return available_[1] != seen_; }

  /// Takes the oldest chain that was not taken.
  Chain take() {
    Chain chain;
    chain.head = available_[2 + seen_++ % size_];
    const auto& machine = mm::test::World::get().machine;
    for (std::uint16_t at = chain.head;;) {
      const Descriptor descriptor = descriptors_[at];
      auto* bytes = machine.at<std::uint8_t>(mm::PhysicalAddress(descriptor.address));
      if ((descriptor.flags & 2U) != 0) {
        chain.writable.emplace_back(bytes, descriptor.size_bytes);
      } else {
        chain.readable.insert(chain.readable.end(), bytes, bytes + descriptor.size_bytes);
      }
      if ((descriptor.flags & 1U) == 0) {
        return chain;
      }
      at = descriptor.next;
    }
  }

  /// Gives a chain back.
  void give(std::uint32_t id, std::uint32_t written) {
    std::uint16_t* element = used_ + 2 + (used_[1] % size_) * 4;
    std::memcpy(element, &id, sizeof id);
    std::memcpy(element + 2, &written, sizeof written);
    ++used_[1];
  }

  /// Writes `bytes` to the oldest chain and gives it back.
  void answer(std::span<const std::uint8_t> bytes) {
    const Chain chain = take();
    std::memcpy(chain.writable.at(0).data(), bytes.data(), bytes.size());
    give(chain.head, static_cast<std::uint32_t>(bytes.size()));
  }

  void set_used_index(std::uint16_t index) { used_[1] = index; }
  void set_no_notify(bool value) { used_[0] = value ? 1 : 0; }
  void set_avail_event(std::uint16_t index) { used_[2 + size_ * 4] = index; }
  [[nodiscard]] bool wants_no_interrupt() const { return (available_[0] & 1U) != 0; }
  [[nodiscard]] std::uint16_t used_event() const { return available_[2 + size_]; }
  [[nodiscard]] Descriptor* descriptors() const { return descriptors_; }

private:
  std::uint16_t size_ = 0;
  std::uint16_t seen_ = 0;
  Descriptor* descriptors_ = nullptr;
  std::uint16_t* available_ = nullptr;
  std::uint16_t* used_ = nullptr;
};

class FakeTransport final : public Transport {
public:
  explicit FakeTransport(std::uint64_t features) : features(features | version_1) {
    (void)mm::test::World::get();
  }

  [[nodiscard]] std::string_view name() const override { return "fake"; }
  [[nodiscard]] bool is_legacy() const override { return legacy; }
  [[nodiscard]] std::uint8_t status() const override {
    if (!stuck_in_reset) {
      return status_;
    }
    hosted::advance_time(Duration::milliseconds(1)); // so that who waits for it sees time pass
    return status_driver_ok;
  }
  void set_status(std::uint8_t status) override {
    status_ = status;
    if (refuses_features) {
      status_ &= static_cast<std::uint8_t>(~status_features_ok);
    }
  }
  void add_status(std::uint8_t bits) { status_ |= bits; }
  [[nodiscard]] std::uint64_t device_features() override { return features; }
  void set_driver_features(std::uint64_t chosen) override { driver_features = chosen; }
  [[nodiscard]] std::uint16_t queue_size(std::uint16_t index) override {
    return index < queues.size() ? offered_size : 0;
  }
  [[nodiscard]] Result<> start_queue(std::uint16_t index, std::uint16_t size,
                                     const QueueAddresses& addresses) override {
    queues.at(index).place(size, addresses);
    return {};
  }
  void notify(std::uint16_t index) override {
    ++notified[index];
    if (on_notify) {
      on_notify(index);
    }
  }
  [[nodiscard]] std::uint8_t config_byte(std::uint32_t offset) const override {
    return offset < config.size() ? config[offset] : std::uint8_t{0xff};
  }
  [[nodiscard]] std::uint32_t config_generation() const override {
    return config_never_settles ? ++generation_ : generation_;
  }
  [[nodiscard]] Result<> connect(std::uint16_t, device::Notification on_queues,
                                 device::Notification on_config) override {
    interrupt_queues = on_queues;
    interrupt_config = on_config;
    return {};
  }
  [[nodiscard]] Result<> reconnect(std::uint16_t) override {
    ++reconnected;
    return {};
  }

  static constexpr std::uint64_t version_1 = std::uint64_t{1} << 32U;

  std::uint64_t features;
  std::uint64_t driver_features = 0;
  std::uint16_t offered_size = 16;
  bool legacy = false;
  int reconnected = 0;
  bool stuck_in_reset = false;
  bool refuses_features = false;
  bool config_never_settles = false;
  std::array<FakeQueue, 2> queues;
  std::array<std::uint8_t, 16> config{};
  std::map<std::uint16_t, int> notified;
  std::function<void(std::uint16_t)> on_notify;
  device::Notification interrupt_queues;
  device::Notification interrupt_config;

private:
  std::uint8_t status_ = 0;
  mutable std::uint32_t generation_ = 0;
};

} // namespace skerry::virtio::test
