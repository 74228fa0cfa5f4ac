// SPDX-License-Identifier: Apache-2.0
// Helpers for tests of local sockets (unix(7)). What the tests expect is what Linux answers: they
// pass there too.
#pragma once

#include "descriptor.hpp"
#include "system_call.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>

namespace skerry::test {

/// An address of a local socket, with as many bytes of a name as are given.
struct LocalAddress {
  LocalAddress() = default;
  explicit LocalAddress(std::string_view name) {
    std::memcpy(bytes.sun_path, name.data(), name.size());
    size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  }
  /// The bytes of the name.
  [[nodiscard]] std::string name() const {
    constexpr std::size_t start = offsetof(sockaddr_un, sun_path);
    return size > start ? std::string(bytes.sun_path, size - start) : std::string();
  }
  [[nodiscard]] const sockaddr* in() const { return reinterpret_cast<const sockaddr*>(&bytes); }
  [[nodiscard]] sockaddr* out() { return reinterpret_cast<sockaddr*>(&bytes); }

  sockaddr_un bytes{.sun_family = AF_UNIX, .sun_path = {}};
  socklen_t size = sizeof bytes;
};

inline int local_socket(int type) {
  return ::socket(AF_UNIX, type, 0);
}

inline Answer bind_to(int socket, const LocalAddress& address) {
  return answer_of([&] { return ::bind(socket, address.in(), address.size); });
}

inline Answer connect_to(int socket, const LocalAddress& address) {
  return answer_of([&] { return ::connect(socket, address.in(), address.size); });
}

inline std::string own_name(int socket) {
  LocalAddress address;
  EXPECT_EQ(::getsockname(socket, address.out(), &address.size), 0);
  return address.name();
}

/// Both ends of a socketpair.
class Pair {
public:
  explicit Pair(int type) : numbers_(make(type)), one(numbers_[0]), other(numbers_[1]) {}

private:
  static std::array<int, 2> make(int type) {
    std::array<int, 2> numbers{-1, -1};
    EXPECT_EQ(::socketpair(AF_UNIX, type, 0, numbers.data()), 0) << "errno " << errno;
    return numbers;
  }
  std::array<int, 2> numbers_;

public:
  Descriptor one;
  Descriptor other;
};

/// What is received, as text; "errno N" when nothing is.
inline std::string received(int socket, std::size_t room = 64, int flags = MSG_DONTWAIT) {
  std::string text(room, '\0');
  const Answer answer = answer_of([&] { return ::recv(socket, text.data(), room, flags); });
  if (answer.value < 0)
    return "errno " + std::to_string(answer.error);
  text.resize(static_cast<std::size_t>(answer.value));
  return text;
}

inline Answer send_text(int socket, std::string_view text, int flags = MSG_NOSIGNAL) {
  return answer_of([&] { return ::send(socket, text.data(), text.size(), flags); });
}

inline int socket_option(int socket, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  EXPECT_EQ(::getsockopt(socket, SOL_SOCKET, name, &value, &size), 0) << "errno " << errno;
  return value;
}

inline Answer set_socket_option(int socket, int name, int value) {
  return answer_of([&] { return ::setsockopt(socket, SOL_SOCKET, name, &value, sizeof value); });
}

inline std::string error_text(int error) {
  return "errno " + std::to_string(error);
}

} // namespace skerry::test
