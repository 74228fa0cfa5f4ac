// SPDX-License-Identifier: Apache-2.0
// `skerry run`; see the header.
#include "command/run.hpp"

#include "command/packages.hpp"
#include "command/supervise.hpp"
#include "elf/image.hpp"
#include "support/failure.hpp"
#include "vm/host_check.hpp"
#include "vm/kvm_check.hpp"

#include <print>

namespace skerry::command {
namespace {

constexpr const char* default_port = "8080:80";

std::filesystem::path find_image(const RunOptions& options) {
  if (!std::filesystem::is_directory(options.subject)) {
    inspect_image(options.subject);
    return options.subject;
  }
  BuildOptions build = options.build;
  build.project = options.subject;
  return build_image(find_layout(), build);
}

/// A missing device is what most people without KVM have; one that does not work surprises.
void warn_of_broken_kvm(const vm::Machine& machine) {
  if (machine.kvm == vm::KvmUse::automatic && !vm::kvm_trouble().empty() &&
      std::filesystem::exists("/dev/kvm"))
    std::println(
        stderr, "skerry: /dev/kvm cannot be used: {}; QEMU emulates the processor, which is slower",
        vm::kvm_trouble());
}

} // namespace

int run(RunOptions options) {
  if (options.machine.ports.empty() && options.machine.network == "user")
    options.machine.ports.emplace_back(default_port);
  vm::Machine machine = to_machine(options.machine);
  const auto limit = time_limit(options.machine);
  const auto image = find_image(options);
  require_packages(Purpose::run);
  vm::check_network(machine.network);
  warn_of_broken_kvm(machine);
  suit(machine, options.machine, inspect_image(image));
  machine.boot = vm::KernelBoot{.image = image, .command_line = options.append};
  machine.debugger = options.debugger;
  if (options.debugger)
    std::println(stderr, "skerry: the guest waits for gdb: gdb {} -ex 'target remote :1234'",
                 image.string());
  return supervise(machine, write_output, limit);
}

} // namespace skerry::command
