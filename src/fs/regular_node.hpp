// SPDX-License-Identifier: Apache-2.0
// A regular file whose contents lie in memory: what tmpfs and memfd_create(2) are made of.
#pragma once

#include "src/fs/page_tree.hpp"

#include <fs/node.hpp>
#include <kernel/locked.hpp>

namespace skerry::fs {

/// Bytes are copied without a lock, from and to pages that are in use for that time: an
/// application's page may fault in between, and may be a page of this very file.
class RegularNode final : public Node, public mm::MemoryObject {
public:
  /// Sizes and offsets end here, as off_t does.
  static constexpr std::uint64_t max_size = (std::uint64_t{1} << 63) - 1;

  using Node::Node;

  /// Moves bytes from `offset` on; fewer than there is room for at the end of the file.
  /// Errors: bad_address  nothing could be copied
  [[nodiscard]] Result<std::size_t> read(UserBuffer& buffer, std::uint64_t offset);
  /// Errors: bad_address, file_too_large, no_space_on_device, not_enough_memory  if nothing could
  ///         be written
  [[nodiscard]] Result<std::size_t> write(UserBuffer& buffer, std::uint64_t offset);
  /// The first byte from `offset` on that is data (or, with `hole`, in a hole; the end is one).
  /// Errors: no_such_device_or_address  there is none, or `offset` is at the end or behind it
  [[nodiscard]] Result<std::uint64_t> seek_data(std::uint64_t offset, bool hole);
  [[nodiscard]] std::uint64_t size_bytes() const;

  [[nodiscard]] Status status() const override;
  [[nodiscard]] Result<FileReference> open(unsigned flags) override;
  [[nodiscard]] Result<> resize(std::uint64_t new_size) override;
  [[nodiscard]] Result<> allocate(std::uint64_t offset, std::uint64_t size_bytes,
                                  bool keep_size) override;
  [[nodiscard]] Result<> punch_hole(std::uint64_t offset, std::uint64_t size_bytes) override;
  [[nodiscard]] mm::MemoryObject* memory_object() override { return this; }

  void retain() override { hold(); }
  void release() override { drop(); }
  Result<mm::PhysicalAddress> take_page(std::uint64_t index, bool for_writing) override;
  void give_back_page(std::uint64_t index) override;

private:
  struct Contents {
    PageTree pages;
    std::uint64_t size_bytes = 0;

    /// Clears what there is of page `index` from `offset` in it to `end`.
    void clear_part(std::uint64_t index, std::size_t offset, std::size_t end);
    /// Makes the file longer; what lay behind its end becomes zeros.
    void grow(std::uint64_t new_size);
  };

  /// For what a call has changed.
  void was_modified();
  ~RegularNode() override = default;
  template <class T> friend struct mm::KernelDelete;
  Result<std::size_t> write_page(UserBuffer& buffer, std::uint64_t offset, std::size_t size);

  mutable Locked<Contents, LockMode::thread_only> contents_{LockRank::file_pages};
};

} // namespace skerry::fs
