// SPDX-License-Identifier: Apache-2.0
// iperf as it is upstream: streams both ways at once, and datagrams, between an image and this
// machine. What is checked is what arrives, not how fast.
#include "private_network.hpp"
#include "served.hpp"

#include <format>
#include <gmock/gmock.h>
#include <sstream>

namespace skerry::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What iperf writes for each stream, as comma-separated values.
struct Row {
  int stream = 0; ///< -1 for the sum of several
  std::uint64_t bytes = 0;
};

std::vector<Row> rows_of(const std::string& text) {
  std::vector<Row> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> fields;
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');)
      fields.push_back(cell);
    if (fields.size() > 7)
      rows.push_back({.stream = std::stoi(fields[5]), .bytes = std::stoull(fields[7])});
  }
  return rows;
}

class Iperf : public testing::Test {
protected:
  void SetUp() override {
    if (const std::string trouble = enter_private_network(); !trouble.empty())
      GTEST_SKIP() << trouble;
  }

  static std::unique_ptr<vm::Guest> serve_iperf(const std::string& arguments) {
    return serve(vm::MachineKind::q35, "iperf", "Server listening on",
                 std::string(private_addresses) + arguments, use_private_network);
  }

  static std::string client(std::vector<std::string> options) {
    const std::vector<std::string> first{"iperf", "--client", "10.0.0.2"};
    options.insert(options.begin(), first.begin(), first.end());
    const Captured result = run_client(std::move(options));
    EXPECT_TRUE(result.status.success()) << result.status.describe() << result.error;
    EXPECT_THAT(result.output + result.error, Not(testing::ContainsRegex("failed|refused|WARN")));
    return result.output;
  }
};

TEST_F(Iperf, TakesAndSendsStreams) {
  constexpr std::uint64_t each = std::uint64_t{4} << 20;
  const auto guest = serve_iperf("");
  for (const char* direction : {"--num=4M", "--reverse"}) {
    const auto rows = rows_of(client({"--num=4M", direction, "--parallel=8", "--reportstyle=C"}));
    std::uint64_t sum = 0;
    int streams = 0;
    for (const Row& row : rows)
      if (row.stream > 0) {
        sum += row.bytes;
        ++streams;
      }
    EXPECT_EQ(streams, 8) << direction;
    EXPECT_GE(sum, 8 * each) << direction;
  }
}

TEST_F(Iperf, TakesAndSendsAtOnce) {
  const auto guest = serve_iperf("");
  const std::string report = client({"--time=3", "--full-duplex", "--parallel=2"});
  EXPECT_THAT(report, HasSubstr("full-duplex"));
  EXPECT_THAT(report, testing::ContainsRegex("\\[SUM\\].*(M|G)Bytes"));
}

// One stream, and a server of its own each way, for iperf 2.1.8 does no more on Linux either: it
// connects the socket it listens on to a new client and only then opens the next, so that of two
// who come together one is refused now and then; and a server that has taken datagrams sends none.
TEST_F(Iperf, CountsDatagrams) {
  for (const char* direction : {"--udp", "--reverse"}) {
    const auto guest = serve_iperf(" -- --udp");
    const std::string report = client({"--udp", direction, "--bandwidth=8m", "--time=2"});
    EXPECT_THAT(report, testing::ContainsRegex("/[1-9][0-9]+ \\(")) << direction;
    EXPECT_THAT(report, Not(HasSubstr("did not receive ack"))) << direction;
  }
}

} // namespace
} // namespace skerry::test
