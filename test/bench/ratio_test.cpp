// SPDX-License-Identifier: Apache-2.0
// Redis and nginx here and as Debian's own builds of the same versions in a Linux guest, side by
// side: rounds of the same load at one and then the other. Rates are printed as ratios, beside the
// instructions of the guests, which say more on a machine that others use. Nothing is asserted but
// that all requests are answered.
#include "../system/private_network.hpp"
#include "../system/served.hpp"
#include "instruction_counter.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <gmock/gmock.h>
#include <map>
#include <print>
#include <regex>

namespace skerry::test {
namespace {

using Words = std::vector<std::string>;

constexpr int rounds = 5;
constexpr std::uint64_t memory = std::uint64_t{256} << 20;

/// Which of the two; each has a network of its own.
enum Side : std::size_t { linux_guest, skerry_image };
constexpr std::array sides{linux_guest, skerry_image};
constexpr std::array addresses{"10.0.1.2", "10.0.0.2"};

/// The Linux guest's parts, made when they are missing: needs the archive of packages.
std::filesystem::path linux_folder() {
  const std::filesystem::path folder = IMAGES_FOLDER "/../linux_guest";
  if (!std::filesystem::exists(folder / "nginx")) {
    const Captured made = run_client({"sh", SOURCE_FOLDER "/test/bench/linux_guest.sh",
                                      folder.string(), SOURCE_FOLDER "/examples/nginx/root"});
    if (!made.status.success())
      throw std::runtime_error("no Linux guest: " + made.error);
  }
  return folder;
}

void add_second_tap() {
  for (const Words& words : {Words{"tuntap", "add", "tap1", "mode", "tap"},
                             Words{"address", "add", "10.0.1.1/24", "dev", "tap1"},
                             Words{"link", "set", "tap1", "up"}}) {
    Words all{"ip"};
    all.insert(all.end(), words.begin(), words.end());
    const Captured done = run_client(std::move(all));
    ASSERT_TRUE(done.status.success()) << done.error;
  }
}

/// Both guests, up.
class Pair {
public:
  Pair(const std::string& service, std::string_view sign, bool is_counted) {
    const auto folder = linux_folder();
    const std::string trouble = enter_private_network();
    if (!trouble.empty())
      throw std::runtime_error(trouble);
    add_second_tap();
    for (const Side side : sides) {
      vm::Machine machine;
      machine.memory_bytes = memory;
      if (side == linux_guest) {
        machine.boot = vm::KernelBoot{.image = folder / "vmlinuz",
                                      .command_line =
                                          "console=ttyS0 quiet mitigations=off address=10.0.1.2/24",
                                      .module = folder / service};
        machine.network = vm::TapNetwork{.interface = "tap1"};
        machine.mac_address = "52:54:00:12:34:57";
      } else {
        machine.boot = vm::KernelBoot{.image = image(service), .command_line = private_addresses};
        use_private_network(machine);
      }
      if (is_counted)
        counters_.at(side).attach(machine, INSTRUCTION_COUNTER);
      guests_.at(side) = std::make_unique<vm::Guest>(machine);
      if (!guests_.at(side)->console().wait_for(sign, deadline_in(patience)))
        throw std::runtime_error(service + " never showed \"" + std::string(sign) +
                                 "\": " + guests_.at(side)->console().text());
    }
  }

