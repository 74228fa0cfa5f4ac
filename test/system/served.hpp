// SPDX-License-Identifier: Apache-2.0
// A guest that serves, and stays up while a test talks to it.
#pragma once

#include "machines.hpp"
#include "vm/guest.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace skerry::test {

/// Boots the image of that name and waits until its console shows `sign`.
/// Throws Failure with the console when it never does.
[[nodiscard]] std::unique_ptr<vm::Guest> serve(vm::MachineKind kind, std::string_view image_name,
                                               std::string_view sign,
                                               const std::string& command_line,
                                               const Adjust& adjust);

/// A port of localhost that nobody listened on a moment ago.
[[nodiscard]] std::uint16_t free_port(int socket_type);

/// A user network on which `host` of localhost leads to `guest`.
[[nodiscard]] Adjust forwarding(std::uint16_t host, std::uint16_t guest,
                                vm::Protocol protocol = vm::Protocol::tcp);

} // namespace skerry::test
