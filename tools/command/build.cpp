// SPDX-License-Identifier: Apache-2.0
// `skerry build`; see the header.
#include "command/build.hpp"

#include "command/command.hpp"
#include "command/configure.hpp"
#include "command/sdk.hpp"
#include "elf/image.hpp"
#include "support/failure.hpp"
#include "support/step.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <print>

namespace skerry::command {
namespace {

void check_project(const std::filesystem::path& project) {
  if (!std::filesystem::exists(project))
    throw Failure("{}: no such folder; expected one with a CMakeLists.txt", project.string());
  if (!std::filesystem::is_directory(project))
    throw Failure("{}: it is not a folder; expected one with a CMakeLists.txt", project.string());
  if (!std::filesystem::exists(project / "CMakeLists.txt"))
    throw Failure("{}: the folder has no CMakeLists.txt", project.string());
}

} // namespace

std::filesystem::path build_image(const Layout& layout, const BuildOptions& options) {
  check_project(options.project);
  const auto sdk = make_sdk(layout);
  const auto source = std::filesystem::canonical(options.project);
  BuildFolder folder{.title = "",
                     .source = source,
                     .build = source / "build" / "skerry",
                     .arguments = {"--toolchain", (sdk / "cmake" / "toolchain.cmake").string(),
                                   "-DCMAKE_BUILD_TYPE=" + options.build_type},
                     .log = layout.log("build")};
  const std::string name = source.filename();
  folder.title = name;
  for (const std::string& definition : options.definitions)
    folder.arguments.push_back("-D" + definition);
  start_log(folder.log);
  configure(folder);
  const auto selected = [&] {
    return select_executable(list_executables(folder.build), options.target, source);
  };
  if (!options.target.empty()) {
    build(folder, {"build.ninja"}); // configures anew where a CMakeLists.txt has changed
    build(folder, {selected().target});
  } else {
    build(folder, {});
  }
  const Executable executable = selected();
  inspect_image(executable.path);
  return executable.path;
}

void add_build(CLI::App& app, Action& action) {
  auto options = std::make_shared<BuildOptions>();
  CLI::App* build = app.add_subcommand("build", "Build the CMake project in a folder; print the "
                                                "image's path as the last line of standard output");
  build->add_option("folder", options->project, "A folder with a CMakeLists.txt")->required();
  build->add_option("--target", options->target, "The executable, where there are several");
  build->add_option("--build-type", options->build_type, "CMAKE_BUILD_TYPE")->capture_default_str();
  build->add_option("-D,--define", options->definitions, "NAME=VALUE for the project's CMake cache")
      ->allow_extra_args(false);
  build->callback([&action, options] {
    action.run = [options] {
      std::println("{}", build_image(find_layout(), *options).string());
      return 0;
    };
  });
}

} // namespace skerry::command
