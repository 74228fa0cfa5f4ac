// SPDX-License-Identifier: Apache-2.0
// Namespaces for tests; see the header.
#include "private_network.hpp"

#include <cstring>
#include <format>
#include <fstream>
#include <sched.h>
#include <unistd.h>

namespace skerry::test {
namespace {

constexpr const char* tap = "tap0";

/// As an ordinary user one is root of a namespace of users only.
void map_user(uid_t user, gid_t group) {
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/uid_map") << std::format("0 {} 1", user);
  std::ofstream("/proc/self/gid_map") << std::format("0 {} 1", group);
}

std::string ip(std::vector<std::string> words) {
  words.insert(words.begin(), "ip");
  const Captured result = run_client(std::move(words));
  return result.status.success() ? "" : result.error;
}

} // namespace

Captured run_client(std::vector<std::string> arguments) {
  return run_captured(
      {.arguments = std::move(arguments), .output = Stream::pipe, .error = Stream::pipe},
      deadline_in(patience));
}

std::string enter_private_network() {
  const uid_t user = getuid();
  const gid_t group = getgid();
  if (unshare(CLONE_NEWNET) != 0) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
      return std::format("no network namespace: {}", std::strerror(errno));
    map_user(user, group);
  }
  const std::vector<std::vector<std::string>> steps{
      {"link", "set", "lo", "up"},
      {"tuntap", "add", tap, "mode", "tap"},
      {"address", "add", "10.0.0.1/24", "dev", tap},
      {"-6", "address", "add", "fd00::1/64", "dev", tap, "nodad"},
      {"link", "set", tap, "up"}};
  for (const auto& step : steps)
    if (const std::string trouble = ip(step); !trouble.empty())
      return trouble;
  // Clients that open thousands of connections leave their ports in TIME-WAIT for a minute. Where
  // the file may not be written the default has to do.
  std::ofstream("/proc/sys/net/ipv4/ip_local_port_range") << "1024 65535";
  return {};
}

void use_private_network(vm::Machine& machine) {
  machine.network = vm::TapNetwork{.interface = tap};
}

} // namespace skerry::test
