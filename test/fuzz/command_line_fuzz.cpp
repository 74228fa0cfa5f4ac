// SPDX-License-Identifier: Apache-2.0
// The command line, in two parts as it comes.
#include <kernel/command_line.hpp>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace skerry::kernel;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = text.find('\n');
  const auto line = std::make_unique<CommandLine>();
  CommandLineError error;
  const bool first = parse_command_line(text.substr(0, cut), *line, error);
  line->ip_is_default = true;
  const bool second =
      cut == std::string::npos || parse_command_line(text.substr(cut + 1), *line, error);
  if (first && second) {
    for (const std::string_view word : line->service_arguments()) {
      if (word.data()[word.size()] != '\0') {
        std::abort(); // each word ends with a zero: main() counts on it
      }
    }
  }
  return 0;
}
