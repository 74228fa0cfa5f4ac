// SPDX-License-Identifier: Apache-2.0
// Making, moving and removing names.
#include "src/posix/file_tree_calls.hpp"
#include "src/posix/paths.hpp"

#include <fs/tree.hpp>

#include <array>
#include <cstdio>
#include <fcntl.h>

namespace skerry::posix {
namespace {

// renameat2(2): linux/fs.h.
constexpr unsigned rename_no_replace = 1;
constexpr unsigned rename_exchange = 2;

/// The directory in which the last part of a path can be changed.
/// Errors: invalid_argument, file_exists, device_or_resource_busy  as `no_name` says, when the last
///         part is no name
///         read_only_file_system
Result<fs::TreeDirectory*> changeable(const fs::Place& place, std::errc no_name) {
  if (place.last != fs::LastPart::name) {
    return fail(no_name);
  }
  TRY(check_writable(*place.directory));
  fs::TreeDirectory* directory = place.directory->as_tree();
  return directory != nullptr ? Result<fs::TreeDirectory*>(directory)
                              : fail(std::errc::operation_not_permitted);
}

/// What a new name is for: slashes may follow that of a directory.
enum class NewName : std::uint8_t { directory, other };

/// Walks to where `from` leads to nothing yet, and returns the directory for the new name.
/// Errors: file_exists  before all that has to do with the place
Result<fs::TreeDirectory*> find_room(const PathFrom& from, NewName what, fs::Place& place) {
  TRY(walk(from, fs::LastLink::keep, place));
  if (place.node) {
    return fail(std::errc::file_exists);
  }
  if (place.wants_directory && what != NewName::directory) {
    return fail(std::errc::no_such_file_or_directory);
  }
  return changeable(place, std::errc::file_exists);
}

Result<long> enter(fs::TreeDirectory& directory, const fs::Place& place,
                   const Result<fs::NodeReference>& node) {
  TRY(directory.enter(place.name(), TRY(node)));
  return 0;
}

Result<long> remove(const PathFrom& from, fs::Removal removal) {
  fs::Place place;
  TRY(walk(from, fs::LastLink::keep, place));
  if (place.last != fs::LastPart::name) {
    if (removal == fs::Removal::file) {
      return fail(std::errc::is_a_directory);
    }
    return fail(place.last == fs::LastPart::dot       ? std::errc::invalid_argument
                : place.last == fs::LastPart::dot_dot ? std::errc::directory_not_empty
                                                      : std::errc::device_or_resource_busy);
  }
  TRY(check_writable(*place.directory)); // before anything that the name leads to
  if (place.node && place.wants_directory && removal == fs::Removal::file) {
    return fail(std::errc::is_a_directory); // what slashes follow was found to be a directory
  }
  auto* directory = TRY(changeable(place, std::errc::invalid_argument));
  TRY(directory->remove(place.name(), removal));
  return 0;
}

Result<fs::RenameMode> mode_of(unsigned flags) {
  switch (flags) {
  case 0:
    return fs::RenameMode::replace;
  case rename_no_replace:
    return fs::RenameMode::keep;
  case rename_exchange:
    return fs::RenameMode::exchange;
  default:
    return fail(std::errc::invalid_argument);
  }
}

Result<long> rename(const PathFrom& from, const PathFrom& to, fs::RenameMode mode) {
  fs::Place old;
  TRY(walk(from, fs::LastLink::keep, old));
  fs::Place target;
  TRY(walk(to, fs::LastLink::keep, target));
  if (&old.directory->file_system() != &target.directory->file_system()) {
    return fail(std::errc::cross_device_link);
  }
  auto* old_directory = TRY(changeable(old, std::errc::device_or_resource_busy));
  auto* new_directory = TRY(changeable(target, std::errc::device_or_resource_busy));
  if (!old.node) {
    return fail(std::errc::no_such_file_or_directory);
  }
  if (target.wants_directory && old.node->as_directory() == nullptr) {
    return fail(std::errc::not_a_directory);
  }
  TRY(old_directory->rename(old.name(), *new_directory, target.name(), mode));
  return 0;
}

} // namespace

Result<long> sys_mkdirat(int directory, UserPath path, mode_t mode) {
  fs::Place place;
  auto* above = TRY(find_room({directory, path}, NewName::directory, place));
  return enter(*above, place, fs::make_directory(above->file_system(), permissions_of(mode)));
}

Result<long> sys_mkdir(UserPath path, mode_t mode) {
  return sys_mkdirat(AT_FDCWD, path, mode);
}

Result<long> sys_mknodat(int directory, UserPath path, mode_t mode, std::uint64_t) {
  if ((mode & S_IFMT) != 0 && !S_ISREG(mode)) {
    return fail(std::errc::operation_not_permitted); // not in this file system
  }
  fs::Place place;
  auto* above = TRY(find_room({directory, path}, NewName::other, place));
  return enter(*above, place, fs::make_regular(above->file_system(), permissions_of(mode)));
}

Result<long> sys_mknod(UserPath path, mode_t mode, std::uint64_t device) {
  return sys_mknodat(AT_FDCWD, path, mode, device);
}

Result<long> sys_unlinkat(int directory, UserPath path, int flags) {
  if ((flags & ~AT_REMOVEDIR) != 0) {
    return fail(std::errc::invalid_argument);
  }
  return remove({directory, path}, flags != 0 ? fs::Removal::empty_directory : fs::Removal::file);
}

Result<long> sys_unlink(UserPath path) {
  return remove({AT_FDCWD, path}, fs::Removal::file);
}

Result<long> sys_rmdir(UserPath path) {
  return remove({AT_FDCWD, path}, fs::Removal::empty_directory);
}

Result<long> sys_renameat2(int from_directory, UserPath from, int to_directory, UserPath to,
                           unsigned flags) {
  return rename({from_directory, from}, {to_directory, to}, TRY(mode_of(flags)));
}

Result<long> sys_renameat(int from_directory, UserPath from, int to_directory, UserPath to) {
  return sys_renameat2(from_directory, from, to_directory, to, 0);
}

Result<long> sys_rename(UserPath from, UserPath to) {
  return sys_renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

Result<long> sys_linkat(int from_directory, UserPath from, int to_directory, UserPath to,
                        int flags) {
  if ((flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) != 0) {
    return fail(std::errc::invalid_argument);
  }
  const int how = (flags & AT_SYMLINK_FOLLOW) != 0 ? 0 : AT_SYMLINK_NOFOLLOW;
  const auto node = TRY(find_node_at({from_directory, from}, (flags & AT_EMPTY_PATH) | how));
  fs::Place place;
  auto* above = TRY(find_room({to_directory, to}, NewName::other, place));
  if (&node->file_system() != &above->file_system()) {
    return fail(std::errc::cross_device_link);
  }
  return node->as_directory() == nullptr ? enter(*above, place, node)
                                         : fail(std::errc::operation_not_permitted);
}

Result<long> sys_link(UserPath from, UserPath to) {
  return sys_linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

Result<long> sys_symlinkat(UserPath target, int directory, UserPath path) {
  const PathText text = TRY(PathText::read(target));
  if (text.text().empty()) {
    return fail(std::errc::no_such_file_or_directory);
  }
  fs::Place place;
  auto* above = TRY(find_room({directory, path}, NewName::other, place));
  return enter(*above, place, fs::make_symlink(above->file_system(), text.text()));
}

Result<long> sys_symlink(UserPath target, UserPath path) {
  return sys_symlinkat(target, AT_FDCWD, path);
}

Result<long> sys_readlinkat(int directory, UserPath path, std::uint64_t buffer, std::size_t size) {
  if (size == 0 || size > INT32_MAX) {
    return fail(std::errc::invalid_argument);
  }
  const auto node = TRY(find_node_at({directory, path}, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW));
  fs::Symlink* link = node->as_symlink();
  if (link == nullptr) {
    const bool is_empty = TRY(PathText::read(path)).text().empty();
    return fail(is_empty ? std::errc::no_such_file_or_directory : std::errc::invalid_argument);
  }
  const auto text = TRY((mm::make_owned<std::array<char, fs::max_path>>()));
  const std::size_t length = std::min(TRY(link->read(*text)), size);
  TRY(mm::copy_out(mm::VirtualAddress(buffer), std::as_bytes(std::span(*text).first(length))));
  return static_cast<long>(length);
}

Result<long> sys_readlink(UserPath path, std::uint64_t buffer, std::size_t size) {
  return sys_readlinkat(AT_FDCWD, path, buffer, size);
}

} // namespace skerry::posix
