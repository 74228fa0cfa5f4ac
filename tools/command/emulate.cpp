// SPDX-License-Identifier: Apache-2.0
// `skerry emulate`: an image as if it were a program of this host. What CMake and ctest call
// (CMAKE_CROSSCOMPILING_EMULATOR): main's arguments, output and status, and nothing of the kernel.
#include "command/command.hpp"
#include "command/machine_options.hpp"
#include "command/supervise.hpp"
#include "elf/image.hpp"
#include "support/failure.hpp"
#include "support/parse.hpp"
#include "vm/exit_status.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

namespace skerry::command {
namespace {

/// `words` are the image and the arguments of its main.
int emulate(const MachineOptions& options, std::vector<std::string> words) {
  if (words.empty())
    throw Failure("emulate: expected an image and the arguments of its main");
  vm::Machine machine = to_machine(options);
  const std::filesystem::path image = words.front();
  inspect_image(image);
  std::string command_line = "quiet";
  words.erase(words.begin());
  if (!words.empty())
    command_line += " -- " + join_words(words);
  machine.boot = vm::KernelBoot{.image = image, .command_line = command_line};

  vm::ExitLineFilter filter;
  const auto show = [&filter](std::string_view bytes) { write_output(filter.pass(bytes)); };
  const int status = supervise(machine, show, time_limit(options));
  write_output(filter.finish());
  return status;
}

} // namespace

void add_emulate(CLI::App& app, Action& action) {
  auto options = std::make_shared<MachineOptions>();
  CLI::App* emulate_app = app.add_subcommand(
      "emulate", "Run an image as if it were a program: IMAGE ARGUMENTS..., for CMake and ctest");
  add_machine_options(*emulate_app, *options);
  emulate_app->prefix_command(); // the image and all that follows are not ours to parse
  emulate_app->callback([&action, options, emulate_app] {
    action = {.run = [options, emulate_app] { return emulate(*options, emulate_app->remaining()); },
              .failure_status = status_run_failed};
  });
}

} // namespace skerry::command
