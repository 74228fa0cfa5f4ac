// SPDX-License-Identifier: Apache-2.0
// `skerry sdk`; see the header.
#include "command/sdk.hpp"

#include "command/configure.hpp"
#include "command/packages.hpp"
#include "support/failure.hpp"
#include "support/file.hpp"
#include "support/folder_lock.hpp"
#include "support/process.hpp"
#include "support/step.hpp"

#include <print>

namespace skerry::command {

// The recipe shows its own progress; the last line of its standard output is the folder.
std::filesystem::path make_sysroot(const Layout& layout) {
  const auto recipe = layout.root / "cmake" / "sysroot" / "build.cmake";
  const Captured made = run_captured({.arguments = {"cmake", "-P", recipe.string()},
                                      .output = Stream::pipe,
                                      .error = Stream::inherit},
                                     no_deadline);
  const std::filesystem::path sysroot(last_lines(made.output, 1));
  if (!made.status.success() || !std::filesystem::is_directory(sysroot))
    throw Failure("the sysroot was not built: {} ended with {}", recipe.string(),
                  made.status.describe());
  return sysroot;
}

std::filesystem::path make_sdk(const Layout& layout) {
  require_packages(Purpose::build);
  if (layout.root.empty())
    return layout.sdk();
  const auto sysroot = make_sysroot(layout);
  const BuildFolder folder{
      .title = "kernel and SDK",
      .source = layout.root,
      .build = layout.guest_build(),
      .arguments = {"-DCMAKE_TOOLCHAIN_FILE=" +
                        (layout.root / "cmake" / "kernel-toolchain.cmake").string(),
                    "-DSKERRY_SYSROOT=" + sysroot.string(),
                    "-DSKERRY_TOOLS=" + layout.tools.string(), "-DCMAKE_BUILD_TYPE=Release"},
      .log = layout.log("sdk")};
  const FolderLock lock(folder.build);
  start_log(folder.log);
  configure(folder);
  build(folder, {"sdk"});
  return layout.sdk();
}

} // namespace skerry::command
