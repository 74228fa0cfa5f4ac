// SPDX-License-Identifier: Apache-2.0
// Minutes of connections that come and go at servers of others: what they have in use afterwards is
// what they had before. Only under `skerry test --long`.
#include "private_network.hpp"
#include "served.hpp"

#include <cstdio>
#include <functional>
#include <gmock/gmock.h>
#include <regex>

namespace skerry::test {
namespace {

using Words = std::vector<std::string>;

/// From a line that the kernel writes each second (`status=1`).
struct State {
  std::uint64_t free_kib = 0;
  std::uint64_t descriptors = 0;
  std::uint64_t threads = 0;
};

class Soaked {
public:
  Soaked(std::string_view image_name, std::string_view sign, std::uint64_t memory_mib)
      : guest_(serve(vm::MachineKind::q35, image_name, sign,
                     std::string(private_addresses) + " status=1", [&](vm::Machine& machine) {
                       use_private_network(machine);
                       machine.memory_bytes = memory_mib << 20;
                     })) {}

  /// The next line.
  State state() {
    static const std::regex line(
        "status: ([0-9]+) KiB free, ([0-9]+) descriptors, ([0-9]+) threads");
    const auto found = guest_->console().wait_for(line, deadline_in(patience));
    if (!found)
      throw std::runtime_error("no line of the kernel's state: " + guest_->console().text());
    return {.free_kib = std::stoull((*found)[1]),
            .descriptors = std::stoull((*found)[2]),
            .threads = std::stoull((*found)[3])};
  }

  /// The state when all connections are gone: `idle` descriptors and no more.
  State settled(std::uint64_t idle) {
    State now = state();
    const Deadline deadline = deadline_in(patience);
    while (now.descriptors != idle && std::chrono::steady_clock::now() < deadline)
      now = state();
    return now;
  }

private:
  std::unique_ptr<vm::Guest> guest_;
};

void run_load(Words words) {
  const Captured result = run_client(std::move(words));
  EXPECT_TRUE(result.status.success()) << result.status.describe() << result.error;
  EXPECT_THAT(result.output + result.error,
              testing::Not(testing::ContainsRegex("[Ee]rror|Non-2xx|timeout [1-9]")));
}

void load_by_wrk(const std::string& path, const std::string& connections, const char* header,
                 const char* duration) {
  run_load({"wrk", "--threads", "1", "--connections", connections, "--duration", duration,
            "--timeout", "60s", "--header", header, "http://10.0.0.2" + path});
}

/// Loads the server a first time, which fills caches and lists of free memory, and then `rounds`
/// times; a limit that is larger than what is lost once and smaller than what is lost each round.
void soak(Soaked& server, unsigned rounds, const std::function<void()>& load) {
  constexpr std::uint64_t tolerated_kib = 1024;
  const State idle = server.state();
  load();
  const State before = server.settled(idle.descriptors);
  for (unsigned round = 0; round < rounds; ++round)
    load();
  const State after = server.settled(idle.descriptors);
  std::printf(
      "%llu KiB free after one round, %llu KiB after %u more; %llu descriptors, then %llu\n",
      static_cast<unsigned long long>(before.free_kib),
      static_cast<unsigned long long>(after.free_kib), rounds,
      static_cast<unsigned long long>(idle.descriptors),
      static_cast<unsigned long long>(after.descriptors));
  EXPECT_EQ(after.descriptors, idle.descriptors);
  EXPECT_EQ(after.threads, before.threads);
  EXPECT_LT(before.free_kib - std::min(before.free_kib, after.free_kib), tolerated_kib);
}

class Soak : public testing::Test {
protected:
  void SetUp() override {
    if (const std::string trouble = enter_private_network(); !trouble.empty())
      GTEST_SKIP() << trouble;
  }
};

// Named as ctest wants it: by the program whose image has to be built before.
using LongRedisSoak = Soak;
using LongNginxSoak = Soak;
using LongBeastSoak = Soak;

TEST_F(LongRedisSoak, GivesBackWhatItTook) {
  Soaked server("redis", "Ready to accept connections", 256);
  const auto benchmark = [](const char* requests, const char* keep_alive) {
    run_load({"redis-benchmark", "-h", "10.0.0.2", "-q", "-c", "50", "-n", requests, "-k",
              keep_alive, "-r", "1000", "-d", "512", "-t",
              "set,get,incr,sadd,hset,spop,zadd,zpopmin,mset"});
  };
  soak(server, 20, [&] {
    benchmark("400", "0"); // a connection for each request
    benchmark("4000", "1");
  });
}

TEST_F(LongNginxSoak, GivesBackWhatItTook) {
  Soaked server("nginx", "using the \"epoll\" event method", 64);
  soak(server, 6, [] {
    load_by_wrk("/", "32", "Connection: close", "3s");
    load_by_wrk("/", "32", "X: y", "5s");
    load_by_wrk("/large.txt", "16", "Connection: close", "5s");
  });
}

TEST_F(LongBeastSoak, GivesBackWhatItTook) {
  Soaked server("http", "boot: Skerry", 64);
  soak(server, 6, [] {
    load_by_wrk("/index.html", "32", "Connection: close", "3s");
    load_by_wrk("/index.html", "32", "X: y", "5s");
  });
}

} // namespace
} // namespace skerry::test
