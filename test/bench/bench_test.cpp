// SPDX-License-Identifier: Apache-2.0
// What the example server costs, printed: instructions of the guest, which repeat within some
// hundredths, and times, which say something of this machine only and are never asserted.
#include "../system/private_network.hpp"
#include "../system/served.hpp"
#include "instruction_counter.hpp"

#include <chrono>
#include <format>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>
#include <print>
#include <sstream>
#include <thread>
#include <unistd.h>

namespace skerry::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::duration;

constexpr const char* sign = "listening";

/// Processor time of a process, user and system, in seconds.
double processor_seconds(pid_t process) {
  std::ifstream file(std::format("/proc/{}/stat", process));
  const std::string all((std::istreambuf_iterator<char>(file)), {});
  std::istringstream words(all.substr(all.rfind(')') + 2)); // from the state on
  std::vector<std::string> fields;
  for (std::string word; words >> word;)
    fields.push_back(word);
  constexpr std::size_t user_ticks = 11; // field 14 of proc(5)
  return static_cast<double>(std::stoull(fields.at(user_ticks)) +
                             std::stoull(fields.at(user_ticks + 1))) /
         static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// Requests that wrk has had answered.
std::uint64_t requests_of_load(const std::string& connections, const std::string& seconds) {
  const Captured result = run_client({"wrk", "-t1", "-c" + connections, "-d" + seconds + "s",
                                      "--timeout", "30s", "http://10.0.0.2/"});
  EXPECT_THAT(result.output, testing::Not(testing::HasSubstr("Socket errors"))) << result.output;
  const std::size_t end = result.output.find(" requests in ");
  if (end == std::string::npos)
    throw std::runtime_error("wrk: " + result.output + result.error);
  return std::stoull(result.output.substr(result.output.rfind(' ', end - 1) + 1));
}

bool replies() {
  return run_client({"curl", "-sf", "--max-time", "20", "http://10.0.0.2/"}).status.success();
}

class LongBench : public testing::Test {
protected:
  void SetUp() override {
    if (const std::string trouble = enter_private_network(); !trouble.empty())
      GTEST_SKIP() << trouble;
  }

  [[nodiscard]] std::unique_ptr<vm::Guest> start_counted() const {
    return serve(vm::MachineKind::q35, "http_server", sign, private_addresses,
                 [this](vm::Machine& machine) {
                   use_private_network(machine);
                   counter.attach(machine, INSTRUCTION_COUNTER);
                 });
  }

  InstructionCounter counter;
};

TEST_F(LongBench, InstructionsOfARequest) {
  const auto guest = start_counted();
  for (const std::string connections : {"1", "64"}) {
    (void)requests_of_load(connections, "1");
    const std::uint64_t before = counter.read();
    const std::uint64_t requests = requests_of_load(connections, "5");
    const std::uint64_t each = (counter.read() - before) / std::max<std::uint64_t>(requests, 1);
    std::println("{:>2} keep-alive connections: {} instructions a request ({} requests)",
                 connections, each, requests);
    RecordProperty("instructions_a_request_at_" + connections, std::to_string(each));
    EXPECT_GT(each, 0U) << "the plugin counts nothing";
    EXPECT_LE(each, 15'000U);
  }
}

TEST_F(LongBench, Idle) {
  const auto guest = start_counted();
  ASSERT_TRUE(replies());
  constexpr std::chrono::seconds span(10);
  const std::uint64_t before = counter.read();
  const double used_before = processor_seconds(guest->process_id());
  const auto start = Clock::now();
  std::this_thread::sleep_for(span); // what is measured
  const double seconds = duration<double>(Clock::now() - start).count();
  std::println("idle: {:.0f} instructions a second, {:.2f} % of a processor",
               static_cast<double>(counter.read() - before) / seconds,
               (processor_seconds(guest->process_id()) - used_before) / seconds * 100);
}

TEST_F(LongBench, StartToFirstLineAndFirstReply) {
  for (int run = 0; run < 3; ++run) {
    vm::Machine machine{
        .boot = vm::KernelBoot{.image = image("http_server"), .command_line = private_addresses}};
    use_private_network(machine);
    counter.attach(machine, INSTRUCTION_COUNTER);
    const auto start = Clock::now();
    vm::Guest guest(machine);
    ASSERT_TRUE(guest.console().wait_for("\n", deadline_in(patience)));
    const double line_seconds = duration<double>(Clock::now() - start).count();
    const std::uint64_t line_instructions = counter.read();
    ASSERT_TRUE(guest.console().wait_for(sign, deadline_in(patience)));
    const std::uint64_t main_instructions = counter.read();
    ASSERT_TRUE(replies());
    std::println("first line after {:.3f} s and {} instructions, firmware included; main() has "
                 "begun after {}; first reply after {:.3f} s and {}",
                 line_seconds, line_instructions, main_instructions,
                 duration<double>(Clock::now() - start).count(), counter.read());
  }
}

TEST_F(LongBench, LeastMemory) {
  const auto serves_in = [](std::uint64_t kibibytes) {
    vm::Machine machine{
        .boot = vm::KernelBoot{.image = image("http_server"), .command_line = private_addresses},
        .memory_bytes = kibibytes << 10};
    use_private_network(machine);
    vm::Guest guest(machine);
    return guest.console().wait_for(sign, deadline_in(patience)) && replies();
  };
  const auto says_hello_in = [](std::uint64_t kibibytes) {
    return boot(Way::q35, "hello", "", [=](vm::Machine& machine) {
             machine.memory_bytes = kibibytes << 10;
           }).status == 0;
  };
  const auto least = [](auto&& works) {
    constexpr std::uint64_t step = 128;
    std::uint64_t too_little = 1024;
    std::uint64_t enough = 16384;
    while (enough - too_little > step) {
      const std::uint64_t middle = (too_little + enough) / 2 / step * step;
      (works(middle) ? enough : too_little) = middle;
    }
    return enough;
  };
  std::println("least memory on q35: hello {} KiB, http_server with a reply {} KiB",
               least(says_hello_in), least(serves_in));
}

} // namespace
} // namespace skerry::test
