// SPDX-License-Identifier: Apache-2.0
// Boots an image and says how it ended. Deadlines are generous: they end a guest that hangs and say
// nothing of speed.
#pragma once

#include "vm/machine.hpp"

#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <gmock/gmock.h>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace skerry::test {

/// How an image gets into a machine: by QEMU itself, or by GRUB from a CD.
enum class Way { pc, q35, microvm, cd_bios, cd_uefi };

inline constexpr std::array every_way{Way::pc, Way::q35, Way::microvm, Way::cd_bios, Way::cd_uefi};
inline constexpr std::array direct_ways{Way::pc, Way::q35, Way::microvm};

[[nodiscard]] std::string_view name(Way way);
std::ostream& operator<<(std::ostream& out, Way way);

/// The image of that name: a target of test/images, or an example. Throws Failure without it.
[[nodiscard]] std::filesystem::path image(std::string_view name);

/// How a guest ended.
struct Outcome {
  std::optional<int> status; ///< of main, when the guest told it and QEMU agrees
  std::string trouble;       ///< why there is no status
  std::string console;       ///< all that the guest wrote
};
std::ostream& operator<<(std::ostream& out, const Outcome& outcome);

/// Matches an outcome whose console holds `text`.
MATCHER_P(Shows, text, "shows \"" + std::string(text) + "\"") {
  return arg.console.contains(text);
}

/// Starts `machine` and waits for its end.
[[nodiscard]] Outcome run(const vm::Machine& machine);

/// Changes a machine before it starts.
using Adjust = std::function<void(vm::Machine&)>;

/// Boots the image of that name.
[[nodiscard]] Outcome boot(Way way, std::string_view image_name,
                           const std::string& command_line = {}, const Adjust& adjust = {});

inline constexpr std::chrono::minutes patience(3);

} // namespace skerry::test
