// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/fs/erofs/file_system.hpp"

#include <kernel/image.hpp>
#include <mm/frames.hpp>

#include <utility>

namespace skerry::fs::erofs {

KnownNode::~KnownNode() {
  system_.forget(*this);
}

NodeReference NodeTable::find(std::uint64_t number) const {
  KnownNode* known = first_[bucket_of(number)];
  // One whose last reference has gone may still be there, beside its successor.
  while (known != nullptr && (known->inode_.number != number || !known->self_.hold_if_alive())) {
    known = known->next_in_bucket_;
  }
  return known != nullptr ? NodeReference::adopt(&known->self_) : NodeReference();
}

void NodeTable::insert(KnownNode& node) {
  node.next_in_bucket_ = std::exchange(first_[bucket_of(node.inode_.number)], &node);
}

void NodeTable::remove(KnownNode& node) {
  KnownNode** link = &first_[bucket_of(node.inode_.number)];
  while (*link != nullptr && *link != &node) {
    link = &(*link)->next_in_bucket_;
  }
  if (*link != nullptr) {
    *link = node.next_in_bucket_;
  }
}

ErofsFileSystem::ErofsFileSystem()
    : FileSystem({.name = "erofs", .magic = superblock_magic, .is_read_only = true},
                 next_device()) {}

bool ErofsFileSystem::open(std::span<const std::byte> image, Refusal& refusal, bool in_frames) {
  in_frames_ = in_frames;
  if (!volume_.open(image, refusal)) {
    return false;
  }
  const auto top = node(volume_.root_number());
  Directory* directory = top ? (*top)->as_directory() : nullptr;
  if (directory == nullptr) {
    refusal.why = "has no readable root directory";
    return false;
  }
  set_top(*directory);
  return true;
}

std::optional<mm::PhysicalAddress> ErofsFileSystem::frame_at(const std::byte* page) const {
  if (!in_frames_) {
    return kernel::image_frame(mm::VirtualAddress(page));
  }
  const mm::PhysicalAddress frame = mm::frames().physical(page);
  return frame.value() % mm::page_size == 0 ? std::optional(frame) : std::nullopt;
}

Space ErofsFileSystem::space() const {
  return {.block_bytes = volume_.block_bytes(),
          .total = volume_.size_bytes() >> volume_.block_bits(),
          .files = volume_.inodes()};
}

Result<NodeReference> ErofsFileSystem::node(std::uint64_t number) {
  if (auto found = nodes_.lock()->find(number)) {
    return found;
  }
  const Inode inode = TRY(read_inode(volume_, number));
  KnownNode* known = nullptr;
  const NodeReference made = TRY(make_node_of(*this, inode, known));
  NodeReference other;
  {
    const auto nodes = nodes_.lock();
    other = nodes->find(number);
    if (!other) {
      nodes->insert(*known);
    }
  }
  return other ? other : made; // another CPU was faster, or not
}

} // namespace skerry::fs::erofs
