// SPDX-License-Identifier: Apache-2.0
// `skerry emulate`; see the header.
#include "command/emulate.hpp"

#include "command/root_image.hpp"
#include "command/supervise.hpp"
#include "elf/image.hpp"
#include "support/failure.hpp"
#include "support/parse.hpp"
#include "vm/exit_status.hpp"

#include <unistd.h>

namespace skerry::command {

int emulate(const MachineOptions& options, std::vector<std::string> words) {
  if (words.empty())
    throw Failure("emulate: expected an image and the arguments of its main");
  vm::Machine machine = to_machine(options);
  const std::filesystem::path image = words.front();
  const ImageInfo info = inspect_image(image);
  suit(machine, options, info);
  const RootImage root(image, info, {});
  std::string command_line = "quiet";
  words.erase(words.begin());
  if (!words.empty())
    command_line += " -- " + join_words(words);
  machine.boot =
      vm::KernelBoot{.image = image, .command_line = command_line, .module = root.path()};

  // Nobody sits at a terminal and types for a test.
  const int input = ::isatty(STDIN_FILENO) != 0 ? -1 : STDIN_FILENO;
  vm::ExitLineFilter filter;
  const auto show = [&filter](std::string_view bytes) { write_output(filter.pass(bytes)); };
  const int status = supervise(machine, show, input, time_limit(options));
  write_output(filter.finish());
  return status;
}

} // namespace skerry::command
