// SPDX-License-Identifier: Apache-2.0
// A network of the test's own: a network namespace with a tap device in it. Traffic of the test
// reaches nothing else.
#pragma once

#include "machines.hpp"
#include "support/process.hpp"

#include <string>
#include <vector>

namespace skerry::test {

/// Moves this process, and what it starts from here on, into a fresh network namespace whose tap
/// device has 10.0.0.1/24 and fd00::1/64. Returns why that is not possible, or nothing.
[[nodiscard]] std::string enter_private_network();

/// Kernel arguments of a guest on that network: 10.0.0.2 and fd00::2.
inline constexpr const char* private_addresses = "ip=10.0.0.2/24,10.0.0.1 ip=fd00::2/64";

/// Gives a machine a card on that network.
void use_private_network(vm::Machine& machine);

/// Runs a program to its end; its output and errors are in the result.
[[nodiscard]] Captured run_client(std::vector<std::string> arguments);

} // namespace skerry::test
