// SPDX-License-Identifier: Apache-2.0
// A stack with one interface, whose frames a test makes and sees. Each frame that it gets lies in a
// block of exactly its size, so that a sanitizer sees every byte that is read past its end.
#pragma once

#include "../mm/world.hpp"
#include "frames.hpp"
#include "platform/hosted/manual_clock.hpp"
#include "src/net/interface.hpp"
#include "src/net/lwip/port.hpp"
#include "src/net/stack.hpp"

#include <kernel/random.hpp>

#include <gtest/gtest.h>
#include <memory>
#include <vector>

namespace skerry::net::test {

class FakeCard final : public device::NetDevice {
public:
  [[nodiscard]] std::string_view name() const override { return "card"; }
  [[nodiscard]] device::NetCapabilities capabilities() const override { return {}; }
  [[nodiscard]] device::MacAddress mac_address() const override { return our_mac; }
  [[nodiscard]] std::uint32_t mtu() const override { return 1500; }
  [[nodiscard]] bool link_up() const override { return true; }
  [[nodiscard]] device::NetDeviceStatistics statistics() const override { return {}; }
  void start(device::NetReceiver& receiver, device::Notification) override {
    receiver_ = &receiver;
  }
  [[nodiscard]] Result<> transmit(unsigned, device::Packet&& packet) override {
    Bytes frame;
    for (const auto segment : packet.segments()) {
      const auto* bytes = reinterpret_cast<const std::uint8_t*>(segment.data());
      frame.insert(frame.end(), bytes, bytes + segment.size());
    }
    sent.push_back(std::move(frame));
    packet.reset();
    return {};
  }
  void flush(unsigned) override {}
  void on_transmit_ready(device::Notification) override {}
  device::PollOutcome poll(unsigned, unsigned) override { return {}; }

  void receive(const Bytes& frame) {
    auto* block = new Bytes(frame);
    block->shrink_to_fit();
    device::Packet packet([](void* owned) { delete static_cast<Bytes*>(owned); }, block);
    ASSERT_TRUE(packet.add({reinterpret_cast<std::byte*>(block->data()), block->size()}));
    receiver_->receive(0, std::move(packet));
  }

  std::vector<Bytes> sent;

private:
  device::NetReceiver* receiver_ = nullptr;
};

/// There is one in the process, as there is one lwIP.
class Network {
public:
  static Network& get() {
    static Network network;
    network.card.sent.clear();
    return network;
  }

  FakeCard card;
  Interface interface{card};

  /// The peer sends; what we answer is in card.sent.
  void send(const Bytes& frame) {
    const StackUse use;
    card.receive(frame);
  }

  /// Lets time pass, with lwIP's timers in it.
  void pass(Duration span) {
    for (Duration passed; passed < span; passed = passed + step) {
      hosted::advance_time(step);
      const StackUse use;
      sys_check_timeouts();
    }
  }

  /// 10.0.0.2/24 without a gateway, and the MTU of the card.
  void set_usual_address() {
    ip4_addr_t address;
    ip4_addr_t mask;
    IP4_ADDR(&address, 10, 0, 0, 2);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    netif_set_addr(&interface.lwip(), &address, &mask, IP4_ADDR_ANY4);
    interface.lwip().mtu = interface.lwip().mtu6 = static_cast<u16_t>(card.mtu());
  }

  /// The TCP segments that were sent since the last call.
  std::vector<Segment> take_segments() {
    std::vector<Segment> segments;
    for (const Bytes& frame : std::exchange(card.sent, {})) {
      if (frame.size() > 34 && get16(frame, 12) == 0x0800 && frame[23] == 6) {
        segments.push_back(parse_tcp(frame));
      }
    }
    return segments;
  }

private:
  static constexpr Duration step = Duration::milliseconds(50);

  Network() {
    (void)mm::test::World::get();
    kernel::start_random();
    EXPECT_TRUE(prepare_port());
    set_time(hal::monotonic_now());
    lwip_init();
    EXPECT_TRUE(interface.start());
    set_usual_address();
    netif_set_default(&interface.lwip());
    // The peer's address is known from the start.
    ip4_addr_t peer;
    IP4_ADDR(&peer, 10, 0, 0, 1);
    eth_addr mac;
    std::memcpy(mac.addr, peer_mac.data(), peer_mac.size());
    EXPECT_EQ(etharp_add_static_entry(&peer, &mac), ERR_OK);
  }
};

} // namespace skerry::net::test
