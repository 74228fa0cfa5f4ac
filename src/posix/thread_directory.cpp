// SPDX-License-Identifier: Apache-2.0
// See the header. What is found there keeps a thread's number, not the thread, which may end at any
// time.
#include "src/posix/thread_directory.hpp"

#include "src/posix/numbered_name.hpp"
#include "src/posix/task.hpp"

#include <core/format.hpp>
#include <fs/position.hpp>

#include <algorithm>
#include <array>
#include <climits>
#include <sys/stat.h>

namespace skerry::posix {
namespace {

constexpr std::string_view name_file = "comm";

/// Told as the numbers of nodes that are made when they are looked for; far from those of others.
constexpr std::uint64_t first_number = std::uint64_t{3} << 61U;

/// Errors: no_such_process  the thread has ended
Result<kernel::Thread*> find_thread(int number) {
  const Task* task = find_task(number);
  return task != nullptr ? Result<kernel::Thread*>(task->thread) : fail(std::errc::no_such_process);
}

/// The name of a thread with a newline behind it. What is written becomes the name at once.
class ThreadNameFile final : public fs::NodeFile {
public:
  ThreadNameFile(fs::NodeReference node, unsigned flags, int thread)
      : NodeFile(std::move(node), flags), thread_(thread) {}

  [[nodiscard]] Result<std::size_t> read(fs::UserBuffer& buffer) override {
    const auto done = read_at(buffer, static_cast<std::int64_t>(position_.get()));
    if (done) {
      position_.set(position_.get() + *done);
    }
    return done;
  }

  [[nodiscard]] Result<std::size_t> read_at(fs::UserBuffer& buffer, std::int64_t offset) override {
    std::array<char, kernel::Thread::max_name + 1> text{};
    const std::string_view name = TRY(find_thread(thread_))->name();
    std::ranges::copy(name, text.begin());
    text[name.size()] = '\n';
    const std::size_t start = std::min(static_cast<std::size_t>(offset), name.size() + 1);
    return buffer.put(std::as_bytes(std::span(text).first(name.size() + 1).subspan(start)));
  }

  [[nodiscard]] Result<std::size_t> write(fs::UserBuffer& buffer) override {
    std::array<char, kernel::Thread::max_name> text{};
    const std::size_t size = buffer.remaining();
    const auto part = std::span(text).first(std::min(size, text.size()));
    const std::size_t taken = TRY(buffer.take(std::as_writable_bytes(part)));
    const std::string_view name(text.data(), taken);
    TRY(find_thread(thread_))->set_name(name.substr(0, name.find('\0')));
    buffer.skip(buffer.remaining());
    return size;
  }

  [[nodiscard]] Result<std::size_t> write_at(fs::UserBuffer& buffer, std::int64_t) override {
    return write(buffer);
  }

  [[nodiscard]] Result<std::int64_t> seek(std::int64_t offset, int whence) override {
    return position_.seek(offset, whence, 0);
  }

private:
  ~ThreadNameFile() override = default;
  template <class T> friend struct mm::KernelDelete;

  int thread_;
  fs::Position position_;
};

class ThreadNameNode final : public fs::Node {
public:
  ThreadNameNode(const fs::FileSystem& home, int thread)
      : Node(home, S_IFREG | 0644), thread_(thread) {}

  [[nodiscard]] Result<fs::FileReference> open(unsigned flags) override {
    return fs::make_file<ThreadNameFile>(fs::NodeReference(this), flags, thread_);
  }
  /// Opening to write from the start changes nothing before something is written.
  [[nodiscard]] Result<> resize(std::uint64_t) override { return {}; }

private:
  ~ThreadNameNode() override = default;
  template <class T> friend struct mm::KernelDelete;

  int thread_;
};

void set_listed(fs::ListedName& listed, std::string_view name, mode_t mode, int number) {
  std::ranges::copy(name, listed.text);
  listed.size = static_cast<std::uint8_t>(name.size());
  listed.mode = mode;
  listed.number = first_number + static_cast<std::uint64_t>(number);
}

/// One thread's.
class OneThread final : public fs::Directory {
public:
  OneThread(fs::Directory& above, int thread)
      : Directory(above.file_system(), S_IFDIR | 0555), above_(&above), thread_(thread) {}

  [[nodiscard]] Result<fs::NodeReference> find(std::string_view name) override {
    if (name != name_file || !find_thread(thread_)) {
      return fail(std::errc::no_such_file_or_directory);
    }
    return fs::NodeReference(TRY(fs::make_node<ThreadNameNode>(file_system(), thread_)));
  }

  [[nodiscard]] Result<fs::DirectoryReference> parent() override { return above_; }

  [[nodiscard]] bool list(std::uint64_t position, fs::ListedName& name) override {
    if (position != 0 || !find_thread(thread_)) {
      return false;
    }
    set_listed(name, name_file, S_IFREG, thread_);
    name.next = 1;
    return true;
  }

private:
  ~OneThread() override = default;
  template <class T> friend struct mm::KernelDelete;

  fs::DirectoryReference above_;
  int thread_;
};

/// The lowest number of a thread of the application from `lowest` on; INT_MAX when there is none.
int next_thread(int lowest) {
  struct Search {
    int lowest;
    int found = INT_MAX;
  } search{lowest};
  kernel::for_each_thread(
      [](kernel::Thread& thread, void* context) {
        auto& wanted = *static_cast<Search*>(context);
        if (thread.task != nullptr && thread.id >= wanted.lowest) {
          wanted.found = std::min(wanted.found, thread.id);
        }
      },
      &search);
  return search.found;
}

class ThreadDirectory final : public fs::Directory {
public:
  explicit ThreadDirectory(fs::Directory& above)
      : Directory(above.file_system(), S_IFDIR | 0555), above_(&above) {}

  [[nodiscard]] Result<fs::NodeReference> find(std::string_view name) override {
    const auto number = number_of_name(name);
    if (!number || !find_thread(*number)) {
      return fail(std::errc::no_such_file_or_directory);
    }
    return fs::NodeReference(TRY(fs::make_node<OneThread>(*this, *number)));
  }

  [[nodiscard]] Result<fs::DirectoryReference> parent() override { return above_; }

  [[nodiscard]] bool list(std::uint64_t position, fs::ListedName& name) override {
    const int number = position < INT_MAX ? next_thread(static_cast<int>(position)) : INT_MAX;
    if (number == INT_MAX) {
      return false;
    }
    std::array<char, 16> text{};
    set_listed(name, format_to(text, "{}", number), S_IFDIR, number);
    name.next = static_cast<std::uint64_t>(number) + 1;
    return true;
  }

private:
  ~ThreadDirectory() override = default;
  template <class T> friend struct mm::KernelDelete;

  fs::DirectoryReference above_;
};

} // namespace

Result<fs::NodeReference> make_thread_directory(fs::Directory& above) {
  return fs::NodeReference(TRY(fs::make_node<ThreadDirectory>(above)));
}

Result<fs::NodeReference> make_thread_name(const fs::FileSystem& home, int thread) {
  return fs::NodeReference(TRY(fs::make_node<ThreadNameNode>(home, thread)));
}

} // namespace skerry::posix
