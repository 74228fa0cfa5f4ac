// SPDX-License-Identifier: Apache-2.0
// The network on a tap device of a namespace: reachability, bulk, load, little memory.
#include "private_network.hpp"
#include "served.hpp"
#include "stream_client.hpp"

#include <future>
#include <gmock/gmock.h>
#include <regex>
#include <sys/socket.h>
#include <vector>

namespace skerry::test {
namespace {

using testing::HasSubstr;
using vm::MachineKind;

class PrivateNetwork : public testing::Test {
protected:
  void SetUp() override {
    if (const std::string trouble = enter_private_network(); !trouble.empty())
      GTEST_SKIP() << trouble;
  }

  static std::unique_ptr<vm::Guest> start(std::string_view image, std::string_view sign,
                                          std::uint64_t memory = std::uint64_t{64} << 20) {
    return serve(MachineKind::q35, image, sign, private_addresses, [=](vm::Machine& machine) {
      use_private_network(machine);
      machine.memory_bytes = memory;
    });
  }
};

/// wrk's report after so many seconds; fails the test on any error that it counted.
std::string load(const std::string& connections, const std::string& seconds,
                 const std::string& header) {
  const Captured result = run_client({"wrk", "-t1", "-c" + connections, "-d" + seconds + "s",
                                      "--timeout", "30s", "-H", header, "http://10.0.0.2/"});
  EXPECT_TRUE(result.status.success()) << result.error;
  EXPECT_THAT(result.output, testing::Not(HasSubstr("Socket errors"))) << result.output;
  EXPECT_THAT(result.output, testing::Not(HasSubstr("Non-2xx"))) << result.output;
  return result.output;
}

/// Two clients at once: connections that stay, and connections of one request each. Of the latter a
/// few: more, and the client's ports are all in TIME-WAIT.
void load_mixed(const std::string& staying, const std::string& seconds,
                const std::string& closing) {
  const auto other =
      std::async(std::launch::async, [&] { load(closing, seconds, "Connection: close"); });
  load(staying, seconds, "X: y");
  other.wait();
}

/// The number behind `name` on the server's page.
std::uint64_t number_on_page(const std::string& name) {
  const Captured page = run_client({"curl", "-s", "--max-time", "60", "http://10.0.0.2/"});
  std::smatch match;
  if (!std::regex_search(page.output, match, std::regex(name + " ([0-9]+)")))
    throw std::runtime_error("the page has no " + name + ": " + page.output);
  return std::stoull(match[1]);
}

// With -w in the place of -W ping would go on asking until all is answered, and count what a slow
// machine has not answered by then as lost.
TEST_F(PrivateNetwork, AnswersPingOnBothFamilies) {
  const auto guest = start("http_server", "listening");
  for (const char* address : {"10.0.0.2", "fd00::2"}) {
    const Captured ping = run_client({"ping", "-c", "20", "-i", "0.01", "-W", "60", address});
    EXPECT_THAT(ping.output, HasSubstr(" 0% packet loss")) << ping.output << ping.error;
  }
  // Larger than a frame: fragments go and come.
  const Captured large =
      run_client({"ping", "-c", "3", "-i", "0.01", "-s", "4000", "-W", "60", "10.0.0.2"});
  EXPECT_THAT(large.output, HasSubstr(" 0% packet loss")) << large.output;
}

TEST_F(PrivateNetwork, ServesHttpOverIpv6) {
  const auto guest = start("http_server", "listening");
  const Captured page = run_client({"curl", "-s", "--max-time", "60", "http://[fd00::2]/"});
  EXPECT_THAT(page.output, HasSubstr("requests 1\n"));
}

TEST_F(PrivateNetwork, EchoesDatagrams) {
  const auto guest = start("udp_echo", "listening");
  for (const std::size_t size : {0U, 1U, 1472U, 1473U, 9000U, 60000U})
    EXPECT_EQ(echo_datagram("10.0.0.2", 7, size), size);
}

TEST_F(PrivateNetwork, MovesHundredMegabytesBothWays) {
  const auto guest = start("tcp_echo", "listening");
  EXPECT_EQ(echo_stream("10.0.0.2", 7, std::uint64_t{100} << 20), "");
}

TEST_F(PrivateNetwork, TakesLoadAndGivesMemoryBack) {
  const auto guest = start("http_server", "listening");
  load("64", "2", "X: y"); // caches of the allocators fill
  load("8", "2", "Connection: close");
  const std::uint64_t before = number_on_page("memory");
  load("64", "4", "X: y");
  load("16", "4", "Connection: close");
  const std::uint64_t after = number_on_page("memory");
  EXPECT_GT(number_on_page("requests"), 1000U);
  EXPECT_LT(before > after ? before - after : 0, 512U) << "KiB were not given back";
}

TEST_F(PrivateNetwork, ServesKeepAliveAndCloseAtOnceAndGivesMemoryBack) {
  const auto guest = start("http_server", "listening");
  load_mixed("64", "2", "16");
  const std::uint64_t before = number_on_page("memory");
  constexpr unsigned most_rounds = 100; // of 2 s: this ends
  for (unsigned round = 0; round < most_rounds && number_on_page("requests") < 20'000; ++round)
    load_mixed("48", "2", "16");
  EXPECT_GE(number_on_page("requests"), 20'000U);
  const std::uint64_t after = number_on_page("memory");
  EXPECT_LT(before > after ? before - after : 0, 512U) << "KiB were not given back";
}

TEST_F(PrivateNetwork, ServesManyConnectionsInEightMebibytes) {
  const auto guest = start("http_server", "listening", std::uint64_t{8} << 20);
  for (std::uint64_t requests = 0; requests < 10'000; requests = number_on_page("requests"))
    load("64", "1", "X: y");
}

/// Clients that ask for many pages and read none of them.
class NonReaders {
public:
  explicit NonReaders(std::size_t count) {
    std::string requests;
    for (int i = 0; i < 100; ++i)
      requests += "GET / HTTP/1.1\r\n\r\n";
    for (std::size_t i = 0; i < count; ++i) {
      clients_.push_back(connect_to("10.0.0.2", 80, SOCK_STREAM));
      for (int part = 0; part < 40; ++part)
        if (::send(clients_.back().get(), requests.data(), requests.size(),
                   MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
          break; // the server takes no more
    }
  }

private:
  std::vector<FileDescriptor> clients_;
};

TEST_F(PrivateNetwork, ServesOthersWhileManyDoNotReadAndGivesMemoryBack) {
  const auto guest = start("http_server", "listening", std::uint64_t{16} << 20);
  std::uint64_t before = 0;
  for (int round = 0; round < 2; ++round) {
    {
      const NonReaders clients(200);
      for (int i = 0; i < 20; ++i)
        EXPECT_GT(number_on_page("requests"), 200U);
    }
    if (round == 0)
      before = number_on_page("memory"); // caches of the allocators are full
  }
  const Deadline deadline = deadline_in(std::chrono::seconds(60));
  while (number_on_page("memory") + 512 < before)
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "KiB were not given back";
}

/// Minutes: only under `skerry test --long`.
class LongPrivateNetwork : public PrivateNetwork {};

TEST_F(LongPrivateNetwork, ServesAMillionRequestsInOneBootAndGivesMemoryBack) {
  const auto guest = start("http_server", "listening");
  load_mixed("64", "5", "16");
  const std::uint64_t before = number_on_page("memory");
  constexpr unsigned most_rounds = 200; // of 10 s: this ends
  unsigned round = 0;
  for (; round < most_rounds && number_on_page("requests") < 1'000'000; ++round) {
    load_mixed("64", "10", "4");
  }
  const std::uint64_t requests = number_on_page("requests");
  const std::uint64_t after = number_on_page("memory");
  std::printf("%llu requests in %u rounds of 10 s, %llu KiB free before and %llu KiB after\n",
              static_cast<unsigned long long>(requests), round,
              static_cast<unsigned long long>(before), static_cast<unsigned long long>(after));
  EXPECT_GE(requests, 1'000'000U);
  EXPECT_LT(before > after ? before - after : 0, 512U) << "KiB were not given back";
}

} // namespace
} // namespace skerry::test
