// SPDX-License-Identifier: Apache-2.0
// `skerry run`; see the header.
#include "command/run.hpp"

#include "command/packages.hpp"
#include "command/root_image.hpp"
#include "command/supervise.hpp"
#include "elf/image.hpp"
#include "support/failure.hpp"
#include "vm/exit_status.hpp"
#include "vm/host_check.hpp"
#include "vm/kvm_check.hpp"

#include <print>
#include <unistd.h>

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

/// The helpers of gdb, in an SDK or in the source tree.
std::filesystem::path debugger_commands() {
  const Layout layout = find_layout();
  return layout.root.empty() ? layout.sdk() / "lib" / "skerry" / "skerry_gdb.py"
                             : layout.root / "tools" / "gdb" / "skerry_gdb.py";
}

/// The exit line gets a line of its own, also behind output that does not end with one.
int show_and_supervise(const vm::Machine& machine, std::optional<std::chrono::seconds> limit) {
  vm::ExitLineFilter filter;
  bool line_is_open = false;
  const auto show = [&](std::string_view text) {
    write_output(text);
    line_is_open = text.empty() ? line_is_open : !text.ends_with('\n');
  };
  const int status = supervise(
      machine, [&](std::string_view bytes) { show(filter.pass(bytes)); }, STDIN_FILENO, limit);
  show(filter.finish());
  if (!filter.exit_line().empty())
    write_output((line_is_open ? "\n" : "") + filter.exit_line() + "\n");
  return status;
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
  const ImageInfo info = inspect_image(image);
  suit(machine, options.machine, info);
  const RootImage root(image, info, options.root);
  machine.boot =
      vm::KernelBoot{.image = image, .command_line = options.append, .module = root.path()};
  machine.debugger = options.debugger;
  if (options.debugger)
    std::println(stderr,
                 "skerry: the guest waits for gdb: gdb {} -x {} -ex 'target remote :1234' "
                 "-ex skerry-start",
                 image.string(), debugger_commands().string());
  return show_and_supervise(machine, limit);
}

} // namespace skerry::command
