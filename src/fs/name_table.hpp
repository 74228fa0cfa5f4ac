// SPDX-License-Identifier: Apache-2.0
// All names of the tree of files, by directory and text: a hash table with a secret key, so that
// nobody can choose names that collide.
#pragma once

#include <core/intrusive_list.hpp>
#include <core/siphash.hpp>
#include <fs/tree.hpp>

#include <span>

namespace skerry::fs {

/// One name in one directory. Its text lies behind it.
struct Entry : ListNode<EntryTag> {
  TreeDirectory* directory = nullptr;
  NodeReference node;
  std::uint64_t position = 0; ///< in the directory; never used twice
  std::uint64_t hash = 0;
  Entry* next_in_bucket = nullptr;
  std::uint8_t size = 0;

  [[nodiscard]] std::string_view name() const {
    return {reinterpret_cast<const char*>(this + 1), size};
  }
};

/// An entry that is in no table. Errors: not_enough_memory
[[nodiscard]] Result<Entry*> make_entry(std::string_view name);
/// Must run without the tree's lock when the entry may hold the last reference to its node.
void free_entry(Entry* entry);

/// Not synchronised.
class NameTable {
public:
  void set_key(const SipKey& key) { key_ = key; }

  [[nodiscard]] Entry* find(const TreeDirectory& directory, std::string_view name) const;
  /// Makes room for one more. Errors: not_enough_memory
  [[nodiscard]] Result<> reserve();
  /// Room was reserved, and the name is not there.
  void insert(Entry& entry, TreeDirectory& directory);
  void remove(Entry& entry);
  [[nodiscard]] std::size_t size() const { return count_; }

private:
  [[nodiscard]] std::uint64_t hash_of(const TreeDirectory& directory, std::string_view name) const;
  [[nodiscard]] Entry*& bucket_of(std::uint64_t hash) const {
    return buckets_[hash & (buckets_.size() - 1)];
  }

  std::span<Entry*> buckets_; // a power of two of them, or none
  std::size_t count_ = 0;
  SipKey key_;
};

} // namespace skerry::fs
