// SPDX-License-Identifier: Apache-2.0
// The skerry command.
#include "command/command.hpp"

#include <fcntl.h>
#include <unistd.h>

int main(int argument_count, char** arguments) {
  // A standard stream that is closed would be the number of the next file that is opened.
  int number = 0;
  do
    number = ::open("/dev/null", O_RDWR);
  while (number >= 0 && number <= STDERR_FILENO);
  if (number > STDERR_FILENO)
    ::close(number);
  return skerry::command::run_command_line(argument_count, arguments);
}