  [[nodiscard]] std::uint64_t instructions(Side side) const { return counters_.at(side).read(); }

private:
  std::array<InstructionCounter, 2> counters_;
  std::array<std::unique_ptr<vm::Guest>, 2> guests_;
};

/// What a load came to.
struct Load {
  double rate = 0; ///< requests a second
  std::uint64_t requests = 0;
};
using Loads = std::map<std::string, std::function<Load(const std::string& address)>>;

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values.at(values.size() / 2);
}

void print_rates(const Loads& loads) {
  for (const auto& [name, load] : loads) {
    std::array<std::vector<double>, 2> rates;
    for (int round = 0; round < rounds; ++round)
      for (const Side side : sides)
        rates.at(side).push_back(load(addresses.at(side)).rate);
    const double there = median(rates[linux_guest]);
    const double here = median(rates[skerry_image]);
    std::println("{:<32} {:>9.0f} a second by Linux, {:>9.0f} by Skerry: {:.2f} times", name, there,
                 here, here / there);
  }
}

void print_instructions(const Pair& pair, const Loads& loads) {
  for (const auto& [name, load] : loads) {
    std::array<double, 2> each{};
    for (const Side side : sides) {
      (void)load(addresses.at(side));
      const std::uint64_t before = pair.instructions(side);
      const std::uint64_t requests = load(addresses.at(side)).requests;
      each.at(side) = static_cast<double>(pair.instructions(side) - before) /
                      static_cast<double>(std::max<std::uint64_t>(requests, 1));
    }
    std::println("{:<32} {:>9.0f} instructions by Linux, {:>9.0f} by Skerry: {:.2f} times fewer",
                 name, each[linux_guest], each[skerry_image],
                 each[linux_guest] / each[skerry_image]);
  }
}

std::string first_group(const std::string& text, const char* pattern) {
  std::smatch match;
  if (!std::regex_search(text, match, std::regex(pattern)))
    throw std::runtime_error(std::string(pattern) + " is not in: " + text);
  return match[1];
}

Load by_wrk(const std::string& address, const char* connections, const char* header) {
  const Captured result =
      run_client({"wrk", "--threads", "1", "--connections", connections, "--duration", "3s",
                  "--timeout", "60s", "--header", header, "http://" + address + "/"});
  EXPECT_THAT(result.output, testing::Not(testing::ContainsRegex("Socket errors|Non-2xx")));
  return {.rate = std::stod(first_group(result.output, "Requests/sec: +([0-9.]+)")),
          .requests = std::stoull(first_group(result.output, "([0-9]+) requests in"))};
}

Load by_redis_benchmark(const std::string& address, const char* command, const char* clients,
                        const char* pipeline, const char* requests) {
  const Captured result =
      run_client({"redis-benchmark", "-h", address, "-t", command, "-c", clients, "-P", pipeline,
                  "-n", requests, "-r", "10000", "-d", "64", "--csv"});
  EXPECT_THAT(result.output + result.error, testing::Not(testing::ContainsRegex("[Ee]rror")));
  return {.rate = std::stod(first_group(result.output, "\n\"[A-Z]+[^\"]*\",\"([0-9.]+)\"")),
          .requests = std::stoull(requests)};
}

Loads loads_of_redis() {
  Loads loads;
  for (const char* command : {"get", "set"}) {
    const std::string name = command;
    loads[name + ", 1 client"] = [=](const std::string& address) {
      return by_redis_benchmark(address, command, "1", "1", "3000");
    };
    loads[name + ", 50 clients"] = [=](const std::string& address) {
      return by_redis_benchmark(address, command, "50", "1", "20000");
    };
    loads[name + ", 50 clients, 16 at once"] = [=](const std::string& address) {
      return by_redis_benchmark(address, command, "50", "16", "64000");
    };
  }
  return loads;
}

Loads loads_of_nginx() {
  return {
      {"1 connection", [](const std::string& a) { return by_wrk(a, "1", "X: y"); }},
      {"10 connections", [](const std::string& a) { return by_wrk(a, "10", "X: y"); }},
      {"64 connections", [](const std::string& a) { return by_wrk(a, "64", "X: y"); }},
      {"16, closed each time",
       [](const std::string& a) { return by_wrk(a, "16", "Connection: close"); }},
  };
}

constexpr const char* redis_sign = "Ready to accept connections";
constexpr const char* nginx_sign = "using the \"epoll\" event method";

TEST(LongRedisRatio, OfRates) {
  const Pair pair("redis", redis_sign, false);
  print_rates(loads_of_redis());
}

TEST(LongRedisRatio, OfInstructions) {
  const Pair pair("redis", redis_sign, true);
  print_instructions(pair, loads_of_redis());
}

TEST(LongNginxRatio, OfRates) {
  const Pair pair("nginx", nginx_sign, false);
  print_rates(loads_of_nginx());
}

TEST(LongNginxRatio, OfInstructions) {
  const Pair pair("nginx", nginx_sign, true);
  print_instructions(pair, loads_of_nginx());
}

} // namespace
} // namespace skerry::test
