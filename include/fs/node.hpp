// SPDX-License-Identifier: Apache-2.0
// What names in the tree of files lead to (POSIX: a file; elsewhere: an inode), apart from any name
// and from any open file.
#pragma once

#include <core/result.hpp>
#include <fs/file.hpp>
#include <fs/file_system.hpp>
#include <mm/heap.hpp>
#include <mm/memory_object.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <sys/types.h>
#include <utility>

namespace skerry::fs {

class Directory;
class Symlink;
class TreeDirectory;

/// Longest name and longest path, as NAME_MAX and PATH_MAX; the path's without its zero.
inline constexpr std::size_t max_name = 255;
inline constexpr std::size_t max_path = 4095;

/// What stat(2) tells. Times are nanoseconds since 1970, or since boot on a machine without a date.
struct Status {
  std::uint64_t device = 0;
  std::uint64_t number = 0;
  mode_t mode = 0; ///< with the bits of the kind (S_IFMT)
  std::uint32_t links = 0;
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  std::uint64_t special_device = 0; ///< of a device file
  std::uint64_t size_bytes = 0;
  std::uint64_t allocated_bytes = 0;
  std::int64_t accessed = 0;
  std::int64_t modified = 0;
  std::int64_t changed = 0;
  std::int64_t created = 0;
  bool is_read_only = false; ///< the file system is
};

/// Reference-counted: names, open files and mappings each hold one. Context: thread.
class Node {
public:
  Node(const FileSystem& home, mode_t mode);
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  [[nodiscard]] mode_t mode() const { return mode_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] const FileSystem& file_system() const { return home_; }
  [[nodiscard]] virtual Status status() const;

  /// Makes an open file; `flags` are those of open_flag.
  /// Errors: too_many_symbolic_link_levels  a symbolic link; no_such_device_or_address
  [[nodiscard]] virtual Result<FileReference> open(unsigned flags) = 0;

  /// Sets the size of a regular file.
  /// Errors: invalid_argument  no regular file; is_a_directory; file_too_large
  [[nodiscard]] virtual Result<> resize(std::uint64_t size_bytes);
  /// Reserves, or with `keep_size` without making the file longer, memory for a range.
  /// Errors: no_such_device  no regular file; no_space_on_device, not_enough_memory, file_too_large
  [[nodiscard]] virtual Result<> allocate(std::uint64_t offset, std::uint64_t size_bytes,
                                          bool keep_size);
  /// Turns a range into zeros and gives its memory back. Errors: no_such_device  no regular file
  [[nodiscard]] virtual Result<> punch_hole(std::uint64_t offset, std::uint64_t size_bytes);
  /// What mmap(2) maps, or null. Lives as long as the node.
  [[nodiscard]] virtual mm::MemoryObject* memory_object() { return nullptr; }

  [[nodiscard]] virtual Directory* as_directory() { return nullptr; }
  [[nodiscard]] virtual Symlink* as_symlink() { return nullptr; }

  /// Permission bits, owners and times are kept and told, and never looked at: there are no users.
  void set_permissions(mode_t permissions);
  void set_owner(std::uint32_t user, std::uint32_t group);
  void set_accessed(std::int64_t time) { accessed_.store(time, std::memory_order_relaxed); }
  void set_modified(std::int64_t time) { modified_.store(time, std::memory_order_relaxed); }
  void touch_accessed();
  void touch_modified(); ///< and changed
  void touch_changed();
  void add_link() { links_.fetch_add(1, std::memory_order_relaxed); }
  void remove_link() { links_.fetch_sub(1, std::memory_order_relaxed); }

