// SPDX-License-Identifier: Apache-2.0
// The text of /proc/self/mounts.
#include "src/fs/mount_table.hpp"

#include <mm/heap.hpp>

#include <array>
#include <string_view>

namespace skerry::fs {
namespace {

/// Text that is written as far as there is room.
class Line {
public:
  explicit Line(std::span<char> room) : room_(room) {}

  void add(char character) {
    if (size_ < room_.size()) {
      room_[size_] = character;
    }
    ++size_;
  }
  void add(std::string_view text) {
    for (const char character : text) {
      add(character);
    }
  }
  /// What separates the fields, and what marks it, as octal numbers: fstab(5).
  void add_escaped(std::string_view text) {
    for (const char character : text) {
      if (character != ' ' && character != '\t' && character != '\n' && character != '\\') {
        add(character);
        continue;
      }
      const auto code = static_cast<unsigned char>(character);
      add('\\');
      add(static_cast<char>('0' + (code >> 6U)));
      add(static_cast<char>('0' + ((code >> 3U) & 7U)));
      add(static_cast<char>('0' + (code & 7U)));
    }
  }
  /// Bytes written; 0 when there was no room for all.
  [[nodiscard]] std::size_t whole() const { return size_ <= room_.size() ? size_ : 0; }

private:
  std::span<char> room_;
  std::size_t size_ = 0;
};

std::size_t write_line(const FileSystem& system, std::string_view path, std::span<char> room) {
  Line line(room);
  line.add(system.kind().name);
  line.add(' ');
  line.add_escaped(path);
  line.add(' ');
  line.add(system.kind().name);
  line.add(system.is_read_only() ? " ro 0 0\n" : " rw 0 0\n");
  return line.whole();
}

} // namespace

std::size_t list_mounts(std::span<char> text) {
  const auto path = mm::make_owned<std::array<char, max_path>>();
  std::size_t done = 0;
  const FileSystem* system = path ? mounts().lock()->first() : nullptr;
  while (system != nullptr) {
    if (const auto size = path_of(*system->top(), **path)) {
      done += write_line(*system, {(*path)->data(), *size}, text.subspan(done));
    }
    system = mounts().lock()->next(*system);
  }
  return done;
}

} // namespace skerry::fs
