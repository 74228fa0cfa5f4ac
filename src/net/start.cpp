// SPDX-License-Identifier: Apache-2.0
// The network's phase of boot.
#include "src/net/address_search.hpp"
#include "src/net/configuration.hpp"
#include "src/net/interface.hpp"
#include "src/net/stack.hpp"

#include <core/log.hpp>
#include <kernel/command_line.hpp>
#include <kernel/devices.hpp>
#include <kernel/exit.hpp>
#include <kernel/random.hpp>
#include <net/stack.hpp>

namespace skerry::net {
namespace {

/// How long the boot waits for a DHCP server. A program that looks at its address in its first line
/// finds one; where there is no server the search goes on beside the program.
constexpr Duration patience = Duration::seconds(1);

Configuration read_arguments() {
  Configuration configuration;
  for (const std::string_view value : kernel::command_line().ip_arguments()) {
    if (!parse_configuration(value, configuration)) {
      char text[300];
      kernel::refuse_to_run(format_to(
          text,
          "kernel argument \"ip={}\" has a value that is not possible; expected dhcp, none, or "
          "ADDRESS/BITS[,GATEWAY[,DNS]] once for IPv4 and once for IPv6",
          value));
    }
  }
  return configuration;
}

void await_first_address() {
  (void)await_address(patience);
  if (address_is_sought()) {
    log::warning("net", "no DHCP server has answered yet; the program starts without an address");
  }
}

} // namespace

Result<> start_network() {
  const Configuration configuration = read_arguments();
  if (!kernel::random_is_seeded() && !kernel::net_devices().empty()) {
    log::error("net", "no network without a source of randomness: sequence numbers could be "
                      "guessed (QEMU: -cpu max, or -device virtio-rng-pci)");
    return {};
  }
  if (!kernel::random_is_seeded()) {
    return {};
  }
  TRY(start_stack());
  TRY(start_interfaces());
  if (interfaces().empty()) {
    log::info("net", "no network device: loopback only");
    return {};
  }
  {
    const StackUse use;
    netif_set_default(&interfaces().front()->lwip());
    TRY(configure(*interfaces().front(), configuration));
  }
  await_first_address();
  return {};
}

} // namespace skerry::net
