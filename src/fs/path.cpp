// SPDX-License-Identifier: Apache-2.0
// Walking along a path, part by part.
#include <fs/mounts.hpp>
#include <fs/path.hpp>
#include <mm/heap.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace skerry::fs {
namespace {

/// As MAXSYMLINKS of Linux.
constexpr unsigned max_links = 40;

using PathText = std::array<char, max_path>;

class Walker {
public:
  Walker(DirectoryReference start, std::string_view path, LastLink how, Place& place)
      : at_(std::move(start)), rest_(path), how_(how), place_(place) {}

  Result<> run() {
    if (rest_.starts_with('/')) {
      at_ = DirectoryReference(&root());
    }
    while (!is_done_) {
      TRY(step());
    }
    return {};
  }

private:
  void skip_slashes() { rest_.remove_prefix(std::min(rest_.find_first_not_of('/'), rest_.size())); }

  Result<> step() {
    skip_slashes();
    const std::string_view part = rest_.substr(0, rest_.find('/'));
    rest_.remove_prefix(part.size());
    const bool has_slash = !rest_.empty();
    const bool is_last = rest_.find_first_not_of('/') == std::string_view::npos;
    if (part.empty()) {
      return finish({.last = LastPart::root}, NodeReference(at_), {});
    }
    if (part == "." || part == "..") {
      if (part == "..") {
        at_ = TRY(above(at_));
      }
      return is_last ? finish({.last = part == "." ? LastPart::dot : LastPart::dot_dot},
                              NodeReference(at_), {})
                     : Result<>();
    }
    return step_to(part, {.last = LastPart::name, .is_last = is_last, .has_slash = has_slash});
  }

  struct Part {
    LastPart last = LastPart::root;
    bool is_last = true;
    bool has_slash = false;
  };

  Result<> step_to(std::string_view name, Part part) {
    if (name.size() > max_name) {
      return fail(std::errc::filename_too_long);
    }
    auto found = at_->find(name);
    if (!found) {
      const bool may_miss = part.is_last && found.error() == std::errc::no_such_file_or_directory;
      return may_miss ? finish(part, {}, name) : fail(found.error());
    }
    Symlink* link = (*found)->as_symlink();
    if (link != nullptr && (!part.is_last || part.has_slash || how_ == LastLink::follow)) {
      auto target = TRY(link->jump());
      if (!target) {
        return expand(*link);
      }
      *found = std::move(target);
    }
    Directory* directory = (*found)->as_directory();
    if (directory != nullptr && directory->is_covered()) {
      *found = visible(DirectoryReference(directory));
      directory = (*found)->as_directory();
    }
    if ((!part.is_last || part.has_slash) && directory == nullptr) {
      return fail(std::errc::not_a_directory);
    }
    if (part.is_last) {
      return finish(part, std::move(*found), name);
    }
    at_ = DirectoryReference(directory);
    return {};
  }

  /// Goes on with the text of the link and what follows it.
  Result<> expand(Symlink& link) {
    if (++links_ > max_links) {
      return fail(std::errc::too_many_symbolic_link_levels);
    }
    auto text = TRY(mm::make_owned<PathText>());
    const std::size_t size = TRY(link.read(*text));
    if (rest_.size() > text->size() - size) {
      return fail(std::errc::filename_too_long);
    }
    std::memcpy(text->data() + size, rest_.data(), rest_.size());
    rest_ = {text->data(), size + rest_.size()};
    text_ = std::move(text);
    if (rest_.starts_with('/')) {
      at_ = DirectoryReference(&root());
    }
    return {};
  }

  Result<> finish(Part part, NodeReference node, std::string_view name) {
    place_.directory = std::move(at_);
    place_.node = std::move(node);
    place_.last = part.last;
    place_.wants_directory = part.has_slash;
    place_.set_name(name);
    is_done_ = true;
    return {};
  }

  DirectoryReference at_;
  std::string_view rest_;
  LastLink how_;
  Place& place_;
  mm::Owned<PathText> text_; // what rest_ points into after the first link
  unsigned links_ = 0;
  bool is_done_ = false;
};

} // namespace

void Place::set_name(std::string_view name) {
  size_ = static_cast<std::uint8_t>(std::min(name.size(), name_.size()));
  std::ranges::copy(name.substr(0, size_), name_.begin());
}

Result<> walk(const DirectoryReference& start, std::string_view path, LastLink how, Place& place) {
  if (path.empty()) {
    return fail(std::errc::no_such_file_or_directory);
  }
  return Walker(start, path, how, place).run();
}

} // namespace skerry::fs
