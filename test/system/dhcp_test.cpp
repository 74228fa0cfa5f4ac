// SPDX-License-Identifier: Apache-2.0
// What a DHCP server and a name server tell a guest, with dnsmasq as both.
#include "private_network.hpp"
#include "served.hpp"

#include <gmock/gmock.h>

namespace skerry::test {
namespace {

using testing::HasSubstr;
using vm::MachineKind;

/// dnsmasq on the tap device: one address to give, some names to tell, and options of DHCP. Of
/// itself it calls itself the router.
class NameServer {
public:
  explicit NameServer(const std::vector<std::string>& options = {})
      : process_({.arguments = arguments(options), .output = Stream::null, .error = Stream::pipe}) {
  }

private:
  static std::vector<std::string> arguments(const std::vector<std::string>& options) {
    std::vector<std::string> words{"dnsmasq",
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
                                   "--host-record=both.test,10.0.0.77,fd00::77",
                                   "--host-record=four.test,10.0.0.44",
                                   "--local=/test/"};
    for (const std::string& option : options)
      words.push_back("--dhcp-option=" + option);
    return words;
  }

  Process process_;
};

class Dhcp : public testing::Test {
protected:
  void SetUp() override {
    if (const std::string trouble = enter_private_network(); !trouble.empty())
      GTEST_SKIP() << trouble;
    for (const char* address : {"192.168.7.1/24", "192.168.8.1/24"})
      ASSERT_TRUE(run_client({"ip", "address", "add", address, "dev", "lo"}).status.success());
  }

  /// Whether a guest that has its address answers a ping from `source`: its answer finds a way
  /// there.
  static bool answers(const std::string& source, const std::string& patience = "60") {
    const Captured ping = run_client({"ping", "-c", "1", "-w", patience, "-I", source, "10.0.0.2"});
    return ping.status.success();
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

// Port 9 of 10.0.0.1 refuses: who learns that has reached it.
TEST_F(Dhcp, IsWaitedForByWhoMayBlock) {
  const auto guest = serve(MachineKind::q35, "connect", "connect at once: Network unreachable\n",
                           "ip=dhcp -- 10.0.0.1 9", use_private_network);
  const NameServer server;
  EXPECT_TRUE(guest->console().wait_for("connect with patience: Connection refused\n",
                                        deadline_in(patience)));
  EXPECT_THAT(guest->console().text(), HasSubstr("sendto at once: Network unreachable\n"));
  EXPECT_THAT(guest->console().text(), HasSubstr("sendto with patience: success\n"));
}

TEST_F(Dhcp, IsNotWaitedForLong) {
  const auto guest = serve(MachineKind::q35, "connect", "exit status 0", "ip=dhcp -- 10.0.0.1 9",
                           use_private_network);
  EXPECT_THAT(guest->console().text(), HasSubstr("sendto with patience: Network unreachable\n"));
  EXPECT_THAT(guest->console().text(), HasSubstr("connect with patience: Network unreachable\n"));
}

TEST_F(Dhcp, IsWaitedForByTheResolver) {
  const auto guest = serve(MachineKind::q35, "resolve", "no DHCP server has answered yet",
                           "ip=dhcp -- four.test", use_private_network);
  const NameServer server;
  EXPECT_TRUE(guest->console().wait_for("four.test is 10.0.0.44\n", deadline_in(patience)));
}

TEST_F(Dhcp, TellsTheRouter) {
  const NameServer server;
  const auto guest =
      serve(MachineKind::q35, "http_server", "address 10.0.0.2", "ip=dhcp", use_private_network);
  EXPECT_TRUE(answers("192.168.7.1"));
  EXPECT_TRUE(answers("192.168.8.1"));
}

TEST_F(Dhcp, TellsNoRouterAndNoRoutes) {
  const NameServer server({"option:router"}); // an empty value: it is not sent
  const auto guest =
      serve(MachineKind::q35, "http_server", "address 10.0.0.2", "ip=dhcp", use_private_network);
  EXPECT_TRUE(answers("10.0.0.1"));
  EXPECT_FALSE(answers("192.168.7.1", "2"));
}

TEST_F(Dhcp, TellsRoutesThatOutrankTheRouter) {
  const NameServer server({"option:classless-static-route,192.168.7.0/24,10.0.0.1"});
  const auto guest =
      serve(MachineKind::q35, "http_server", "address 10.0.0.2", "ip=dhcp", use_private_network);
  EXPECT_TRUE(answers("192.168.7.1"));
  EXPECT_FALSE(answers("192.168.8.1", "2")) << "the router is ignored where there are routes";
}

TEST_F(Dhcp, TellsRoutesWithoutARouter) {
  const NameServer server({"option:router", "option:classless-static-route,0.0.0.0/0,10.0.0.1"});
  const auto guest =
      serve(MachineKind::q35, "http_server", "address 10.0.0.2", "ip=dhcp", use_private_network);
  EXPECT_TRUE(answers("192.168.7.1"));
}

TEST_F(Dhcp, TellsTheMtu) {
  const NameServer server({"option:mtu,1450"});
  const auto guest = serve(MachineKind::q35, "http_server", "address 10.0.0.2, MTU 1450", "ip=dhcp",
                           use_private_network);
  // Its answers do not fit one packet. One of 1428 bytes ends in the six of an MTU of 1450 that no
  // fragment holds.
  for (const char* size : {"1400", "1420", "1430", "2000"}) {
    const Captured ping = run_client({"ping", "-c", "1", "-s", size, "-w", "60", "10.0.0.2"});
    EXPECT_THAT(ping.output, HasSubstr(" 0% packet loss")) << ping.output;
  }
}

} // namespace
} // namespace skerry::test
