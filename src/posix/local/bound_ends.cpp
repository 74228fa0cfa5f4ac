// SPDX-License-Identifier: Apache-2.0
// See the header. An image has few sockets with names: they are in one list.
#include "src/posix/local/bound_ends.hpp"

namespace skerry::posix::local {
namespace {

constinit IntrusiveList<End, BoundTag> bound;

/// Abstract names are apart for each type, as on Linux.
End* find_abstract(const NameText& text, int type) {
  for (End& end : bound) {
    if (end.type == type && !end.name->node && end.name->text.text() == text.text()) {
      return &end;
    }
  }
  return nullptr;
}

End* find_at(const fs::NodeReference& node) {
  for (End& end : bound) {
    if (end.name->node.get() == node.get()) {
      return &end;
    }
  }
  return nullptr;
}

} // namespace

Result<> bind(End& end, const NameText& text) {
  NameReference name = NameReference::adopt(TRY(mm::make_owned<Name>(text)).release());
  if (text.is_abstract()) {
    if (end.name) {
      return fail(std::errc::invalid_argument);
    }
    if (find_abstract(text, end.type) != nullptr) {
      return fail(std::errc::address_in_use);
    }
  } else {
    if (end.name) {
      const auto there = find_socket_node(text);
      return fail(there ? std::errc::address_in_use : std::errc::invalid_argument);
    }
    name->node = TRY(make_socket_node(text));
  }
  end.name = std::move(name);
  bound.push_back(end);
  return {};
}

Result<> bind_somewhere(End& end) {
  constexpr unsigned names = 1U << 20;
  static constinit unsigned next = 0;
  for (unsigned tried = 0; !end.name && tried < names; ++tried) {
    const NameText text = numbered_name(next);
    next = (next + 1) % names;
    if (find_abstract(text, end.type) == nullptr) {
      return bind(end, text);
    }
  }
  return end.name ? Result<>() : fail(std::errc::no_space_on_device);
}

Result<EndReference> find(const NameText& text, int type) {
  End* end = text.is_abstract() ? find_abstract(text, type) : find_at(TRY(find_socket_node(text)));
  if (end == nullptr) {
    return fail(std::errc::connection_refused);
  }
  return end->type == type ? Result<EndReference>(EndReference(end))
                           : fail(std::errc::wrong_protocol_type);
}

} // namespace skerry::posix::local
