// SPDX-License-Identifier: Apache-2.0
// What a DHCP server and a name server tell a guest, with dnsmasq as both.
#include "private_network.hpp"
#include "served.hpp"

#include <gmock/gmock.h>

namespace skerry::test {
namespace {

using testing::HasSubstr;
using vm::MachineKind;

/// dnsmasq on the tap device: one address to give, some names to tell.
class NameServer {
public:
  NameServer()
      : process_({.arguments = arguments(), .output = Stream::null, .error = Stream::pipe}) {}

private:
  static std::vector<std::string> arguments() {
    return {"dnsmasq",
            "--no-daemon",
            "--conf-file=/dev/null",
            "--pid-file=",
            "--user=",
            "--leasefile-ro",
            "--no-resolv",
            "--no-hosts",
            "--no-ping",
            "--listen-address=10.0.0.1",
            "--bind-interfaces",
            "--dhcp-range=10.0.0.2,10.0.0.2,255.255.255.0,1h",
            "--dhcp-option=option:mtu,1400",
            "--dhcp-option=option:classless-static-route,192.168.7.0/24,10.0.0.1",
            "--host-record=both.test,10.0.0.77,fd00::77",
            "--host-record=four.test,10.0.0.44",
            "--local=/test/"};
  }

  Process process_;
};

class Dhcp : public testing::Test {
protected:
  void SetUp() override {
    if (const std::string trouble = enter_private_network(); !trouble.empty())
      GTEST_SKIP() << trouble;
    const std::vector<std::string> route{"ip", "address", "add", "192.168.7.1/24", "dev", "lo"};
    ASSERT_TRUE(run_client(route).status.success());
  }

  /// Fetches a page; tries again until there is one or patience ends.
  static std::string fetch_at_last(const std::string& url) {
    const Deadline deadline = deadline_in(patience);
    Captured page;
    do {
      page = run_client({"curl", "-s", "--max-time", "2", url});
    } while (!page.status.success() && std::chrono::steady_clock::now() < deadline);
    return page.output;
  }
};

TEST_F(Dhcp, TellsTheNameServerThatGetaddrinfoAsks) {
  const NameServer server;
  const auto guest =
      serve(MachineKind::q35, "resolve", "exit status 1",
            "ip=dhcp -- both.test four.test none.test localhost 10.9.8.7", use_private_network);
  const std::string console = guest->console().text();
  EXPECT_THAT(console, HasSubstr("both.test is 10.0.0.77\n"));
  EXPECT_THAT(console, HasSubstr("both.test is fd00::77\n"));
  EXPECT_THAT(console, HasSubstr("four.test is 10.0.0.44\n"));
  EXPECT_THAT(console, HasSubstr("none.test: Name does not resolve\n"));
  EXPECT_THAT(console, HasSubstr("localhost is 127.0.0.1\n"));
  EXPECT_THAT(console, HasSubstr("10.9.8.7 is 10.9.8.7\n"));
}

TEST_F(Dhcp, IsAskedUntilAServerComes) {
  const auto guest =
      serve(MachineKind::q35, "http_server", "listening", "ip=dhcp", use_private_network);
  EXPECT_FALSE(run_client({"curl", "-s", "--max-time", "1", "http://10.0.0.2/"}).status.success());
  const NameServer server;
  EXPECT_THAT(fetch_at_last("http://10.0.0.2/"), HasSubstr("requests 1\n"));
}

TEST_F(Dhcp, TellsRoutesAndTheMtu) {
  const NameServer server;
  const auto guest =
      serve(MachineKind::q35, "http_server", "listening", "ip=dhcp", use_private_network);
  // The answer to 192.168.7.1 goes by the route of option 121: there is no other.
  const Captured page = run_client(
      {"curl", "-s", "--max-time", "60", "--interface", "192.168.7.1", "http://10.0.0.2/"});
  EXPECT_THAT(page.output, HasSubstr("requests 1\n"));
  // An answer of 1428 bytes does not fit the MTU of option 26: it comes in pieces.
  const Captured ping = run_client({"ping", "-c", "1", "-s", "1400", "-w", "60", "10.0.0.2"});
  EXPECT_THAT(ping.output, HasSubstr(" 0% packet loss")) << ping.output;
  EXPECT_THAT(guest->console().text(), HasSubstr("address 10.0.0.2, MTU 1400"));
}

} // namespace
} // namespace skerry::test
