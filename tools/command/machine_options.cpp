// SPDX-License-Identifier: Apache-2.0
// The options that describe a machine; see the header.
#include "command/machine_options.hpp"

#include "support/failure.hpp"
#include "support/parse.hpp"

#include <algorithm>

namespace skerry::command {
namespace {

constexpr std::uint64_t least_memory = std::uint64_t{1} << 20;
constexpr std::uint64_t most_memory = std::uint64_t{1} << 40;
constexpr std::uint64_t most_cpus = 255;
constexpr std::uint64_t longest_limit = 30ULL * 24 * 3600;

} // namespace

vm::Machine to_machine(const MachineOptions& options) {
  std::vector<vm::PortForward> forwards;
  forwards.reserve(options.ports.size());
  for (const std::string& port : options.ports)
    forwards.push_back(vm::parse_forward("--port", port));
  vm::Machine machine;
  machine.kind = vm::parse_machine("--machine", options.machine);
  machine.memory_bytes = parse_size("--memory", options.memory.empty() ? "64M" : options.memory,
                                    least_memory, most_memory);
  machine.cpus = static_cast<unsigned>(parse_number("--cpus", options.cpus, 1, most_cpus));
  machine.kvm = vm::parse_kvm("--kvm", options.kvm);
  machine.network = vm::parse_network("--net", options.network, std::move(forwards));
  if (!options.ports.empty() && options.network != "user")
    throw Failure("--port {}: ports are forwarded only with --net user, not with --net {}",
                  options.ports.front(), options.network);
  return machine;
}

void suit(vm::Machine& machine, const MachineOptions& options, const ImageInfo& image) {
  if (options.memory.empty() && image.memory_bytes)
    machine.memory_bytes = std::clamp(*image.memory_bytes, least_memory, most_memory);
}

std::optional<std::chrono::seconds> time_limit(const MachineOptions& options) {
  if (options.timeout.empty())
    return std::nullopt;
  return std::chrono::seconds(parse_number("--timeout", options.timeout, 1, longest_limit));
}

} // namespace skerry::command
