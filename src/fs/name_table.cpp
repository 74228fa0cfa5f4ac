// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/fs/name_table.hpp"

#include <mm/heap.hpp>

#include <algorithm>
#include <cstring>

namespace skerry::fs {
namespace {

constexpr std::size_t least_buckets = 64;

} // namespace

Result<Entry*> make_entry(std::string_view name) {
  auto* entry = new (TRY(mm::heap().allocate(sizeof(Entry) + name.size(), alignof(Entry)))) Entry;
  entry->size = static_cast<std::uint8_t>(name.size());
  std::memcpy(static_cast<void*>(entry + 1), name.data(), name.size());
  return entry;
}

void free_entry(Entry* entry) {
  if (entry != nullptr) {
    entry->~Entry();
    mm::heap().free(entry);
  }
}

std::uint64_t NameTable::hash_of(const TreeDirectory& directory, std::string_view name) const {
  const std::uint64_t number = directory.number();
  const SipKey key{{key_.words[0] ^ number, key_.words[1]}};
  return SipHash::hash(key, std::as_bytes(std::span(name)));
}

Entry* NameTable::find(const TreeDirectory& directory, std::string_view name) const {
  if (buckets_.empty()) {
    return nullptr;
  }
  const std::uint64_t hash = hash_of(directory, name);
  Entry* entry = bucket_of(hash);
  while (entry != nullptr &&
         (entry->hash != hash || entry->directory != &directory || entry->name() != name)) {
    entry = entry->next_in_bucket;
  }
  return entry;
}

Result<> NameTable::reserve() {
  if (count_ < buckets_.size()) {
    return {};
  }
  const std::size_t size = std::max(least_buckets, buckets_.size() * 2);
  auto* block = static_cast<Entry**>(TRY(mm::heap().allocate(size * sizeof(Entry*))));
  std::fill_n(block, size, nullptr);
  const std::span<Entry*> old = std::exchange(buckets_, std::span(block, size));
  for (Entry* entry : old) {
    while (entry != nullptr) {
      Entry* next = entry->next_in_bucket;
      entry->next_in_bucket = std::exchange(bucket_of(entry->hash), entry);
      entry = next;
    }
  }
  mm::heap().free(old.data());
  return {};
}

void NameTable::insert(Entry& entry, TreeDirectory& directory) {
  entry.directory = &directory;
  entry.hash = hash_of(directory, entry.name());
  entry.next_in_bucket = std::exchange(bucket_of(entry.hash), &entry);
  ++count_;
}

void NameTable::remove(Entry& entry) {
  Entry** link = &bucket_of(entry.hash);
  while (*link != &entry) {
    link = &(*link)->next_in_bucket;
  }
  *link = entry.next_in_bucket;
  --count_;
}

} // namespace skerry::fs
