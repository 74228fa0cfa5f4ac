// SPDX-License-Identifier: Apache-2.0
// What all nodes have in common, and what they answer to operations that their kind does not have.
#include <fs/changes.hpp>
#include <fs/node.hpp>
#include <hal/clock.hpp>

#include <sys/stat.h>

namespace skerry::fs {
namespace {

constinit std::atomic<std::uint64_t> next_number = 1;

/// Refers to a place, and does nothing (O_PATH).
class PlaceFile final : public NodeFile {
public:
  using NodeFile::NodeFile;
};

} // namespace

constinit std::atomic<ChangeListener*> change_listener;

std::int64_t time_now() {
  const auto wall = hal::wall_clock_nanoseconds();
  return wall ? *wall : hal::monotonic_now().since_boot().in_nanoseconds();
}

Node::Node(const FileSystem& home, mode_t mode)
    : home_(home), mode_(mode), accessed_(time_now()), modified_(accessed_.load()),
      changed_(accessed_.load()), created_(accessed_.load()),
      number_(next_number.fetch_add(1, std::memory_order_relaxed)) {}

Node::Node(const FileSystem& home, const Status& kept)
    : home_(home), mode_(kept.mode), links_(kept.links), user_(kept.user), group_(kept.group),
      accessed_(kept.accessed), modified_(kept.modified), changed_(kept.changed),
      created_(kept.created), number_(kept.number) {}

Status Node::status() const {
  return {.device = home_.device(),
          .number = number_,
          .mode = mode(),
          .links = links_.load(std::memory_order_relaxed),
          .user = user_.load(std::memory_order_relaxed),
          .group = group_.load(std::memory_order_relaxed),
          .accessed = accessed_.load(std::memory_order_relaxed),
          .modified = modified_.load(std::memory_order_relaxed),
          .changed = changed_.load(std::memory_order_relaxed),
          .created = created_,
          .is_read_only = home_.is_read_only()};
}

Result<> Node::resize(std::uint64_t) {
  return fail(std::errc::invalid_argument);
}

Result<> Node::allocate(std::uint64_t, std::uint64_t, bool) {
  return fail(std::errc::no_such_device);
}

Result<> Node::punch_hole(std::uint64_t, std::uint64_t) {
  return fail(std::errc::no_such_device);
}

void Node::set_permissions(mode_t permissions) {
  mode_.store((mode() & S_IFMT) | (permissions & 07777), std::memory_order_relaxed);
  touch_changed();
  tell_change(*this, change::attributes);
}

void Node::set_owner(std::uint32_t user, std::uint32_t group) {
  constexpr std::uint32_t unchanged = ~std::uint32_t{0};
  if (user != unchanged) {
    user_.store(user, std::memory_order_relaxed);
  }
  if (group != unchanged) {
    group_.store(group, std::memory_order_relaxed);
  }
  touch_changed();
  tell_change(*this, change::attributes);
}

void Node::touch_accessed() {
  accessed_.store(time_now(), std::memory_order_relaxed);
}

void Node::touch_modified() {
  const std::int64_t now = time_now();
  modified_.store(now, std::memory_order_relaxed);
  changed_.store(now, std::memory_order_relaxed);
}

void Node::touch_changed() {
  changed_.store(time_now(), std::memory_order_relaxed);
}

bool Node::hold_if_alive() {
  std::uint32_t count = references_.load(std::memory_order_relaxed);
  while (count != 0 &&
         !references_.compare_exchange_weak(count, count + 1, std::memory_order_relaxed)) {
  }
  return count != 0;
}

void Node::drop() {
  if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    if (ChangeListener* listener = change_listener.load(std::memory_order_acquire)) {
      listener->ended(*this);
    }
    const mm::Owned<Node> last_owner(this);
  }
}

void NodeFile::destroy() {
  if ((flags() & open_flag::path_only) == 0) {
    tell_change(*node_, can_write() ? change::closed_after_writing : change::closed);
  }
  const mm::Owned<NodeFile> last_owner(this);
}

Result<FileReference> Symlink::open(unsigned flags) {
  if ((flags & open_flag::path_only) == 0) {
    return fail(std::errc::too_many_symbolic_link_levels);
  }
  return make_file<PlaceFile>(NodeReference(this), flags);
}

} // namespace skerry::fs
