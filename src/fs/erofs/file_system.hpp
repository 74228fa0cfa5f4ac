// SPDX-License-Identifier: Apache-2.0
// A mounted EROFS image. Nodes are made when they are looked for; as long as one is in use, whoever
// looks for its inode gets the same one.
#pragma once

#include "src/fs/erofs/inode.hpp"

#include <fs/file_system.hpp>
#include <fs/node.hpp>
#include <kernel/locked.hpp>
#include <mm/address.hpp>

#include <array>
#include <optional>

namespace skerry::fs::erofs {

class ErofsFileSystem;

/// What all nodes of an image have: a base beside Node.
class KnownNode {
public:
  KnownNode(ErofsFileSystem& system, Node& self, const Inode& inode)
      : system_(system), self_(self), inode_(inode) {}
  KnownNode(const KnownNode&) = delete;
  KnownNode& operator=(const KnownNode&) = delete;

  [[nodiscard]] const Inode& inode() const { return inode_; }
  [[nodiscard]] ErofsFileSystem& system() const { return system_; }

protected:
  /// Runs when nobody has the node any more, and before it is gone.
  ~KnownNode();

private:
  friend class NodeTable;

  ErofsFileSystem& system_;
  Node& self_;
  Inode inode_;
  KnownNode* next_in_bucket_ = nullptr;
};

/// The nodes that are in use, by the number of the inode. Not synchronised.
class NodeTable {
public:
  /// Holds what it returns; empty when nobody has the node.
  [[nodiscard]] NodeReference find(std::uint64_t number) const;
  void insert(KnownNode& node);
  /// Does nothing for a node that is not there.
  void remove(KnownNode& node);

private:
  static constexpr std::size_t buckets = 64;
  [[nodiscard]] static std::size_t bucket_of(std::uint64_t number) { return number % buckets; }

  std::array<KnownNode*, buckets> first_{};
};

class ErofsFileSystem final : public FileSystem {
public:
  ErofsFileSystem();

  /// Reads the superblock and the root. `in_frames` says that the image lies in frames that nobody
  /// gives out, reached by mm::Frames::pointer(). Context: boot, once. Returns false and fills
  /// `refusal` when the image cannot be used.
  [[nodiscard]] bool open(std::span<const std::byte> image, Refusal& refusal,
                          bool in_frames = false);
  /// The frame that holds a page of the image, where that can be mapped as it is.
  [[nodiscard]] std::optional<mm::PhysicalAddress> frame_at(const std::byte* page) const;

  [[nodiscard]] const Volume& volume() const { return volume_; }
  [[nodiscard]] Space space() const override;

  /// The node of an inode. Errors: io_error  damaged; not_enough_memory
  [[nodiscard]] Result<NodeReference> node(std::uint64_t number);
  void forget(KnownNode& node) { nodes_.lock()->remove(node); }

private:
  Volume volume_;
  bool in_frames_ = false;
  Locked<NodeTable, LockMode::thread_only> nodes_{LockRank::file_nodes};
};

/// What Node needs to know of an inode; the sizes are not among it.
[[nodiscard]] Status status_of(const Inode& inode);
[[nodiscard]] Status with_sizes(Status status, const Inode& inode);

/// A new node of the kind that the inode has. Errors: not_enough_memory
[[nodiscard]] Result<NodeReference> make_node_of(ErofsFileSystem& system, const Inode& inode,
                                                 KnownNode*& known);

} // namespace skerry::fs::erofs
