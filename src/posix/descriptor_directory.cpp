// SPDX-License-Identifier: Apache-2.0
// See the header. Names and what they lead to are made when they are looked for.
#include "src/posix/descriptor_directory.hpp"

#include "src/posix/descriptors.hpp"
#include "src/posix/numbered_name.hpp"

#include <core/format.hpp>
#include <fs/tree.hpp>

#include <cstring>
#include <sys/stat.h>

namespace skerry::posix {
namespace {

/// An open file that has no place in the tree, such as a pipe. To open it anew gives the same one.
class OpenFileNode final : public fs::Node {
public:
  OpenFileNode(const fs::FileSystem& home, fs::FileReference file)
      : Node(home, file->status().mode), file_(std::move(file)) {}

  [[nodiscard]] fs::Status status() const override { return file_->status(); }
  [[nodiscard]] Result<fs::FileReference> open(unsigned) override {
    return file_->as_socket() == nullptr ? Result<fs::FileReference>(file_)
                                         : fail(std::errc::no_such_device_or_address);
  }

private:
  ~OpenFileNode() override = default;
  template <class T> friend struct mm::KernelDelete;

  fs::FileReference file_;
};

class DescriptorLink final : public fs::Symlink {
public:
  DescriptorLink(const fs::FileSystem& home, fs::FileReference file)
      : Symlink(home, S_IFLNK | S_IRWXU), file_(std::move(file)) {}

  /// The text is known for directories: files may have several names, or none.
  [[nodiscard]] Result<std::size_t> read(std::span<char> text) override {
    fs::Node* node = file_->node();
    fs::Directory* directory = node != nullptr ? node->as_directory() : nullptr;
    return directory != nullptr ? fs::path_of(*directory, text)
                                : fail(std::errc::no_such_file_or_directory);
  }

  [[nodiscard]] Result<fs::NodeReference> jump() override {
    if (fs::Node* node = file_->node()) {
      return fs::NodeReference(node);
    }
    return fs::NodeReference(TRY(fs::make_node<OpenFileNode>(file_system(), file_)));
  }

private:
  ~DescriptorLink() override = default;
  template <class T> friend struct mm::KernelDelete;

  fs::FileReference file_;
};

class DescriptorDirectory final : public fs::Directory {
public:
  explicit DescriptorDirectory(fs::Directory& above)
      : Directory(above.file_system(), S_IFDIR | S_IRUSR | S_IXUSR), above_(&above) {}

  [[nodiscard]] Result<fs::NodeReference> find(std::string_view name) override {
    const auto number = number_of_name(name);
    auto file = number ? find_file(*number) : fail(std::errc::bad_file_descriptor);
    if (!file) {
      return fail(std::errc::no_such_file_or_directory);
    }
    return fs::NodeReference(TRY(fs::make_node<DescriptorLink>(file_system(), std::move(*file))));
  }

  [[nodiscard]] Result<fs::DirectoryReference> parent() override { return above_; }

  [[nodiscard]] bool list(std::uint64_t position, fs::ListedName& name) override {
    if (position > static_cast<std::uint64_t>(max_descriptors)) {
      return false;
    }
    const auto number = next_descriptor(static_cast<int>(position));
    if (!number) {
      return false;
    }
    const std::string_view text = format_to(name.text, "{}", *number);
    name.size = static_cast<std::uint8_t>(text.size());
    name.number = first_number + static_cast<std::uint64_t>(*number);
    name.mode = S_IFLNK;
    name.next = static_cast<std::uint64_t>(*number) + 1;
    return true;
  }

private:
  /// Told as the links' numbers; far from those of lasting nodes.
  static constexpr std::uint64_t first_number = std::uint64_t{1} << 62U;

  ~DescriptorDirectory() override = default;
  template <class T> friend struct mm::KernelDelete;

  fs::DirectoryReference above_;
};

} // namespace

Result<fs::NodeReference> make_descriptor_directory(fs::Directory& above) {
  return fs::NodeReference(TRY(fs::make_node<DescriptorDirectory>(above)));
}

} // namespace skerry::posix
