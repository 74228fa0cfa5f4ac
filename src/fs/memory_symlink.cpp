// SPDX-License-Identifier: Apache-2.0
// Symbolic links whose text lies in memory.
#include <fs/tree.hpp>
#include <mm/heap.hpp>

#include <algorithm>
#include <cstring>
#include <sys/stat.h>

namespace skerry::fs {
namespace {

class MemorySymlink final : public Symlink {
public:
  /// Takes over `text`, a block of the kernel's heap.
  MemorySymlink(const FileSystem& home, char* text, std::size_t size)
      : Symlink(home, S_IFLNK | 0777), text_(text), size_(size) {}
  MemorySymlink(const MemorySymlink&) = delete;
  MemorySymlink& operator=(const MemorySymlink&) = delete;

  [[nodiscard]] Status status() const override {
    Status status = Node::status();
    status.size_bytes = size_;
    return status;
  }

  [[nodiscard]] Result<std::size_t> read(std::span<char> text) override {
    const std::size_t size = std::min(size_, text.size());
    std::memcpy(text.data(), text_, size);
    touch_accessed();
    return size;
  }

private:
  ~MemorySymlink() override { mm::heap().free(text_); }
  template <class T> friend struct mm::KernelDelete;

  char* text_;
  std::size_t size_;
};

} // namespace

Result<NodeReference> make_symlink(const FileSystem& home, std::string_view target) {
  if (target.size() > max_path) {
    return fail(std::errc::filename_too_long);
  }
  auto* text = static_cast<char*>(TRY(mm::heap().allocate(target.size(), 1)));
  std::memcpy(text, target.data(), target.size());
  const auto made = make_node<MemorySymlink>(home, text, target.size());
  if (!made) {
    mm::heap().free(text);
    return fail(made.error());
  }
  return NodeReference(*made);
}

} // namespace skerry::fs
