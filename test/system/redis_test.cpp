// SPDX-License-Identifier: Apache-2.0
// Redis as it is upstream, on a tap device of a namespace: its client, its benchmark, and what an
// image says where Redis wants a second process.
#include "private_network.hpp"
#include "redis_service.hpp"
#include "support/file.hpp"

#include <algorithm>
#include <format>
#include <gmock/gmock.h>
#include <random>

namespace skerry::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class Redis : public testing::Test {
protected:
  void SetUp() override {
    if (const std::string trouble = enter_private_network(); !trouble.empty())
      GTEST_SKIP() << trouble;
  }
};

/// What redis-benchmark writes as comma-separated values; fails the test on any error.
std::string benchmark(std::vector<std::string> words) {
  const std::vector<std::string> first{"redis-benchmark", "-h", redis_address, "--csv"};
  words.insert(words.begin(), first.begin(), first.end());
  const Captured result = run_client(std::move(words));
  EXPECT_TRUE(result.status.success()) << result.status.describe() << result.error;
  EXPECT_THAT(result.output + result.error, Not(testing::ContainsRegex("[Ee]rror")));
  return result.output;
}

/// The number behind `name` in the text of INFO, or behind `name=` in that of CLIENT LIST.
std::uint64_t number_in(const std::string& text, const std::string& name) {
  const std::size_t at = text.find(name);
  if (at == std::string::npos)
    throw std::runtime_error(name + " is not in: " + text);
  return std::stoull(text.substr(at + name.size() + 1));
}

TEST_F(Redis, KeepsValuesOfAllSizes) {
  const auto guest = serve_redis();
  EXPECT_EQ(redis_cli({"ping"}), "PONG\n");
  EXPECT_EQ(redis_cli({"set", "small", "value"}), "OK\n");
  EXPECT_EQ(redis_cli({"get", "small"}), "value\n");

  std::string large(std::size_t{16} << 20, '\0');
  std::minstd_rand random(1);
  std::ranges::generate(large, [&] { return static_cast<char>('a' + random() % 26); });
  const TemporaryFolder folder;
  const auto file = folder.path() / "large";
  replace_file(file, std::string_view(large));
  const Captured set = run_client({"sh", "-c", "redis-cli -h \"$1\" -x set large < \"$2\"", "sh",
                                   redis_address, file.string()});
  EXPECT_EQ(set.output, "OK\n") << set.error;
  EXPECT_TRUE(redis_cli({"get", "large"}) == large + "\n") << "another value came back";
}

TEST_F(Redis, AnswersItsBenchmark) {
  const auto guest = serve_redis();
  const std::string plain =
      benchmark({"-n", "5000", "-c", "50", "-t", "set,get,incr,lpush,zadd,mset"});
  for (const char* row : {"\"SET\",", "\"GET\",", "\"INCR\",", "\"LPUSH\",", "\"ZADD\",", "\"MSET"})
    EXPECT_THAT(plain, HasSubstr(row));
  const std::string pipelined =
      benchmark({"-n", "30000", "-c", "50", "-P", "16", "-t", "set,get,incr"});
  for (const char* row : {"\"SET\",", "\"GET\",", "\"INCR\","})
    EXPECT_THAT(pipelined, HasSubstr(row));
  EXPECT_EQ(redis_cli({"get", "counter:__rand_int__"}), "35000\n");
}

TEST_F(Redis, TellsTheTimeOfTheHost) {
  using std::chrono::duration;
  using std::chrono::system_clock;
  const auto now = [] { return duration<double>(system_clock::now().time_since_epoch()).count(); };
  const auto guest = serve_redis();
  const double before = now();
  const std::string reply = redis_cli({"time"});
  const double after = now();
  const std::size_t line = reply.find('\n');
  const double time = std::stod(reply) + std::stod(reply.substr(line + 1)) / 1e6;
  // QEMU's battery-backed clock begins with the whole second in which QEMU was started, so it is
  // behind by up to one.
  EXPECT_GT(time, before - 1.5);
  EXPECT_LT(time, after + 0.5);
}

TEST_F(Redis, EndsTheMachineOnShutdown) {
  const auto guest = serve_redis();
  EXPECT_EQ(redis_cli({"shutdown"}), ""); // it waits until the connection ends
  EXPECT_EQ(guest->wait_until(deadline_in(patience)), vm::GuestResult(0))
      << guest->console().text();
}

TEST_F(Redis, SaysThatThereIsNoForkAndServesOn) {
  const auto guest = serve_redis();
  EXPECT_THAT(redis_cli({"bgsave"}), HasSubstr("ERR"));
  EXPECT_TRUE(guest->console().wait_for("Can't save in background: fork", deadline_in(patience)));
  EXPECT_THAT(guest->console().text(), HasSubstr("fork() is refused"));
  EXPECT_EQ(redis_cli({"ping"}), "PONG\n");
}

TEST_F(Redis, GivesBackWhatConnectionsTook) {
  const auto guest = serve_redis();
  const auto come_and_go = [] { benchmark({"-n", "2000", "-c", "50", "-k", "0", "-t", "get"}); };
  come_and_go(); // tables and caches grow
  const std::uint64_t memory = number_in(redis_cli({"info", "memory"}), "used_memory");
  const std::uint64_t descriptor = number_in(redis_cli({"client", "list"}), " fd");
  for (int round = 0; round < 5; ++round)
    come_and_go();
  EXPECT_GT(number_in(redis_cli({"info", "stats"}), "total_connections_received"), 12'000U);
  EXPECT_EQ(number_in(redis_cli({"info", "clients"}), "connected_clients"), 1U);
  EXPECT_EQ(number_in(redis_cli({"client", "list"}), " fd"), descriptor);
  const std::uint64_t later = number_in(redis_cli({"info", "memory"}), "used_memory");
  EXPECT_LT(later, memory + 65'536) << "bytes were not given back";
}

} // namespace
} // namespace skerry::test
