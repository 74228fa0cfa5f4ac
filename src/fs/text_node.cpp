// SPDX-License-Identifier: Apache-2.0
// Files whose text is made when they are opened.
#include <fs/position.hpp>
#include <fs/tree.hpp>
#include <mm/heap.hpp>

#include <sys/stat.h>
#include <utility>

namespace skerry::fs {
namespace {

/// Memory for a text, of the kernel's heap.
class TextMemory {
public:
  TextMemory() = default;
  TextMemory(TextMemory&& other) noexcept
      : start_(std::exchange(other.start_, nullptr)), size_(other.size_) {}
  TextMemory& operator=(TextMemory&&) = delete;
  ~TextMemory() { mm::heap().free(start_); }

  /// Errors: not_enough_memory
  [[nodiscard]] static Result<TextMemory> fill(TextSource source) {
    std::size_t room = 2048;
    for (;;) {
      TextMemory memory;
      memory.start_ = static_cast<char*>(TRY(mm::heap().allocate(room)));
      memory.size_ = source(std::span(memory.start_, room));
      if (memory.size_ <= room) {
        return memory;
      }
      room = memory.size_ + memory.size_ / 4; // it may have grown meanwhile
    }
  }

  [[nodiscard]] std::span<const char> text() const { return {start_, size_}; }

private:
  char* start_ = nullptr;
  std::size_t size_ = 0;
};

class TextFile final : public NodeFile {
public:
  TextFile(NodeReference node, unsigned flags, TextMemory memory)
      : NodeFile(std::move(node), flags), memory_(std::move(memory)) {}

  [[nodiscard]] Status status() override {
    Status status = NodeFile::status();
    status.size_bytes = memory_.text().size();
    return status;
  }

  [[nodiscard]] Result<std::size_t> read(UserBuffer& buffer) override {
    const auto done = read_at(buffer, static_cast<std::int64_t>(position_.get()));
    if (done) {
      position_.set(position_.get() + *done);
    }
    return done;
  }

  [[nodiscard]] Result<std::size_t> read_at(UserBuffer& buffer, std::int64_t offset) override {
    const auto start = static_cast<std::uint64_t>(offset);
    const std::span<const char> text = memory_.text();
    return start < text.size() ? buffer.put(std::as_bytes(text.subspan(start))) : 0;
  }

  [[nodiscard]] Result<std::int64_t> seek(std::int64_t offset, int whence) override {
    return position_.seek(offset, whence, memory_.text().size());
  }

private:
  ~TextFile() override = default;
  template <class T> friend struct mm::KernelDelete;

  TextMemory memory_;
  Position position_;
};

class TextNode final : public Node {
public:
  TextNode(const FileSystem& home, TextSource fill) : Node(home, S_IFREG | 0444), fill_(fill) {}

  [[nodiscard]] Result<FileReference> open(unsigned flags) override {
    const bool is_read_only = (flags & open_flag::access_mask) == open_flag::read_only;
    if (!is_read_only && (flags & open_flag::path_only) == 0) {
      return fail(std::errc::permission_denied);
    }
    auto memory = is_read_only ? TRY(TextMemory::fill(fill_)) : TextMemory();
    return make_file<TextFile>(NodeReference(this), flags, std::move(memory));
  }

  [[nodiscard]] Result<> resize(std::uint64_t) override {
    return fail(std::errc::permission_denied);
  }

private:
  ~TextNode() override = default;
  template <class T> friend struct mm::KernelDelete;

  TextSource fill_;
};

} // namespace

Result<NodeReference> make_text(const FileSystem& home, TextSource fill) {
  return NodeReference(TRY(make_node<TextNode>(home, fill)));
}

} // namespace skerry::fs
