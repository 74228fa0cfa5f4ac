// SPDX-License-Identifier: Apache-2.0
// The skerry command.
#include "command/command.hpp"

int main(int argument_count, char** arguments) {
  return skerry::command::run_command_line(argument_count, arguments);
}
