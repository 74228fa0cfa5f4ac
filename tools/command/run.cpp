// SPDX-License-Identifier: Apache-2.0
// `skerry run`: boots a project or an image and streams its console.
#include "command/build.hpp"
#include "command/command.hpp"
#include "command/machine_options.hpp"
#include "command/packages.hpp"
#include "command/supervise.hpp"
#include "elf/image.hpp"
#include "support/failure.hpp"
#include "vm/host_check.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <print>

namespace skerry::command {
namespace {

constexpr const char* default_port = "8080:80";

struct RunOptions {
  std::filesystem::path subject; // a project's folder or an image
  BuildOptions build;
  MachineOptions machine;
  std::string append;
  bool debugger = false;
};

std::filesystem::path find_image(const RunOptions& options) {
  if (!std::filesystem::is_directory(options.subject)) {
    inspect_image(options.subject);
    return options.subject;
  }
  BuildOptions build = options.build;
  build.project = options.subject;
  return build_image(find_layout(), build);
}

int run(RunOptions options) {
  if (options.machine.ports.empty() && options.machine.network == "user")
    options.machine.ports.emplace_back(default_port);
  vm::Machine machine = to_machine(options.machine);
  const auto limit = time_limit(options.machine);
  const auto image = find_image(options);
  require_packages(find_layout(), Purpose::run);
  vm::check_network(machine.network);
  machine.boot = vm::KernelBoot{.image = image, .command_line = options.append};
  machine.debugger = options.debugger;
  if (options.debugger)
    std::println(stderr, "skerry: the guest waits for gdb: gdb {} -ex 'target remote :1234'",
                 image.string());
  return supervise(machine, write_output, limit);
}

} // namespace

void add_run(CLI::App& app, Action& action) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* run_app =
      app.add_subcommand("run", "Boot a project or an image in QEMU; its status is main's own");
  run_app->add_option("subject", options->subject, "A folder with a CMakeLists.txt, or an image")
      ->required();
  run_app->add_option("--target", options->build.target, "The executable, where there are several");
  add_machine_options(*run_app, options->machine);
  run_app->add_option("--append", options->append, "\"kernel arguments -- service arguments\"");
  run_app->add_flag("--gdb", options->debugger, "Wait for gdb before the first instruction");
  run_app->callback([&action, options] {
    action = {.run = [options] { return run(*options); }, .failure_status = status_run_failed};
  });
}

} // namespace skerry::command
