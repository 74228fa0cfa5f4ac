// SPDX-License-Identifier: Apache-2.0
// A small EROFS image made by hand, with blocks of 512 bytes: what no mkfs.erofs of today makes,
// and what needs none. In it: /dir/inner (two blocks and a bit), /file ("hello"), /link (to
// dir/inner).
#pragma once

#include "src/fs/erofs/format.hpp"

#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

namespace skerry::fs::erofs::test {

class Sample {
public:
  static constexpr std::size_t block = 512;
  static constexpr std::uint32_t inode_block = 3;
  enum Number : std::uint16_t { root = 0, dir = 1, file = 2, inner = 4, link = 5 };
  static constexpr std::uint32_t root_names = 4;
  static constexpr std::uint32_t dir_names = 5;
  static constexpr std::uint32_t inner_block = 6;
  static constexpr std::size_t inner_size = 2 * block + 100;
  static constexpr std::int64_t time = 1'700'000'000;

  Sample() : bytes(9 * block) {
    Superblock superblock{};
    superblock.magic = superblock_magic;
    superblock.block_bits = 9;
    superblock.root_node = root;
    superblock.inodes = 5;
    superblock.build_time = time;
    superblock.blocks = 9;
    superblock.inode_block = inode_block;
    put(superblock_offset, superblock);

    put_inode(root, Layout::plain, S_IFDIR | 0755, 3, block, root_names);
    put_inode(dir, Layout::plain, S_IFDIR | 0755, 2, block, dir_names);
    put_inode(file, Layout::inlined, S_IFREG | 0644, 1, 5, 0);
    put_text(inode_at(file) + sizeof(CompactInode), "hello");
    put_inode(inner, Layout::plain, S_IFREG | 0600, 1, inner_size, inner_block);
    put_text(inner_block * block, inner_text());
    put_inode(link, Layout::inlined, S_IFLNK | 0777, 1, 9, 0);
    put_text(inode_at(link) + sizeof(CompactInode), "dir/inner");
    put_names(
        root_names,
        {{".", root, 2}, {"..", root, 2}, {"dir", dir, 2}, {"file", file, 1}, {"link", link, 7}});
    put_names(dir_names, {{".", dir, 2}, {"..", root, 2}, {"inner", inner, 1}});
  }

  static std::string inner_text() {
    std::string text;
    while (text.size() < inner_size)
      text += static_cast<char>('a' + text.size() % 23);
    return text;
  }

  static std::size_t inode_at(std::uint64_t number) {
    return inode_block * block + (number << inode_slot_bits);
  }
  /// Of entry `index` in a block of names.
  static std::size_t entry_at(std::uint32_t block_number, std::size_t index) {
    return block_number * block + index * sizeof(DirectoryEntry);
  }

  template <class T> T get(std::size_t offset) const {
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
  }
  template <class T> void put(std::size_t offset, const T& value) {
    std::memcpy(bytes.data() + offset, &value, sizeof value);
  }
  /// Changes a structure in place.
  template <class T, class Change> void change(std::size_t offset, Change change) {
    T value = get<T>(offset);
    change(value);
    put(offset, value);
  }
  void put_text(std::size_t offset, std::string_view text) {
    std::memcpy(bytes.data() + offset, text.data(), text.size());
  }

  std::vector<std::byte> bytes;

private:
  struct Entry {
    std::string_view name;
    Number number;
    std::uint8_t kind;
  };

  void put_inode(Number number, Layout layout, mode_t mode, std::uint16_t links, std::size_t size,
                 std::uint32_t place) {
    CompactInode inode{};
    inode.format = static_cast<std::uint16_t>(static_cast<unsigned>(layout) << layout_shift);
    inode.mode = static_cast<std::uint16_t>(mode);
    inode.links = links;
    inode.size = static_cast<std::uint32_t>(size);
    inode.place = place;
    put(inode_at(number), inode);
  }

  void put_names(std::uint32_t block_number, std::initializer_list<Entry> entries) {
    std::size_t name = entries.size() * sizeof(DirectoryEntry);
    std::size_t index = 0;
    for (const Entry& entry : entries) {
      DirectoryEntry written{};
      written.node = entry.number;
      written.name_offset = static_cast<std::uint16_t>(name);
      written.kind = entry.kind;
      put(entry_at(block_number, index++), written);
      put_text(block_number * block + name, entry.name);
      name += entry.name.size();
    }
  }
};

} // namespace skerry::fs::erofs::test
