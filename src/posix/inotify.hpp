// SPDX-License-Identifier: Apache-2.0
// Watching files (inotify(7)): an instance has watches, each on one node, and a queue of what
// happened there. Two things differ from Linux. A file without a name in the watched directory is
// not told of there any more, as by IN_EXCL_UNLINK, which is therefore taken and changes nothing;
// and a file with several names there is told of by each.
#pragma once

#include "src/posix/waiting_file.hpp"

#include <core/intrusive_list.hpp>
#include <fs/node.hpp>

#include <cstdint>
#include <string_view>
#include <sys/inotify.h>

namespace skerry::posix {

struct NotedEventTag;
struct WatchTag;
struct WatchOfInstanceTag;
class Inotify;

/// What waits to be read. Its name lies behind it.
struct NotedEvent : ListNode<NotedEventTag> {
  int watch = -1;
  std::uint32_t mask = 0;
  std::uint32_t cookie = 0;
  std::uint8_t name_size = 0;

  [[nodiscard]] std::string_view name() const {
    return {reinterpret_cast<const char*>(this + 1), name_size};
  }
  /// Bytes of its record: names are filled up with zeros, one at least.
  [[nodiscard]] std::size_t record_size() const {
    const std::size_t rounding = sizeof(inotify_event);
    return rounding + (name_size == 0 ? 0 : (name_size / rounding + 1) * rounding);
  }
};

/// One node that one instance watches.
struct Watch : ListNode<WatchTag>, ListNode<WatchOfInstanceTag> {
  Watch(Inotify& owner, fs::Node& node, int number, std::uint32_t mask);

  Inotify& owner;
  fs::Node* node;
  /// Empty where files can be deleted: the node must be able to end, which is told. Elsewhere a
  /// node that nobody uses goes too, and comes again.
  fs::NodeReference held;
  int number;
  std::uint32_t mask;
};

/// Calls do not run on two CPUs at once and do not block while they look.
class Inotify final : public WaitingFile {
public:
  /// As /proc/sys/fs/inotify/max_queued_events of Linux has it.
  static constexpr std::size_t most_events = 16'384;

  Inotify() : WaitingFile(fs::open_flag::read_only) { overflow_.mask = IN_Q_OVERFLOW; }
  ~Inotify() override = default;

  [[nodiscard]] Result<std::size_t> read(fs::UserBuffer& buffer) override;
  [[nodiscard]] Result<long> ioctl(unsigned long request, std::uint64_t argument) override;
  [[nodiscard]] fs::Readiness poll() override;
  [[nodiscard]] fs::FileKind kind() const override { return fs::FileKind::inotify; }

  /// Watches `node`, or changes what it is watched for; returns the watch's number.
  /// Errors: file_exists  it is watched, and `mask` says IN_MASK_CREATE; not_enough_memory
  [[nodiscard]] Result<int> watch(fs::Node& node, std::uint32_t mask);
  /// Errors: invalid_argument  no such watch
  [[nodiscard]] Result<> unwatch(int number);

  /// What happened where `watch` is, if it is watched for that. May end the watch.
  void note(Watch& watch, std::uint32_t mask, std::string_view name = {}, std::uint32_t cookie = 0);
  /// Ends the watch and says so.
  void end(Watch& watch);

private:
  void destroy() override;
  /// The watch leaves its lists, and its memory goes.
  static void remove(Watch& watch);
  void queue(int watch, std::uint32_t mask, std::string_view name, std::uint32_t cookie);
  [[nodiscard]] Result<> write_front(fs::UserBuffer& buffer);
  void drop_front();

  IntrusiveList<NotedEvent, NotedEventTag> events_;
  std::size_t count_ = 0;
  NotedEvent overflow_; ///< in the queue while it is linked
  IntrusiveList<Watch, WatchOfInstanceTag> watches_;
  int last_number_ = 0;
};

/// All watches of all instances.
[[nodiscard]] IntrusiveList<Watch, WatchTag>& all_watches();

/// Has changes of files told to the instances. May be called again.
void listen_to_changes();

} // namespace skerry::posix
