// SPDX-License-Identifier: Apache-2.0
// A regular file of an EROFS image.
#pragma once

#include "src/fs/erofs/file_system.hpp"
#include "src/fs/page_tree.hpp"

#include <fs/position.hpp>

namespace skerry::fs::erofs {

/// Reading copies from the image to the application. What is mapped are the image's own frames,
/// where a page of the file lies in one that is part of the image that booted. Others, as the last
/// page of most files, are copies that are made when they are touched, and kept as long as the
/// node.
class ErofsRegular final : public Node, public KnownNode, public mm::MemoryObject {
public:
  ErofsRegular(ErofsFileSystem& system, const Inode& inode)
      : Node(system, status_of(inode)), KnownNode(system, *this, inode) {}

  /// Moves bytes from `offset` on; fewer than there is room for at the end of the file.
  /// Errors: bad_address, io_error  nothing could be copied
  [[nodiscard]] Result<std::size_t> read(UserBuffer& buffer, std::uint64_t offset) const;
  [[nodiscard]] std::uint64_t size_bytes() const { return inode().size_bytes; }

  [[nodiscard]] Status status() const override { return with_sizes(Node::status(), inode()); }
  [[nodiscard]] Result<FileReference> open(unsigned flags) override;
  [[nodiscard]] mm::MemoryObject* memory_object() override { return this; }

  void retain() override { hold(); }
  void release() override { drop(); }
  Result<mm::PhysicalAddress> take_page(std::uint64_t index, bool for_writing) override;
  void give_back_page(std::uint64_t index) override;
  [[nodiscard]] const std::byte* page_contents(std::uint64_t index,
                                               mm::PhysicalAddress frame) const override;

private:
  ~ErofsRegular() override = default;
  template <class T> friend struct mm::KernelDelete;
  /// Page `index` as it lies in the image, if it does so in a page.
  [[nodiscard]] const std::byte* page_in_image(std::uint64_t index) const;

  Locked<PageTree, LockMode::thread_only> pages_{LockRank::file_pages};
};

/// An open one.
class ErofsFile final : public NodeFile {
public:
  ErofsFile(ErofsRegular& node, unsigned flags)
      : NodeFile(NodeReference(&node), flags), regular_(node) {}

  [[nodiscard]] Result<std::size_t> read(UserBuffer& buffer) override;
  [[nodiscard]] Result<std::size_t> read_at(UserBuffer& buffer, std::int64_t offset) override;
  [[nodiscard]] Result<std::size_t> write_at(UserBuffer& buffer, std::int64_t offset) override;
  [[nodiscard]] Result<std::int64_t> seek(std::int64_t offset, int whence) override;
  [[nodiscard]] Result<long> ioctl(unsigned long request, std::uint64_t argument) override;

private:
  ~ErofsFile() override = default;
  template <class T> friend struct mm::KernelDelete;

  ErofsRegular& regular_; // held by NodeFile
  Position position_;
};

} // namespace skerry::fs::erofs
