// SPDX-License-Identifier: Apache-2.0
// Listing a directory.
#include <fs/open_directory.hpp>

#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

namespace skerry::fs {
namespace {

constexpr std::uint64_t own_positions = 2;

bool fill(ListedName& name, std::string_view text, std::uint64_t number, std::uint64_t next) {
  name.next = next;
  name.number = number;
  name.mode = S_IFDIR;
  name.size = static_cast<std::uint8_t>(text.size());
  std::memcpy(name.text, text.data(), text.size());
  return true;
}

} // namespace

Result<std::size_t> OpenDirectory::read(UserBuffer&) {
  return fail(std::errc::is_a_directory);
}

Result<std::size_t> OpenDirectory::read_at(UserBuffer&, std::int64_t) {
  return fail(std::errc::is_a_directory);
}

Result<std::int64_t> OpenDirectory::seek(std::int64_t offset, int whence) {
  std::int64_t position = offset;
  if (whence == SEEK_CUR) {
    if (__builtin_add_overflow(static_cast<std::int64_t>(this->position()), offset, &position)) {
      return fail(std::errc::value_too_large);
    }
  } else if (whence != SEEK_SET) {
    return fail(std::errc::invalid_argument);
  }
  if (position < 0) {
    return fail(std::errc::invalid_argument);
  }
  set_position(static_cast<std::uint64_t>(position));
  return position;
}

bool OpenDirectory::list(std::uint64_t position, ListedName& name) {
  if (position == 0) {
    return fill(name, ".", directory_.number(), 1);
  }
  if (position == 1) {
    const auto parent = directory_.parent();
    return fill(name, "..", parent ? (*parent)->number() : directory_.number(), own_positions);
  }
  if (!directory_.list(position - own_positions, name)) {
    return false;
  }
  name.next += own_positions;
  return true;
}

} // namespace skerry::fs
