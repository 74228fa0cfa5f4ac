// SPDX-License-Identifier: Apache-2.0
// skerry-ld: ld.lld, and then the image's symbol table. Clang calls it by --ld-path. In the `bin`
// of an SDK it also adds what an image consists of beside the program (lib/skerry/image.args), and
// all system calls where the program makes some by itself.
#include "link/arguments.hpp"
#include "link/door_two.hpp"
#include "link/symbol_table.hpp"
#include "support/failure.hpp"
#include "support/file.hpp"
#include "support/process.hpp"

#include <cstdlib>
#include <filesystem>
#include <format>
#include <optional>
#include <print>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skerry::link {
namespace {

constexpr const char* linker = "ld.lld-19";
/// Keeps the calls that nothing refers to.
constexpr const char* with_all_calls = "--undefined=__skerry_call_65535";

std::optional<ImageParts> find_image_parts() {
  const auto sdk = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
  const auto path = sdk / "lib" / "skerry" / "image.args";
  if (!std::filesystem::exists(path))
    return std::nullopt;
  return parse_image_parts(read_text(path), sdk.string());
}

Command linker_command(const std::vector<std::string>& words, const ImageParts& parts) {
  Command command{.arguments = {linker}, .input = Stream::inherit};
  for (const auto* part : {&parts.options, &words, &parts.files})
    command.arguments.insert(command.arguments.end(), part->begin(), part->end());
  return command;
}

/// What SKERRY_LINK_WORDS names comes first in a link that makes an image: words that a build
/// system need not know of, such as the object that skerry_image() makes. With SKERRY_LINK_OUTPUT
/// they are for programs of that file name alone: not for those that a configure script tries.
void add_words_of_environment(std::vector<std::string>& words, const std::string& output) {
  const char* file = std::getenv("SKERRY_LINK_WORDS");
  const char* name = std::getenv("SKERRY_LINK_OUTPUT");
  if (file == nullptr ||
      (name != nullptr && std::filesystem::path(output).filename() != std::string_view(name)))
    return;
  if (!std::filesystem::is_regular_file(file))
    throw Failure("SKERRY_LINK_WORDS is \"{}\"; expected a file with words for the linker", file);
  words.insert(words.begin(), std::format("@{}", file));
}

int link(std::vector<std::string> words) {
  const LinkArguments arguments = parse_link_arguments(words);
  if (arguments.makes_image)
    add_words_of_environment(words, arguments.output);
  auto parts = (arguments.makes_image ? find_image_parts() : std::nullopt).value_or(ImageParts{});
  ProcessStatus status = Process(linker_command(words, parts)).wait();
  if (!status.success())
    return status.shell_status();
  // There may be no file: --version, --help, -o /dev/null.
  if (!arguments.makes_image || !std::filesystem::is_regular_file(arguments.output))
    return 0;
  if (lacks_calls(arguments.output)) {
    parts.options.emplace_back(with_all_calls);
    status = Process(linker_command(words, parts)).wait();
    if (!status.success())
      return status.shell_status();
  }
  fill_symbol_table(arguments.output);
  return 0;
}

} // namespace
} // namespace skerry::link

int main(int argument_count, char** arguments) {
  try {
    return skerry::link::link(std::vector<std::string>(arguments + 1, arguments + argument_count));
  } catch (const std::exception& error) {
    std::println(stderr, "skerry-ld: {}", error.what());
    return 1;
  }
}
