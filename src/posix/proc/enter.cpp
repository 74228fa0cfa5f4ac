// SPDX-License-Identifier: Apache-2.0
// Puts the files of /proc and /sys in their places.
#include "src/posix/proc/files.hpp"

#include <string_view>

namespace skerry::posix {
namespace {

/// The directory of that name, which is made where it is not there.
Result<fs::TreeDirectory*> inner(fs::TreeDirectory& above, std::string_view name) {
  auto found = above.find(name);
  if (!found) {
    found = TRY(fs::make_directory(above.file_system(), 0555));
    TRY(above.enter(name, *found));
  }
  return (*found)->as_directory()->as_tree();
}

Result<> enter(fs::TreeDirectory* directory, const SystemText& text) {
  std::string_view path = text.path;
  for (std::size_t slash = 0; (slash = path.find('/')) != path.npos;) {
    directory = TRY(inner(*directory, path.substr(0, slash)));
    path.remove_prefix(slash + 1);
  }
  return directory->enter(path, TRY(fs::make_text(directory->file_system(), text.source)));
}

} // namespace

Result<> enter_texts(fs::TreeDirectory& proc, fs::TreeDirectory& sys) {
  for (const auto texts : {process_texts(), machine_texts(), setting_texts()}) {
    for (const SystemText& text : texts) {
      TRY(enter(&proc, text));
    }
  }
  for (const SystemText& text : device_texts()) {
    TRY(enter(&sys, text));
  }
  return {};
}

} // namespace skerry::posix
