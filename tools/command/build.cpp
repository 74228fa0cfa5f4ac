// SPDX-License-Identifier: Apache-2.0
// `skerry build`; see the header.
#include "command/build.hpp"

#include "command/configure.hpp"
#include "command/sdk.hpp"
#include "elf/image.hpp"
#include "support/failure.hpp"
#include "support/folder_lock.hpp"
#include "support/step.hpp"

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
  const std::string title = source.filename();
  BuildFolder folder{.title = title,
                     .source = source,
                     .build = source / "build" / "skerry",
                     .arguments = {"--toolchain", (sdk / "cmake" / "toolchain.cmake").string(),
                                   "-DCMAKE_BUILD_TYPE=" + options.build_type,
                                   "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"},
                     .log = layout.log("build-" + source.filename().string())};
  for (const std::string& definition : options.definitions)
    folder.arguments.push_back("-D" + definition);
  const FolderLock lock(folder.build);
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

} // namespace skerry::command
