// SPDX-License-Identifier: Apache-2.0
// Where addresses, gateways and name servers come from when it is not DHCP: kernel arguments, and a
// router's advertisements, with dnsmasq as the router.
#include "private_network.hpp"
#include "served.hpp"

#include <gmock/gmock.h>

namespace skerry::test {
namespace {

using testing::HasSubstr;
using vm::MachineKind;

constexpr const char* far_ipv4 = "192.168.7.1";
constexpr const char* far_ipv6 = "fd77::1";
/// Of the card 52:54:00:12:34:56 in fd00::/64.
constexpr const char* advertised_address = "fd00::5054:ff:fe12:3456";

class Addresses : public testing::Test {
protected:
  void SetUp() override {
    if (const std::string trouble = enter_private_network(); !trouble.empty())
      GTEST_SKIP() << trouble;
    // What is not on the guest's link.
    ASSERT_TRUE(add_address("192.168.7.1/24", "lo"));
    ASSERT_TRUE(add_address("fd77::1/128", "lo"));
  }

  static bool add_address(const char* address, const char* device) {
    return run_client({"ip", "address", "add", address, "dev", device, "nodad"}).status.success();
  }

  static bool ping(const char* source, const char* guest) {
    return run_client({"ping", "-c", "1", "-w", "2", "-I", source, guest}).status.success();
  }

  /// Whether the guest answers a ping from `source` before patience ends.
  static bool answers(const char* source, const char* guest) {
    const Deadline deadline = deadline_in(patience);
    while (std::chrono::steady_clock::now() < deadline)
      if (ping(source, guest))
        return true;
    return false;
  }

  static std::unique_ptr<vm::Guest> serve_http(const std::string& arguments) {
    return serve(MachineKind::q35, "http_server", "listening", arguments, use_private_network);
  }
};

Process dnsmasq(std::vector<std::string> more) {
  std::vector<std::string> words{"dnsmasq",         "--no-daemon", "--conf-file=/dev/null",
                                 "--pid-file=",     "--user=",     "--leasefile-ro",
                                 "--no-resolv",     "--no-hosts",  "--bind-interfaces",
                                 "--interface=tap0"};
  words.insert(words.end(), more.begin(), more.end());
  return Process({.arguments = std::move(words), .output = Stream::null, .error = Stream::null});
}

TEST_F(Addresses, GatewaysOfArgumentsAreUsed) {
  const auto guest = serve_http("ip=10.0.0.2/24,10.0.0.1 ip=fd00::2/64,fd00::1");
  EXPECT_TRUE(answers(far_ipv4, "10.0.0.2"));
  EXPECT_TRUE(answers(far_ipv6, "fd00::2"));
}

TEST_F(Addresses, WithoutAGatewayThereIsTheLinkAlone) {
  const auto guest = serve_http("ip=10.0.0.2/24 ip=fd00::2/64");
  EXPECT_TRUE(answers("10.0.0.1", "10.0.0.2"));
  EXPECT_TRUE(answers("fd00::1", "fd00::2"));
  EXPECT_FALSE(ping(far_ipv4, "10.0.0.2"));
  EXPECT_FALSE(ping(far_ipv6, "fd00::2"));
}

TEST_F(Addresses, PrefixesHaveAnyLength) {
  ASSERT_TRUE(add_address("fd00:0:0:5::1/64", "tap0"));
  const auto guest = serve_http("ip=none ip=fd00::2/48");
  EXPECT_TRUE(answers("fd00:0:0:5::1", "fd00::2")) << "on the link without a gateway";
}

TEST_F(Addresses, TheNameServerOfAnArgumentIsAsked) {
  const Process server = dnsmasq({"--host-record=four.test,10.0.0.44", "--local=/test/"});
  const auto guest = serve(MachineKind::q35, "resolve", "four.test is 10.0.0.44\n",
                           "ip=10.0.0.2/24,,10.0.0.1 -- localhost four.test", use_private_network);
}

TEST_F(Addresses, OfAnotherMachineAreGivenUpAndTold) {
  ASSERT_TRUE(add_address("fd00::2/64", "tap0"));
  const auto guest = serve(MachineKind::q35, "http_server",
                           "another machine has the address fd00::2; it is not used here",
                           "ip=10.0.0.2/24 ip=fd00::2/64", use_private_network);
  EXPECT_TRUE(answers("10.0.0.1", "10.0.0.2")) << "the other address is of use";
}

// No DHCP server answers here.
TEST_F(Addresses, ARouterAdvertisesTheNameServer) {
  const Process router =
      dnsmasq({"--enable-ra", "--dhcp-range=fd00::,ra-only,64,1h", "--ra-param=tap0,10",
               "--dhcp-option=option6:dns-server,[fd00::1]", "--host-record=four.test,10.0.0.44",
               "--local=/test/"});
  const auto guest = serve(MachineKind::q35, "resolve", "four.test is 10.0.0.44\n",
                           "ip=dhcp -- four.test", use_private_network);
}

TEST_F(Addresses, ARouterAdvertisesOneAndTheWayElsewhere) {
  const Process router = dnsmasq(
      {"--port=0", "--enable-ra", "--dhcp-range=fd00::,ra-only,64,1h", "--ra-param=tap0,10"});
  const auto guest = serve_http("ip=10.0.0.2/24");
  EXPECT_TRUE(answers("fd00::1", advertised_address));
  EXPECT_TRUE(answers(far_ipv6, advertised_address));
}

} // namespace
} // namespace skerry::test
