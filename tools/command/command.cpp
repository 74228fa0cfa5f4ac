// SPDX-License-Identifier: Apache-2.0
// The command line as a whole; see the header.
#include "command/command.hpp"

#include "support/failure.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <print>
#include <string>
#include <vector>

namespace skerry::command {
namespace {

constexpr int status_usage = 2;

/// The words after the program's name, last first, as CLI11 wants them. Under the name
/// skerry-emulator the program is `skerry emulate`.
std::vector<std::string> reversed_words(int count, const char* const* arguments) {
  std::vector<std::string> words;
  for (int i = count - 1; i > 0; --i)
    words.emplace_back(arguments[i]);
  if (count > 0 && std::filesystem::path(arguments[0]).filename() == "skerry-emulator")
    words.emplace_back("emulate");
  return words;
}

} // namespace

int run_command_line(int argument_count, const char* const* arguments) {
  CLI::App app("Builds C++ services into images that contain their own operating system, boots "
               "and tests them.",
               "skerry");
  app.require_subcommand(1);
  Action action;
  add_run(app, action);
  add_build(app, action);

  add_test(app, action);
  add_sdk(app, action);
  add_emulate(app, action);
  try {
    app.parse(reversed_words(argument_count, arguments));
    return action.run();
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    std::println(stderr, "skerry: {} (skerry --help tells more)", error.what());
    return status_usage;
  } catch (const Failure& failure) {
    std::println(stderr, "skerry: {}", failure.what());
  } catch (const std::filesystem::filesystem_error& error) {
    std::println(stderr, "skerry: {}", error.what());
  }
  return action.failure_status;
}

} // namespace skerry::command
