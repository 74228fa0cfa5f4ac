// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/posix/paths.hpp"

#include "src/posix/descriptors.hpp"
#include "src/posix/system_files.hpp"

#include <kernel/locked.hpp>

#include <atomic>
#include <fcntl.h>

namespace skerry::posix {
namespace {

// Empty stands for the root, which boot makes later than this.
[[clang::no_destroy]] constinit Locked<fs::DirectoryReference, LockMode::thread_only>
    the_working_directory{LockRank::descriptors};

constinit std::atomic<mode_t> mode_mask = 022;

constexpr mode_t permission_bits = 07777;

} // namespace

Result<PathText> PathText::read(UserPointer<const char> path) {
  PathText result;
  result.text_ = TRY((mm::make_owned<std::array<char, fs::max_path + 1>>()));
  result.size_ = TRY(mm::copy_string_in(*result.text_, path.address()));
  return result;
}

Result<fs::DirectoryReference> start_of(int directory, std::string_view text) {
  if (text.starts_with('/')) {
    return fs::DirectoryReference(&fs::root());
  }
  if (directory == AT_FDCWD) {
    return working_directory();
  }
  const auto file = TRY(find_file(directory));
  fs::Node* node = file->node();
  fs::Directory* found = node != nullptr ? node->as_directory() : nullptr;
  return found != nullptr ? Result<fs::DirectoryReference>(fs::DirectoryReference(found))
                          : fail(std::errc::not_a_directory);
}

Result<> walk(const PathFrom& from, fs::LastLink how, fs::Place& place) {
  TRY(enter_expected_system_files());
  const PathText path = TRY(PathText::read(from.path));
  return fs::walk(TRY(start_of(from.directory, path.text())), path.text(), how, place);
}

Result<fs::NodeReference> find_node(const PathFrom& from, fs::LastLink how) {
  fs::Place place;
  TRY(walk(from, how, place));
  return place.node ? Result<fs::NodeReference>(std::move(place.node))
                    : fail(std::errc::no_such_file_or_directory);
}

Result<fs::NodeReference> find_node_at(const PathFrom& from, int flags) {
  if ((flags & AT_EMPTY_PATH) != 0) {
    const PathText path = TRY(PathText::read(from.path));
    if (path.text().empty()) {
      return from.directory == AT_FDCWD ? Result<fs::NodeReference>(working_directory())
                                        : node_of(from.directory);
    }
  }
  const bool keeps = (flags & AT_SYMLINK_NOFOLLOW) != 0;
  return find_node(from, keeps ? fs::LastLink::keep : fs::LastLink::follow);
}

Result<fs::NodeReference> node_of(int descriptor) {
  const auto file = TRY(find_file(descriptor));
  fs::Node* node = file->node();
  return node != nullptr ? Result<fs::NodeReference>(fs::NodeReference(node))
                         : fail(std::errc::invalid_argument);
}

Result<> check_writable(const fs::Node& node) {
  return node.file_system().is_read_only() ? fail(std::errc::read_only_file_system) : Result<>();
}

fs::DirectoryReference working_directory() {
  const auto directory = *the_working_directory.lock();
  return directory ? directory : fs::DirectoryReference(&fs::root());
}

void set_working_directory(fs::DirectoryReference directory) {
  const auto guard = the_working_directory.lock();
  std::swap(*guard, directory); // the old one goes after the lock
}

mode_t permissions_of(mode_t mode) {
  return mode & permission_bits & ~mode_mask.load(std::memory_order_relaxed);
}

mode_t exchange_mask(mode_t mask) {
  return mode_mask.exchange(mask & 0777, std::memory_order_relaxed);
}

} // namespace skerry::posix
