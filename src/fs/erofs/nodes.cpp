// SPDX-License-Identifier: Apache-2.0
// Directories, links and all else that has a name in an EROFS image. Status tells the times of the
// image, which reading does not change.
#include "src/fs/erofs/file_system.hpp"
#include "src/fs/erofs/names.hpp"
#include "src/fs/erofs/regular_node.hpp"

#include <algorithm>
#include <cstring>
#include <sys/stat.h>

namespace skerry::fs::erofs {
namespace {

constexpr std::uint64_t allocation_unit = 512;

/// st_mode for the kinds of directory entries.
mode_t mode_of_kind(std::uint8_t kind) {
  constexpr mode_t modes[] = {0, S_IFREG, S_IFDIR, S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK, S_IFLNK};
  return kind < std::size(modes) ? modes[kind] : 0;
}

class ErofsDirectory final : public Directory, public KnownNode {
public:
  ErofsDirectory(ErofsFileSystem& system, const Inode& inode)
      : Directory(system, status_of(inode)), KnownNode(system, *this, inode) {}

  [[nodiscard]] Status status() const override { return with_sizes(Directory::status(), inode()); }

  [[nodiscard]] Result<NodeReference> find(std::string_view name) override {
    return system().node(TRY(names().find(name)).number);
  }

  [[nodiscard]] Result<DirectoryReference> parent() override {
    if (inode().number == system().volume().root_number()) {
      return DirectoryReference(this);
    }
    const auto node = TRY(system().node(TRY(parent_of(inode()))));
    Directory* directory = node->as_directory();
    if (directory == nullptr) {
      return damaged("lies in what is no directory");
    }
    return DirectoryReference(directory);
  }

  [[nodiscard]] bool list(std::uint64_t position, ListedName& listed) override {
    auto found = names().at_or_behind(position);
    while (found && *found && ((*found)->text == "." || (*found)->text == "..")) {
      found = names().at_or_behind((*found)->next);
    }
    if (!found || !*found) {
      return false; // a damaged directory ends here; the log says so
    }
    const Name& name = **found;
    listed.next = name.next;
    listed.number = name.number;
    listed.mode = mode_of_kind(name.kind);
    listed.size = static_cast<std::uint8_t>(name.text.size());
    std::memcpy(listed.text, name.text.data(), name.text.size());
    return true;
  }

  /// An inode does not know its name: it is looked for in each directory above. Each step writes at
  /// least two characters, so that a damaged image does not lead round for ever.
  [[nodiscard]] Result<std::size_t> write_path(std::span<char> text) const override {
    const Volume& volume = system().volume();
    std::size_t start = text.size();
    Inode at = inode();
    while (at.number != volume.root_number()) {
      const Inode above = TRY(read_inode(volume, TRY(parent_of(at))));
      const auto name = S_ISDIR(above.mode) ? Names(volume, above).leading_to(at.number)
                                            : fail(std::errc::no_such_file_or_directory);
      if (!name) {
        return damaged("does not lie where it says");
      }
      if (start < name->text.size() + 1) {
        return fail(std::errc::result_out_of_range);
      }
      start -= name->text.size();
      std::memcpy(&text[start], name->text.data(), name->text.size());
      text[--start] = '/';
      at = above;
    }
    return start;
  }

private:
  ~ErofsDirectory() override = default;
  template <class T> friend struct mm::KernelDelete;

  [[nodiscard]] Names names() const { return {system().volume(), inode()}; }
  [[nodiscard]] std::unexpected<std::errc> damaged(std::string_view what) const {
    return system().volume().damaged(inode().number, what);
  }
  [[nodiscard]] Result<std::uint64_t> parent_of(const Inode& directory) const {
    const auto name = Names(system().volume(), directory).find("..");
    return name ? Result<std::uint64_t>(name->number) : damaged("has no directory above");
  }
};

class ErofsSymlink final : public Symlink, public KnownNode {
public:
  ErofsSymlink(ErofsFileSystem& system, const Inode& inode)
      : Symlink(system, status_of(inode)), KnownNode(system, *this, inode) {}

  [[nodiscard]] Status status() const override { return with_sizes(Symlink::status(), inode()); }

  [[nodiscard]] Result<std::size_t> read(std::span<char> text) override {
    if (inode().size_bytes == 0 || inode().size_bytes > max_path) {
      return system().volume().damaged(inode().number, "is a link of an impossible length");
    }
    return copy_from(system().volume(), inode(), 0, std::as_writable_bytes(text));
  }

private:
  ~ErofsSymlink() override = default;
  template <class T> friend struct mm::KernelDelete;
};

/// A device, a pipe or a socket: there is nothing behind the name.
class ErofsSpecial final : public Node, public KnownNode {
public:
  ErofsSpecial(ErofsFileSystem& system, const Inode& inode)
      : Node(system, status_of(inode)), KnownNode(system, *this, inode) {}

  [[nodiscard]] Result<FileReference> open(unsigned) override {
    return fail(std::errc::no_such_device_or_address);
  }

private:
  ~ErofsSpecial() override = default;
  template <class T> friend struct mm::KernelDelete;
};

template <class T>
Result<NodeReference> make(ErofsFileSystem& system, const Inode& inode, KnownNode*& known) {
  const NodeRef<T> made = TRY(make_node<T>(system, inode));
  known = made.get();
  return NodeReference(made);
}

} // namespace

Status status_of(const Inode& inode) {
  return {.number = inode.number,
          .mode = inode.mode,
          .links = inode.links,
          .user = inode.user,
          .group = inode.group,
          .accessed = inode.modified,
          .modified = inode.modified,
          .changed = inode.modified,
          .created = inode.modified};
}

Status with_sizes(Status status, const Inode& inode) {
  status.size_bytes = inode.size_bytes;
  status.allocated_bytes = align_up(inode.size_bytes, allocation_unit);
  return status;
}

Result<NodeReference> make_node_of(ErofsFileSystem& system, const Inode& inode, KnownNode*& known) {
  switch (inode.mode & S_IFMT) {
  case S_IFREG:
    return make<ErofsRegular>(system, inode, known);
  case S_IFDIR:
    return make<ErofsDirectory>(system, inode, known);
  case S_IFLNK:
    return make<ErofsSymlink>(system, inode, known);
  default:
    return make<ErofsSpecial>(system, inode, known);
  }
}

} // namespace skerry::fs::erofs
