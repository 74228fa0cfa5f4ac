// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/posix/local/name.hpp"

#include "src/posix/paths.hpp"

#include <fs/tree.hpp>

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>

namespace skerry::posix::local {
namespace {

constexpr std::size_t family_bytes = sizeof(sa_family_t);

/// Where a socket was bound. Which one is known to those that are bound (bound_ends.hpp).
class SocketNode final : public fs::Node {
public:
  SocketNode(const fs::FileSystem& home, mode_t permissions) : Node(home, S_IFSOCK | permissions) {}

  [[nodiscard]] Result<fs::FileReference> open(unsigned flags) override {
    if ((flags & fs::open_flag::path_only) == 0) {
      return fail(std::errc::no_such_device_or_address);
    }
    return fs::make_file<fs::NodeFile>(fs::NodeReference(this), flags);
  }

private:
  ~SocketNode() override = default;
  template <class T> friend struct mm::KernelDelete;
};

Result<> walk_to(const NameText& text, fs::LastLink how, fs::Place& place) {
  return fs::walk(TRY(start_of(AT_FDCWD, text.text())), text.text(), how, place);
}

} // namespace

Result<NameText> NameText::of(const net::SocketAddress& address) {
  NameText name;
  const auto bytes = address.value();
  if (bytes.size() <= family_bytes || bytes.size() > sizeof(sockaddr_un)) {
    return fail(std::errc::invalid_argument);
  }
  sa_family_t family{};
  std::memcpy(&family, bytes.data(), sizeof family);
  if (family != AF_UNIX) {
    return fail(std::errc::invalid_argument);
  }
  name.size_ = bytes.size() - family_bytes;
  std::memcpy(name.bytes_.data(), bytes.data() + family_bytes, name.size_);
  if (!name.is_abstract()) {
    name.size_ = std::min(name.size_, name.text().find('\0'));
  }
  return name;
}

void Name::drop() {
  if (--references == 0) {
    const mm::Owned<Name> end(this);
  }
}

void Name::write(net::SocketAddress& address) const {
  write_unnamed(address);
  const std::string_view own = text.text();
  std::memcpy(address.bytes.data() + address.size, own.data(), own.size());
  address.size += static_cast<unsigned>(own.size());
  if (!text.is_abstract()) {
    address.bytes[address.size++] = {};
  }
}

Result<fs::NodeReference> make_socket_node(const NameText& text) {
  fs::Place place;
  TRY(walk_to(text, fs::LastLink::keep, place));
  if (place.node) {
    return fail(std::errc::address_in_use);
  }
  if (place.wants_directory) {
    return fail(std::errc::no_such_file_or_directory);
  }
  TRY(check_writable(*place.directory));
  fs::TreeDirectory* directory = place.directory->as_tree();
  if (directory == nullptr) {
    return fail(std::errc::operation_not_permitted);
  }
  fs::NodeReference node(
      TRY(fs::make_node<SocketNode>(directory->file_system(), permissions_of(0777))));
  const auto entered = directory->enter(place.name(), node);
  if (!entered) {
    return fail(entered.error() == std::errc::file_exists ? std::errc::address_in_use
                                                          : entered.error());
  }
  return node;
}

Result<fs::NodeReference> find_socket_node(const NameText& text) {
  fs::Place place;
  TRY(walk_to(text, fs::LastLink::follow, place));
  return place.node ? Result<fs::NodeReference>(std::move(place.node))
                    : fail(std::errc::no_such_file_or_directory);
}

NameText numbered_name(unsigned number) {
  constexpr std::size_t digits = 5;
  net::SocketAddress address;
  write_unnamed(address);
  address.bytes[address.size++] = {};
  for (std::size_t i = digits; i-- > 0;) {
    address.bytes[address.size++] =
        static_cast<std::byte>("0123456789abcdef"[number >> (4 * i) & 0xf]);
  }
  return *NameText::of(address);
}

void write_unnamed(net::SocketAddress& address) {
  constexpr sa_family_t family = AF_UNIX;
  std::memcpy(address.bytes.data(), &family, sizeof family);
  address.size = sizeof family;
}

} // namespace skerry::posix::local
