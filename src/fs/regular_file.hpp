// SPDX-License-Identifier: Apache-2.0
// A regular file that is open: a position in a RegularNode.
#pragma once

#include "src/fs/regular_node.hpp"

#include <fs/position.hpp>

namespace skerry::fs {

// lseek(2), as Linux has them; only some headers name them.
inline constexpr int seek_data = 3;
inline constexpr int seek_hole = 4;

/// A flag of an open file: reading leaves the time of the last access alone (O_NOATIME).
inline constexpr unsigned keep_accessed = 01000000;

/// ioctl(2) of a regular file: FIONREAD tells how much is left from `position` on.
/// Errors: inappropriate_io_control_operation  another request; bad_address
[[nodiscard]] Result<long> tell_bytes_left(unsigned long request, std::uint64_t argument,
                                           std::uint64_t size_bytes, std::uint64_t position);

class RegularFile final : public NodeFile {
public:
  RegularFile(RegularNode& node, unsigned flags)
      : NodeFile(NodeReference(&node), flags), regular_(node) {}

  [[nodiscard]] Result<std::size_t> read(UserBuffer& buffer) override;
  [[nodiscard]] Result<std::size_t> write(UserBuffer& buffer) override;
  [[nodiscard]] Result<std::size_t> read_at(UserBuffer& buffer, std::int64_t offset) override;
  [[nodiscard]] Result<std::size_t> write_at(UserBuffer& buffer, std::int64_t offset) override;
  [[nodiscard]] Result<std::int64_t> seek(std::int64_t offset, int whence) override;
  [[nodiscard]] Result<long> ioctl(unsigned long request, std::uint64_t argument) override;

private:
  ~RegularFile() override = default;
  template <class T> friend struct mm::KernelDelete;

  [[nodiscard]] Result<std::size_t> read_from(UserBuffer& buffer, std::uint64_t position);

  RegularNode& regular_; // held by NodeFile
  Position position_;
};

} // namespace skerry::fs
