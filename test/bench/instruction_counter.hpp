// SPDX-License-Identifier: Apache-2.0
// Counts the instructions that a guest executes, by a plugin of QEMU's translator.
#pragma once

#include "support/file.hpp"
#include "vm/machine.hpp"

#include <cstdint>
#include <format>
#include <fstream>
#include <string_view>

namespace skerry::test {

/// The number that the plugin keeps in its file.
class InstructionCounter {
public:
  [[nodiscard]] std::uint64_t read() const {
    std::uint64_t value = 0;
    std::ifstream(file_, std::ios::binary).read(reinterpret_cast<char*>(&value), sizeof value);
    return value;
  }
  /// `plugin` is the library that counts, made of count_instructions.c.
  void attach(vm::Machine& machine, std::string_view plugin) const {
    machine.kvm = vm::KvmUse::off;
    machine.extra_arguments = {"-plugin", std::format("{},out={}", plugin, file_.string())};
  }

private:
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "instructions";
};

} // namespace skerry::test
