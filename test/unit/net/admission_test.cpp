// SPDX-License-Identifier: Apache-2.0
// Packets that no neighbour can honestly send do not come in.
#include "frames6.hpp"
#include "network.hpp"
#include "src/net/admission.hpp"

#include <gtest/gtest.h>

namespace skerry::net {
namespace {

using test::append;
using test::Bytes;
using test::Ip6;
using test::Network;

constexpr std::size_t source = 14 + 12;
constexpr std::size_t destination = 14 + 16;

class Admission : public testing::Test {
protected:
  [[nodiscard]] bool is_forged(const Bytes& frame) const {
    return net::is_forged(network.interface.lwip(), std::as_bytes(std::span(frame)));
  }

  [[nodiscard]] bool is_forged(const Ip6& from, const Ip6& to, std::uint8_t next_header) const {
    Bytes packet{0x60, 0, 0, 0, 0, 0, next_header, 64};
    append(packet, from);
    append(packet, to);
    return is_forged(test::ethernet(0x86dd, packet));
  }

  [[nodiscard]] Ip6 our_ip6() const {
    Ip6 bytes;
    std::memcpy(bytes.data(), netif_ip6_addr(&network.interface.lwip(), 0)->addr, bytes.size());
    return bytes;
  }

  Network& network = Network::get();
};

TEST_F(Admission, RefusesOwnAndLoopbackAddressesOfIpv4) {
  Bytes frame = test::ipv4(17, Bytes(8));
  EXPECT_FALSE(is_forged(frame));
  for (const auto& address : {Bytes{10, 0, 0, 2}, Bytes{127, 0, 0, 1}, Bytes{127, 9, 9, 9},
                              Bytes{0, 0, 0, 0}, Bytes{0, 1, 2, 3}}) {
    Bytes forged = frame;
    std::ranges::copy(address, forged.begin() + source);
    EXPECT_TRUE(is_forged(forged)) << static_cast<int>(address[0]);
  }
  frame[destination] = 127;
  EXPECT_TRUE(is_forged(frame));
}

TEST_F(Admission, RefusesOwnAndLoopbackAddressesOfIpv6) {
  network.pass(Duration::seconds(3)); // our address is no longer tentative
  constexpr Ip6 loopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  constexpr std::uint8_t udp = 17;
  constexpr std::uint8_t icmp6 = 58;
  EXPECT_FALSE(is_forged(test::peer_link_local, our_ip6(), udp));
  EXPECT_TRUE(is_forged(our_ip6(), our_ip6(), udp));
  EXPECT_FALSE(is_forged(our_ip6(), our_ip6(), icmp6)) << "duplicates tell of themselves";
  EXPECT_TRUE(is_forged(loopback, our_ip6(), icmp6));
  EXPECT_TRUE(is_forged(test::peer_link_local, loopback, udp));
}

TEST_F(Admission, LeavesWhatIsCutShortToItsReader) {
  const Bytes frame = test::ipv4(17, Bytes(8));
  for (std::size_t size = 0; size < destination + 4; ++size) {
    EXPECT_FALSE(
        is_forged(Bytes(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size))));
  }
}

TEST_F(Admission, CountsWhatItRefuses) {
  Bytes frame = test::ipv4(17, Bytes(8));
  frame[source] = 127;
  const auto before = network.interface.drops().forged;
  network.send(frame);
  EXPECT_EQ(network.interface.drops().forged, before + 1);
  EXPECT_TRUE(network.card.sent.empty());
}

} // namespace
} // namespace skerry::net
