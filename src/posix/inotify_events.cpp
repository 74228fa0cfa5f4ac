// SPDX-License-Identifier: Apache-2.0
// From changes of files to the watches that are told of them. Who watches a directory is told of
// files in it too, by name: nodes do not know their names, so the directory is searched for them.
#include "src/posix/inotify.hpp"

#include <fs/changes.hpp>

#include <sys/stat.h>

namespace skerry::posix {
namespace {

/// Calls `tell` with each watch. It may end the one that it is called with.
template <class Tell> void for_each_watch(Tell tell) {
  auto& watches = all_watches();
  for (auto at = watches.begin(); at != watches.end();) {
    Watch& watch = *at;
    ++at;
    tell(watch);
  }
}

std::uint32_t with_kind(const fs::Node& node, std::uint32_t change) {
  return change | (S_ISDIR(node.mode()) ? IN_ISDIR : 0);
}

/// Tells who watches `node` itself.
void tell_own(const fs::Node& node, std::uint32_t mask) {
  for_each_watch([&](Watch& watch) {
    if (watch.node == &node) {
      watch.owner.note(watch, mask);
    }
  });
}

/// Tells `watch`, which is on a directory, by each name that `node` has in it.
void tell_by_name(Watch& watch, fs::Directory& directory, const fs::Node& node,
                  std::uint32_t mask) {
  const bool ends_with_the_first = (watch.mask & IN_ONESHOT) != 0;
  fs::ListedName name;
  for (std::uint64_t position = 0; directory.list(position, name); position = name.next) {
    if (name.number == node.number()) {
      watch.owner.note(watch, mask, name.name());
      if (ends_with_the_first) {
        return;
      }
    }
  }
}

void tell_directory(const fs::Directory& directory, std::uint32_t mask, std::string_view name,
                    std::uint32_t cookie) {
  for_each_watch([&](Watch& watch) {
    if (watch.node == &directory) {
      watch.owner.note(watch, mask, name, cookie);
    }
  });
}

class Listener final : public fs::ChangeListener {
public:
  void happened(fs::Node& node, std::uint32_t change) override {
    const std::uint32_t mask = with_kind(node, change);
    for_each_watch([&](Watch& watch) {
      fs::Directory* directory = watch.node->as_directory();
      if (directory != nullptr && (watch.mask & change) != 0 && directory != &node &&
          &directory->file_system() == &node.file_system()) {
        tell_by_name(watch, *directory, node, mask);
      }
    });
    tell_own(node, mask);
  }

  void name_changed(fs::TreeDirectory& directory, std::string_view name, fs::Node& node,
                    std::uint32_t change) override {
    // The count of a file's names is among what is kept of it. A new file has no other name.
    const bool is_known = change == fs::change::deleted || node.status().links > 1;
    if (!S_ISDIR(node.mode()) && is_known) {
      tell_own(node, fs::change::attributes);
    }
    tell_directory(directory, with_kind(node, change), name, 0);
  }

  void renamed(const fs::Renaming& renaming) override {
    const auto moved = renaming.to.find(renaming.new_name);
    if (!moved) {
      return; // another thread was faster with the next change
    }
    if (!renaming.exchanged) {
      tell_move({renaming.from, renaming.old_name}, {renaming.to, renaming.new_name}, **moved,
                renaming.replaced);
      return;
    }
    const auto other = renaming.from.find(renaming.old_name);
    if (other && other->get() != moved->get()) {
      tell_move({renaming.from, renaming.old_name}, {renaming.to, renaming.new_name}, **moved,
                nullptr);
      tell_move({renaming.to, renaming.new_name}, {renaming.from, renaming.old_name}, **other,
                nullptr);
    }
  }

  void ended(fs::Node& node) override {
    for_each_watch([&](Watch& watch) {
      if (watch.node == &node) {
        watch.mask &= ~std::uint32_t{IN_ONESHOT}; // it ends once
        watch.owner.note(watch, fs::change::node_deleted);
        watch.owner.end(watch);
      }
    });
  }

private:
  struct Name {
    fs::TreeDirectory& directory;
    std::string_view text;
  };

  void tell_move(const Name& from, const Name& to, const fs::Node& node, const fs::Node* replaced) {
    const std::uint32_t cookie = ++last_cookie_;
    tell_directory(from.directory, with_kind(node, fs::change::moved_from), from.text, cookie);
    tell_directory(to.directory, with_kind(node, fs::change::moved_to), to.text, cookie);
    if (replaced != nullptr && !S_ISDIR(replaced->mode())) {
      tell_own(*replaced, fs::change::attributes);
    }
    tell_own(node, fs::change::node_moved);
  }

  std::uint32_t last_cookie_ = 0;
};

constinit Listener listener;

} // namespace

void listen_to_changes() {
  fs::change_listener.store(&listener, std::memory_order_release);
}

} // namespace skerry::posix
