// SPDX-License-Identifier: Apache-2.0
// The words of machines, ports and networks; see the header.
#include "vm/machine.hpp"

#include "support/failure.hpp"
#include "support/parse.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace skerry::vm {
namespace {

constexpr std::array machine_names{
    std::pair{std::string_view("pc"), MachineKind::pc},
    std::pair{std::string_view("q35"), MachineKind::q35},
    std::pair{std::string_view("microvm"), MachineKind::microvm},
};

/// What Linux takes as an interface name, minus the comma that would end QEMU's option.
bool is_interface_name(std::string_view name) {
  return !name.empty() && name.size() < 16 && name != "." && name != ".." &&
         name.find_first_of("/:, \t\n") == std::string_view::npos;
}

} // namespace

MachineKind parse_machine(std::string_view option, std::string_view word) {
  for (const auto& [text, kind] : machine_names) {
    if (word == text)
      return kind;
  }
  throw Failure("{} {}: expected pc, q35 or microvm", option, word);
}

KvmUse parse_kvm(std::string_view option, std::string_view word) {
  if (word == "auto")
    return KvmUse::automatic;
  if (word == "on")
    return KvmUse::on;
  if (word == "off")
    return KvmUse::off;
  throw Failure("{} {}: expected auto, on or off", option, word);
}

PortForward parse_forward(std::string_view option, std::string_view word) {
  PortForward forward;
  std::string_view ports = word;
  if (ports.ends_with("/udp"))
    forward.protocol = Protocol::udp;
  if (ports.ends_with("/udp") || ports.ends_with("/tcp"))
    ports.remove_suffix(4);
  const std::size_t colon = ports.find(':');
  try {
    if (colon == std::string_view::npos)
      throw Failure("no colon");
    forward.host = static_cast<std::uint16_t>(parse_number("", ports.substr(0, colon), 1, 65535));
    forward.guest = static_cast<std::uint16_t>(parse_number("", ports.substr(colon + 1), 1, 65535));
  } catch (const Failure&) {
    throw Failure("{} {}: expected HOST:GUEST with ports from 1 to 65535, such as 8080:80 or "
                  "5353:53/udp",
                  option, word);
  }
  return forward;
}

Network parse_network(std::string_view option, std::string_view word,
                      std::vector<PortForward> forwards) {
  if (word == "user")
    return UserNetwork{.forwards = std::move(forwards)};
  if (word == "none")
    return NoNetwork{};
  if (word.starts_with("tap:") && is_interface_name(word.substr(4)))
    return TapNetwork{.interface = std::string(word.substr(4))};
  throw Failure("{} {}: expected user, none, or tap:NAME with the name of a tap device", option,
                word);
}

std::string_view name(MachineKind kind) {
  return std::ranges::find(machine_names, kind, [](const auto& pair) { return pair.second; })
      ->first;
}

std::string_view name(Protocol protocol) {
  return protocol == Protocol::udp ? "udp" : "tcp";
}

} // namespace skerry::vm
