// SPDX-License-Identifier: Apache-2.0
// The options that describe a machine, shared by `run` and `emulate`.
#pragma once

#include "elf/image.hpp"
#include "vm/machine.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace skerry::command {

/// --memory, --cpus, --machine, --kvm, --net, --port and --timeout as typed; to_machine checks
/// them.
struct MachineOptions {
  std::string memory{}; ///< empty: what the image asks for, else 64M
  std::string cpus = "1";
  std::string machine = "q35";
  std::string kvm = "auto";
  std::string network = "user";
  std::vector<std::string> ports{};
  std::string timeout{};
};

/// The machine without what it boots. Throws Failure that names the option and its value.
[[nodiscard]] vm::Machine to_machine(const MachineOptions& options);

/// Gives the machine what `image` asks for and the user did not decide.
void suit(vm::Machine& machine, const MachineOptions& options, const ImageInfo& image);

[[nodiscard]] std::optional<std::chrono::seconds> time_limit(const MachineOptions& options);

} // namespace skerry::command
