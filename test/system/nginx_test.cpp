// SPDX-License-Identifier: Apache-2.0
// nginx as it is upstream, with the clients that people have.
#include "private_network.hpp"
#include "served.hpp"
#include "support/file.hpp"

#include <gmock/gmock.h>
#include <regex>

namespace skerry::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class Nginx : public testing::Test {
protected:
  void SetUp() override {
    if (const std::string trouble = enter_private_network(); !trouble.empty())
      GTEST_SKIP() << trouble;
    guest_ = serve(vm::MachineKind::q35, "nginx", "using the \"epoll\" event method",
                   private_addresses, use_private_network);
  }

  void TearDown() override {
    if (guest_ != nullptr)
      EXPECT_THAT(guest_->console().text(),
                  Not(testing::ContainsRegex("\\[(alert|crit|emerg)\\]")));
  }

  vm::Guest& guest() { return *guest_; }

private:
  std::unique_ptr<vm::Guest> guest_;
};

/// What curl prints for `path`.
std::string fetch(const std::string& path, std::vector<std::string> options = {}) {
  std::vector<std::string> words{"curl", "-s", "--max-time", "60"};
  words.insert(words.end(), options.begin(), options.end());
  words.push_back("http://10.0.0.2" + path);
  const Captured result = run_client(std::move(words));
  EXPECT_TRUE(result.status.success()) << path << ": " << result.status.describe() << result.error;
  return result.output;
}

std::string file_of_root(const char* path) {
  return read_text(image("nginx").parent_path() / "../../nginx-root" / path);
}

/// The number behind `name` on the page of stub_status.
std::uint64_t number_in_status(const std::string& pattern) {
  const std::string page = fetch("/status");
  std::smatch match;
  if (!std::regex_search(page, match, std::regex(pattern)))
    throw std::runtime_error("no " + pattern + " in: " + page);
  return std::stoull(match[1]);
}

TEST_F(Nginx, ServesFilesOfTheRoot) {
  const std::string page = fetch("/", {"-i"});
  EXPECT_THAT(page, HasSubstr("HTTP/1.1 200 OK"));
  EXPECT_THAT(page, HasSubstr("Content-Type: text/html"));
  EXPECT_TRUE(page.ends_with(file_of_root("srv/index.html"))) << page;
  EXPECT_THAT(fetch("/none", {"-i"}), HasSubstr("404 Not Found"));
  EXPECT_THAT(fetch("/../etc/nginx/nginx.conf", {"-i", "--path-as-is"}), HasSubstr("400 Bad"));
  EXPECT_THAT(fetch("/", {"-I"}), HasSubstr("200 OK"));
  std::smatch tag;
  ASSERT_TRUE(std::regex_search(page, tag, std::regex("ETag: (\\S+)")));
  EXPECT_THAT(fetch("/", {"-i", "-H", "If-None-Match: " + tag[1].str()}),
              HasSubstr("304 Not Modified"));
  EXPECT_EQ(fetch("/", {"--compressed", "-H", "Accept-Encoding: gzip"}),
            file_of_root("srv/index.html"));
}

TEST_F(Nginx, ServesLargeFilesAndRanges) {
  const std::string large = file_of_root("srv/large.txt");
  EXPECT_TRUE(fetch("/large.txt") == large);
  EXPECT_EQ(fetch("/large.txt", {"-r", "1000000-1000099"}), large.substr(1'000'000, 100));
  EXPECT_EQ(fetch("/large.txt", {"-r", "-100"}), large.substr(large.size() - 100));
  EXPECT_THAT(fetch("/large.txt", {"-I", "-r", "99999999-"}), HasSubstr("416 Requested Range"));
  EXPECT_TRUE(fetch("/large.txt", {"--compressed"}) == large) << "compressed on the way";
  EXPECT_TRUE(fetch("/large.txt", {"--limit-rate", "16M"}) == large) << "to a slow reader";
}

TEST_F(Nginx, AnswersLoad) {
  const auto before = number_in_status("\\s\\d+ \\d+ (\\d+)");
  for (const char* header : {"X: y", "Accept-Encoding: gzip", "Connection: close"}) {
    const Captured result = run_client(
        {"wrk", "-t1", "-c64", "-d2s", "--timeout", "30s", "-H", header, "http://10.0.0.2/"});
    EXPECT_TRUE(result.status.success()) << result.error;
    EXPECT_THAT(result.output, Not(HasSubstr("Socket errors"))) << result.output;
    EXPECT_THAT(result.output, Not(HasSubstr("Non-2xx"))) << result.output;
  }
  EXPECT_GT(number_in_status("\\s\\d+ \\d+ (\\d+)"), before + 1000);
  EXPECT_EQ(number_in_status("Active connections: (\\d+)"), 1U);
}

TEST_F(Nginx, EndsWhenThePowerButtonIsPressed) {
  EXPECT_THAT(fetch("/", {"-i"}), HasSubstr("200 OK"));
  guest().press_power_button();
  EXPECT_EQ(guest().wait_until(deadline_in(patience)), vm::GuestResult(0))
      << guest().console().text();
}

} // namespace
} // namespace skerry::test
