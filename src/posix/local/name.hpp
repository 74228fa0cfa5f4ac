// SPDX-License-Identifier: Apache-2.0
// Names of local sockets: a path, at which a node of kind S_IFSOCK stands, or bytes of a name space
// of their own (abstract names), which begin with a zero.
#pragma once

#include <core/result.hpp>
#include <fs/node.hpp>
#include <net/socket.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <sys/socket.h>
#include <sys/un.h>

namespace skerry::posix::local {

/// What the application wrote after the family, not empty: a path without the zero behind it, or
/// an abstract name.
class NameText {
public:
  static constexpr std::size_t max_size = sizeof(sockaddr_un{}.sun_path);

  /// Errors: invalid_argument  another family, no name at all, or one that is too long
  [[nodiscard]] static Result<NameText> of(const net::SocketAddress& address);

  [[nodiscard]] bool is_abstract() const { return bytes_[0] == '\0'; }
  [[nodiscard]] std::string_view text() const { return {bytes_.data(), size_}; }

private:
  friend struct Name;
  std::array<char, max_size> bytes_{};
  std::size_t size_ = 0;
};

/// A name that a socket has. Connections share that of the socket that accepted them, so it is
/// counted; belongs to the one CPU, as all of this folder does.
struct Name {
  explicit Name(const NameText& of) : text(of) {}
  void hold() { ++references; }
  void drop();

  /// With the zero behind a path.
  void write(net::SocketAddress& address) const;

  std::size_t references = 1;
  fs::NodeReference node; ///< of a path: what stands there, or once stood there
  NameText text;
};
using NameReference = fs::NodeRef<Name>;

/// Makes the node of a path; `text` is one.
/// Errors: address_in_use  the path leads to something; those of walking along it;
///         operation_not_permitted  no place for new names; not_enough_memory
[[nodiscard]] Result<fs::NodeReference> make_socket_node(const NameText& text);

/// What stands at a path. Errors: those of walking along it
[[nodiscard]] Result<fs::NodeReference> find_socket_node(const NameText& text);

/// An abstract name: a zero and five hexadecimal digits.
[[nodiscard]] NameText numbered_name(unsigned number);

/// The address of a socket without a name.
void write_unnamed(net::SocketAddress& address);

} // namespace skerry::posix::local