  void hold() { references_.fetch_add(1, std::memory_order_relaxed); }
  /// Holds a node that may be on its way out; false when its last reference has gone.
  [[nodiscard]] bool hold_if_alive();
  /// Gives one reference back; the last one destroys the node. Any lock outside
  /// LockRank::file_nodes may be held.
  void drop();

protected:
  /// A node that is kept elsewhere and has what `kept` says.
  Node(const FileSystem& home, const Status& kept);
  virtual ~Node() = default;
  template <class T> friend struct mm::KernelDelete;

private:
  const FileSystem& home_;
  std::atomic<std::uint32_t> references_ = 1;
  std::atomic<mode_t> mode_;
  std::atomic<std::uint32_t> links_ = 0;
  std::atomic<std::uint32_t> user_ = 0;
  std::atomic<std::uint32_t> group_ = 0;
  std::atomic<std::int64_t> accessed_;
  std::atomic<std::int64_t> modified_;
  std::atomic<std::int64_t> changed_;
  std::int64_t created_;
  std::uint64_t number_;
};

/// Holds one reference to a node; may be empty.
template <class T> class NodeRef {
public:
  constexpr NodeRef() = default;
  /// Takes over a reference that the caller has.
  static NodeRef adopt(T* node) {
    NodeRef reference;
    reference.node_ = node;
    return reference;
  }
  explicit NodeRef(T* node) : node_(node) { hold(); }
  NodeRef(const NodeRef& other) : node_(other.node_) { hold(); }
  NodeRef(NodeRef&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  template <class U>
    requires std::convertible_to<U*, T*>
  NodeRef(const NodeRef<U>& other) : node_(other.get()) {
    hold();
  }
  NodeRef& operator=(NodeRef other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~NodeRef() {
    if (node_ != nullptr) {
      node_->drop();
    }
  }

  [[nodiscard]] T* get() const { return node_; }
  T* operator->() const { return node_; }
  T& operator*() const { return *node_; }
  explicit operator bool() const { return node_ != nullptr; }

private:
  void hold() const {
    if (node_ != nullptr) {
      node_->hold();
    }
  }

  T* node_ = nullptr;
};

using NodeReference = NodeRef<Node>;
using DirectoryReference = NodeRef<Directory>;

/// Makes a node on the kernel's heap. Errors: not_enough_memory
template <class T, class... Arguments>
[[nodiscard]] Result<NodeRef<T>> make_node(Arguments&&... arguments) {
  return NodeRef<T>::adopt(TRY(mm::make_owned<T>(std::forward<Arguments>(arguments)...)).release());
}

/// One name of a directory, as a listing shows it. "." and ".." are not among them.
struct ListedName {
  std::uint64_t next = 0; ///< where the listing goes on
  std::uint64_t number = 0;
  mode_t mode = 0;
  std::uint8_t size = 0;
  char text[max_name];

  [[nodiscard]] std::string_view name() const { return {text, size}; }
};

class Directory : public Node {
public:
  using Node::Node;

  [[nodiscard]] Directory* as_directory() final { return this; }
  /// Where names can be made and removed; null elsewhere.
  [[nodiscard]] virtual TreeDirectory* as_tree() { return nullptr; }

  /// What `name` leads to; not for "." and "..".
  /// Errors: no_such_file_or_directory
  [[nodiscard]] virtual Result<NodeReference> find(std::string_view name) = 0;
  /// The directory above; the root is above itself.
  /// Errors: no_such_file_or_directory  the directory was removed
  [[nodiscard]] virtual Result<DirectoryReference> parent() = 0;
  /// The first name at `position` or behind it; 0 is the start. Names that stay are listed once,
  /// whatever else comes and goes. Returns false at the end.
  [[nodiscard]] virtual bool list(std::uint64_t position, ListedName& name) = 0;
  /// Writes the path from the top of its file system, "/one/two", to the end of `text` and returns
  /// where it starts; that of the top is empty.
  /// Errors: no_such_file_or_directory  it was removed, or this kind has no path
  ///         result_out_of_range        there is no room
  [[nodiscard]] virtual Result<std::size_t> write_path(std::span<char> text) const;

  /// Whether a file system is mounted here; then it cannot be moved and removed.
  [[nodiscard]] bool is_covered() const { return is_covered_.load(std::memory_order_acquire); }
  /// For the table of mounts, whose lock is held.
  /// Errors: device_or_resource_busy  it is covered; no_such_file_or_directory  it was removed
  [[nodiscard]] virtual Result<> cover();

  [[nodiscard]] Result<FileReference> open(unsigned flags) override;
  [[nodiscard]] Result<> resize(std::uint64_t size_bytes) override;

private:
  std::atomic<bool> is_covered_ = false;
};

class Symlink : public Node {
public:
  using Node::Node;

  [[nodiscard]] Symlink* as_symlink() final { return this; }
  /// Fills `text` with where the link leads, cut off where it is full; returns the length.
  [[nodiscard]] virtual Result<std::size_t> read(std::span<char> text) = 0;
  /// For a link that leads to a node without a path: that node. Empty for all others.
  [[nodiscard]] virtual Result<NodeReference> jump() { return NodeReference(); }
  [[nodiscard]] Result<FileReference> open(unsigned flags) override;
};

/// An open file on a node.
class NodeFile : public File {
public:
  NodeFile(NodeReference node, unsigned flags) : File(flags), node_(std::move(node)) {}

  [[nodiscard]] Node* node() final { return node_.get(); }
  [[nodiscard]] Status status() override { return node_->status(); }

protected:
  void destroy() override;
  template <class T> friend struct mm::KernelDelete;

private:
  NodeReference node_;
};

/// Makes an open file of a class derived from NodeFile. Errors: not_enough_memory
template <class T, class... Arguments>
[[nodiscard]] Result<FileReference> make_file(Arguments&&... arguments) {
  return FileReference::adopt(
      TRY(mm::make_owned<T>(std::forward<Arguments>(arguments)...)).release());
}

/// Nanoseconds since 1970, or since boot on a machine without a date.
[[nodiscard]] std::int64_t time_now();

} // namespace skerry::fs
