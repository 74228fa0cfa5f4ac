// SPDX-License-Identifier: Apache-2.0
#include "src/net/routes.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace skerry::net {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t ip(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a | b << 8U | c << 16U | d << 24U; // network byte order
}

std::optional<std::uint32_t> next_hop(const Routes& routes, std::uint32_t destination) {
  const auto route = routes.find(destination);
  return route ? std::optional(route->gateway) : std::nullopt;
}

TEST(Routes, TakeAsManyBytesOfADestinationAsItsBitsFill) {
  Routes routes;
  ASSERT_TRUE(routes.parse(Bytes{0,  10,  0,   0,   1,                //
                                 8,  10,  10,  0,   0,   2,           //
                                 9,  11,  128, 10,  0,   0,  3,       //
                                 16, 172, 16,  10,  0,   0,  4,       //
                                 17, 172, 17,  128, 10,  0,  0, 5,    //
                                 25, 192, 168, 7,   128, 10, 0, 0, 6, //
                                 32, 192, 168, 7,   200, 10, 0, 0, 7}));
  ASSERT_EQ(routes.all().size(), 7U);
  EXPECT_EQ(next_hop(routes, ip(8, 8, 8, 8)), ip(10, 0, 0, 1));
  EXPECT_EQ(next_hop(routes, ip(10, 255, 0, 1)), ip(10, 0, 0, 2));
  EXPECT_EQ(next_hop(routes, ip(11, 128, 0, 1)), ip(10, 0, 0, 3));
  EXPECT_EQ(next_hop(routes, ip(11, 127, 0, 1)), ip(10, 0, 0, 1));
  EXPECT_EQ(next_hop(routes, ip(172, 16, 9, 9)), ip(10, 0, 0, 4));
  EXPECT_EQ(next_hop(routes, ip(172, 17, 255, 1)), ip(10, 0, 0, 5));
  EXPECT_EQ(next_hop(routes, ip(192, 168, 7, 199)), ip(10, 0, 0, 6));
  EXPECT_EQ(next_hop(routes, ip(192, 168, 7, 200)), ip(10, 0, 0, 7)) << "the most specific wins";
  EXPECT_EQ(routes.default_gateway(), ip(10, 0, 0, 1));
}

TEST(Routes, BitsOfADestinationBeyondItsMaskDoNotCount) {
  Routes routes;
  ASSERT_TRUE(routes.parse(Bytes{20, 10, 1, 0xff, 10, 0, 0, 1}));
  EXPECT_EQ(next_hop(routes, ip(10, 1, 0xf0, 9)), ip(10, 0, 0, 1));
  EXPECT_EQ(next_hop(routes, ip(10, 1, 0xef, 9)), std::nullopt);
  EXPECT_EQ(routes.default_gateway(), std::nullopt);
}

// What some clouds tell a guest that is alone in its network.
TEST(Routes, ARouteWithoutAGatewayIsOnTheLink) {
  Routes routes;
  ASSERT_TRUE(routes.parse(Bytes{32, 10, 128, 0, 1, 0, 0, 0, 0, 0, 10, 128, 0, 1}));
  EXPECT_EQ(next_hop(routes, ip(10, 128, 0, 1)), 0U);
  EXPECT_EQ(next_hop(routes, ip(1, 1, 1, 1)), ip(10, 128, 0, 1));
}

TEST(Routes, OptionsThatAreMalformedLeaveNone) {
  const Bytes whole{24, 192, 168, 7, 10, 0, 0, 1};
  for (std::size_t size = 1; size < whole.size(); ++size) {
    Routes routes;
    ASSERT_TRUE(routes.parse(whole));
    EXPECT_FALSE(routes.parse(std::span(whole).first(size))) << size;
    EXPECT_TRUE(routes.all().empty()) << size;
  }
  Routes routes;
  EXPECT_FALSE(routes.parse(Bytes{33, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  Bytes trailing = whole;
  trailing.push_back(0);
  EXPECT_FALSE(routes.parse(trailing));
  EXPECT_TRUE(routes.all().empty());
}

TEST(Routes, ThoseThatAreTooManyAreLeftOut) {
  Bytes many;
  for (std::uint8_t i = 0; i < Routes::max_routes + 5; ++i) {
    many.insert(many.end(), {8, i, 10, 0, 0, 1});
  }
  Routes routes;
  EXPECT_TRUE(routes.parse(many));
  EXPECT_EQ(routes.all().size(), Routes::max_routes);
  EXPECT_EQ(next_hop(routes, ip(Routes::max_routes, 0, 0, 1)), std::nullopt);
}

} // namespace
} // namespace skerry::net
