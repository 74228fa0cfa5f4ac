// SPDX-License-Identifier: Apache-2.0
// Files whose text is made when they are opened.
#include <fs/position.hpp>
#include <fs/tree.hpp>

#include <array>
#include <sys/stat.h>

namespace skerry::fs {
namespace {

class TextFile final : public NodeFile {
public:
  TextFile(NodeReference node, unsigned flags, TextSource fill)
      : NodeFile(std::move(node), flags), size_(fill(text_)) {}

  [[nodiscard]] Status status() override {
    Status status = NodeFile::status();
    status.size_bytes = size_;
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
    const std::span<const char> text(text_.data(), size_);
    return start < size_ ? buffer.put(std::as_bytes(text.subspan(start))) : 0;
  }

  [[nodiscard]] Result<std::int64_t> seek(std::int64_t offset, int whence) override {
    return position_.seek(offset, whence, size_);
  }

private:
  ~TextFile() override = default;
  template <class T> friend struct mm::KernelDelete;

  std::array<char, 2048> text_;
  std::size_t size_;
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
    return make_file<TextFile>(NodeReference(this), flags, fill_);
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
