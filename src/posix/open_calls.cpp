// SPDX-License-Identifier: Apache-2.0
// Opening files: open(2) and its kin, memfd_create(2).
#include "src/posix/descriptors.hpp"
#include "src/posix/file_tree_calls.hpp"
#include "src/posix/paths.hpp"

#include <fs/changes.hpp>
#include <fs/tree.hpp>

#include <fcntl.h>
#include <sys/mman.h>

namespace skerry::posix {
namespace {

using fs::open_flag::access_mask;

/// O_TMPFILE with and without the bit of O_DIRECTORY that is part of it.
constexpr int temporary_bit = O_TMPFILE & ~O_DIRECTORY;
/// What an open file keeps. There is no terminal, no signal when input comes (O_ASYNC), nothing to
/// write through to, and offsets have 64 bits: those flags change nothing.
constexpr unsigned kept_flags =
    static_cast<unsigned>(O_APPEND | O_NONBLOCK | O_PATH | O_SYNC | O_NOATIME);

struct Request {
  int flags;
  mode_t mode;

  [[nodiscard]] bool has(int flag) const { return (flags & flag) != 0; }
  [[nodiscard]] bool has_all(int flag) const { return (flags & flag) == flag; }
  [[nodiscard]] unsigned file_flags() const {
    return static_cast<unsigned>(flags) & (access_mask | kept_flags);
  }
  [[nodiscard]] bool writes() const {
    return (static_cast<unsigned>(flags) & access_mask) != fs::open_flag::read_only;
  }
};

Result<> check(const Request& request) {
  if ((static_cast<unsigned>(request.flags) & access_mask) == access_mask) {
    return fail(std::errc::invalid_argument);
  }
  if (request.has_all(O_CREAT | O_DIRECTORY)) {
    return fail(std::errc::invalid_argument);
  }
  // Nothing is read from and written to memory past a cache.
  return request.has(O_DIRECT) ? fail(std::errc::invalid_argument) : Result<>();
}

Result<fs::FileReference> open_temporary(const Request& request, const fs::Place& place) {
  if (!request.writes()) {
    return fail(std::errc::invalid_argument);
  }
  if (!place.node) {
    return fail(std::errc::no_such_file_or_directory);
  }
  if (place.node->as_directory() == nullptr) {
    return fail(std::errc::not_a_directory);
  }
  TRY(check_writable(*place.node));
  const auto node = TRY(fs::make_regular(place.node->file_system(), permissions_of(request.mode)));
  return node->open(request.file_flags());
}

Result<fs::FileReference> open_node(const Request& request, fs::Node& node, bool is_new) {
  const bool is_directory = node.as_directory() != nullptr;
  if (request.has(O_DIRECTORY) && !is_directory) {
    return fail(std::errc::not_a_directory);
  }
  if (request.has(O_PATH)) {
    return node.open(fs::open_flag::path_only);
  }
  if (request.has(O_CREAT) && is_directory) {
    return fail(std::errc::is_a_directory);
  }
  if (S_ISREG(node.mode()) && (request.writes() || request.has(O_TRUNC))) {
    TRY(check_writable(node));
  }
  auto file = TRY(node.open(request.file_flags()));
  if (file->node() != nullptr) { // no pipe that is opened anew
    fs::tell_change(node, fs::change::opened);
  }
  if (request.has(O_TRUNC) && !is_new && S_ISREG(node.mode())) {
    TRY(node.resize(0));
  }
  return file;
}

/// Makes the file that the place has room for.
Result<fs::NodeReference> create(const Request& request, const fs::Place& place) {
  if (place.wants_directory) {
    return fail(std::errc::is_a_directory);
  }
  TRY(check_writable(*place.directory));
  fs::TreeDirectory* directory = place.directory->as_tree();
  if (directory == nullptr) {
    return fail(std::errc::permission_denied);
  }
  auto node = TRY(fs::make_regular(directory->file_system(), permissions_of(request.mode)));
  TRY(directory->enter(place.name(), node));
  return node;
}

Result<fs::FileReference> open_at(const PathFrom& from, const Request& request) {
  const bool keeps_link = request.has(O_NOFOLLOW) || request.has_all(O_CREAT | O_EXCL);
  const auto how = keeps_link ? fs::LastLink::keep : fs::LastLink::follow;
  for (;;) {
    fs::Place place;
    TRY(walk(from, how, place));
    if (request.has(temporary_bit)) {
      return open_temporary(request, place);
    }
    if (place.node) {
      return request.has_all(O_CREAT | O_EXCL) && !request.has(O_PATH)
                 ? fail(std::errc::file_exists)
                 : open_node(request, *place.node, false);
    }
    if (!request.has(O_CREAT) || request.has(O_PATH)) {
      return fail(std::errc::no_such_file_or_directory);
    }
    const auto made = create(request, place);
    if (made) {
      return open_node(request, **made, true);
    }
    if (made.error() != std::errc::file_exists || request.has(O_EXCL)) {
      return fail(made.error());
    }
    // Another thread was faster: open what it made.
  }
}

} // namespace

Result<long> sys_openat(int directory, UserPath path, int flags, mode_t mode) {
  const Request request{.flags = flags, .mode = mode};
  TRY(check(request));
  auto file = TRY(open_at({directory, path}, request));
  return TRY(open_descriptor(std::move(file), request.has(O_CLOEXEC)));
}

Result<long> sys_open(UserPath path, int flags, mode_t mode) {
  return sys_openat(AT_FDCWD, path, flags, mode);
}

Result<long> sys_creat(UserPath path, mode_t mode) {
  return sys_openat(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

Result<long> sys_memfd_create(UserPath name, unsigned flags) {
  // Seals and pages of another size are not to be had.
  if ((flags & ~MFD_CLOEXEC) != 0) {
    return fail(std::errc::invalid_argument);
  }
  constexpr std::size_t longest = fs::max_name - 6; // Linux puts "memfd:" before it
  const auto text = PathText::read(name);
  if (!text && text.error() != std::errc::filename_too_long) {
    return fail(text.error());
  }
  if (!text || text->text().size() > longest) {
    return fail(std::errc::invalid_argument);
  }
  const auto node = TRY(fs::make_regular(fs::memory_file_system(), 0777));
  auto file = TRY(node->open(fs::open_flag::read_write));
  return TRY(open_descriptor(std::move(file), (flags & MFD_CLOEXEC) != 0));
}

Result<long> sys_umask(mode_t mask) {
  return exchange_mask(mask);
}

} // namespace skerry::posix
