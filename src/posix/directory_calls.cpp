// SPDX-License-Identifier: Apache-2.0
// The working directory, and listing directories.
#include "src/posix/descriptors.hpp"
#include "src/posix/file_tree_calls.hpp"
#include "src/posix/paths.hpp"

#include <fs/changes.hpp>
#include <fs/open_directory.hpp>

#include <algorithm>
#include <array>
#include <climits>
#include <cstring>
#include <fcntl.h>

namespace skerry::posix {
namespace {

Result<long> change_to(const fs::NodeReference& node) {
  fs::Directory* directory = node->as_directory();
  if (directory == nullptr) {
    return fail(std::errc::not_a_directory);
  }
  set_working_directory(fs::DirectoryReference(directory));
  return 0;
}

/// What getdents64(2) writes before each name.
struct __attribute__((packed)) RecordHead {
  std::uint64_t number;
  std::uint64_t next;
  std::uint16_t size;
  std::uint8_t kind;
};
static_assert(sizeof(RecordHead) == 19);

constexpr std::size_t record_alignment = 8;
constexpr std::size_t longest_record =
    (sizeof(RecordHead) + fs::max_name + record_alignment) & ~(record_alignment - 1);

/// Writes the record of `name` and returns its size.
std::size_t write_record(const fs::ListedName& name, std::span<std::byte, longest_record> buffer) {
  const std::size_t size = align_up(sizeof(RecordHead) + name.size + 1, record_alignment);
  const RecordHead head{.number = name.number,
                        .next = name.next,
                        .size = static_cast<std::uint16_t>(size),
                        .kind = static_cast<std::uint8_t>((name.mode & S_IFMT) >> 12U)};
  std::ranges::fill(buffer, std::byte{});
  std::memcpy(buffer.data(), &head, sizeof head);
  std::memcpy(buffer.data() + sizeof head, name.text, name.size);
  return size;
}

} // namespace

Result<long> sys_chdir(UserPath path) {
  return change_to(TRY(find_node({AT_FDCWD, path}, fs::LastLink::follow)));
}

Result<long> sys_fchdir(int descriptor) {
  const auto node = node_of(descriptor);
  return change_to(node || node.error() == std::errc::bad_file_descriptor
                       ? TRY(node)
                       : TRY(Result<fs::NodeReference>(fail(std::errc::not_a_directory))));
}

Result<long> sys_getcwd(std::uint64_t buffer, std::size_t size) {
  const auto text = TRY((mm::make_owned<std::array<char, fs::max_path + 1>>()));
  const std::size_t length =
      TRY(fs::path_of(*working_directory(), std::span(*text).first(fs::max_path)));
  (*text)[length] = '\0';
  if (length + 1 > size) {
    return fail(std::errc::result_out_of_range);
  }
  TRY(mm::copy_out(mm::VirtualAddress(buffer), std::as_bytes(std::span(*text).first(length + 1))));
  return static_cast<long>(length + 1);
}

Result<long> sys_getdents64(int descriptor, std::uint64_t buffer, unsigned size) {
  const auto file = TRY(find_file(descriptor));
  if (file->kind() != fs::FileKind::directory) {
    return fail(std::errc::not_a_directory);
  }
  auto& open = static_cast<fs::OpenDirectory&>(*file);
  if (!open.can_read()) {
    return fail(std::errc::bad_file_descriptor);
  }
  if (size > INT_MAX) {
    return fail(std::errc::invalid_argument);
  }
  const auto name = TRY(mm::make_owned<fs::ListedName>());
  std::size_t done = 0;
  while (open.list(open.position(), *name)) {
    std::array<std::byte, longest_record> record;
    const std::size_t record_size = write_record(*name, record);
    if (record_size > size - done) {
      return done != 0 ? Result<long>(static_cast<long>(done)) : fail(std::errc::invalid_argument);
    }
    const auto copied =
        mm::copy_out(mm::VirtualAddress(buffer + done), std::span(record).first(record_size));
    if (!copied) {
      return done != 0 ? Result<long>(static_cast<long>(done)) : fail(copied.error());
    }
    done += record_size;
    open.set_position(name->next);
  }
  fs::tell_change(open.directory(), fs::change::accessed);
  return static_cast<long>(done);
}

} // namespace skerry::posix
