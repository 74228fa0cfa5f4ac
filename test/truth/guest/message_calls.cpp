// SPDX-License-Identifier: Apache-2.0
// Each call on sockets, by its own number.
#include "test/boot/descriptor.hpp"
#include "test/boot/system_call.hpp"
#include "test/truth/guest/raw_call.hpp"

#include <array>
#include <cstdint>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/syscall.h>

namespace skerry::test {
namespace {

sockaddr_in loopback(std::uint16_t port = 0) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = port;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int made(long number) {
  return static_cast<int>(number);
}

/// By getsockname() or getpeername().
sockaddr_in address_of(int socket, long number = SYS_getsockname) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  EXPECT_EQ(raw(number, socket, &address, &size), 0);
  EXPECT_EQ(size, sizeof address);
  return address;
}

std::string received(int socket) {
  std::array<char, 16> text{};
  const long size = raw(SYS_recvfrom, socket, text.data(), text.size(), 0, nullptr, nullptr);
  EXPECT_GE(size, 0);
  return {text.data(), static_cast<std::size_t>(size < 0 ? 0 : size)};
}

void send(int socket, std::string_view text) {
  EXPECT_EQ(raw(SYS_sendto, socket, text.data(), text.size(), MSG_NOSIGNAL, nullptr, 0),
            static_cast<long>(text.size()));
}

int bound(int type) {
  const int socket = made(raw(SYS_socket, AF_INET, type, 0));
  const sockaddr_in address = loopback();
  EXPECT_EQ(raw(SYS_bind, socket, &address, sizeof address), 0);
  return socket;
}

/// A message in one piece.
struct Message {
  explicit Message(std::string_view text = "........") : size(text.size()) {
    text.copy(bytes.data(), text.size());
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
  }
  [[nodiscard]] std::string text(std::size_t count) const { return {bytes.data(), count}; }

  std::array<char, 16> bytes{};
  std::size_t size;
  iovec piece{bytes.data(), size};
  msghdr header{};
};

TEST(SocketCalls, ConnectAndAccept) {
  const Descriptor listener(bound(SOCK_STREAM));
  EXPECT_EQ(raw(SYS_listen, listener, 4), 0);
  const sockaddr_in address = address_of(listener);
  EXPECT_NE(address.sin_port, 0);
  for (const long number : {SYS_accept, SYS_accept4}) {
    const Descriptor client(made(raw(SYS_socket, AF_INET, SOCK_STREAM, 0)));
    EXPECT_EQ(raw(SYS_connect, client, &address, sizeof address), 0);
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    const Descriptor server(made(raw(number, listener, &peer, &size, SOCK_CLOEXEC)));
    EXPECT_EQ(peer.sin_port, address_of(client).sin_port);
    EXPECT_EQ(::fcntl(server, F_GETFD), number == SYS_accept4 ? FD_CLOEXEC : 0);
    EXPECT_EQ(address_of(client, SYS_getpeername).sin_port, address.sin_port);
    send(client, "question");
    EXPECT_EQ(received(server), "question");
    EXPECT_EQ(raw(SYS_shutdown, client, SHUT_WR), 0);
    EXPECT_EQ(received(server), "") << "the end";
    send(server, "answer");
    EXPECT_EQ(received(client), "answer");
  }
}

TEST(SocketCalls, SetWhatOptionsSay) {
  const Descriptor socket(made(raw(SYS_socket, AF_INET, SOCK_STREAM, 0)));
  int value = 7;
  socklen_t size = sizeof value;
  EXPECT_EQ(raw(SYS_getsockopt, socket, SOL_SOCKET, SO_KEEPALIVE, &value, &size), 0);
  EXPECT_EQ(value, 0);
  value = 1;
  EXPECT_EQ(raw(SYS_setsockopt, socket, SOL_SOCKET, SO_KEEPALIVE, &value, size), 0);
  value = 7;
  EXPECT_EQ(raw(SYS_getsockopt, socket, SOL_SOCKET, SO_KEEPALIVE, &value, &size), 0);
  EXPECT_EQ(value, 1);
  EXPECT_EQ(raw(SYS_getsockopt, socket, SOL_SOCKET, SO_TYPE, &value, &size), 0);
  EXPECT_EQ(value, SOCK_STREAM);
}

TEST(SocketCalls, PassMessages) {
  const Descriptor one(bound(SOCK_DGRAM));
  const Descriptor other(bound(SOCK_DGRAM));
  const sockaddr_in to = address_of(other);
  EXPECT_EQ(raw(SYS_sendto, one, "first", 5, 0, &to, sizeof to), 5);
  sockaddr_in from{};
  socklen_t size = sizeof from;
  std::array<char, 16> text{};
  EXPECT_EQ(raw(SYS_recvfrom, other, text.data(), text.size(), 0, &from, &size), 5);
  EXPECT_STREQ(text.data(), "first");
  EXPECT_EQ(from.sin_port, address_of(one).sin_port);
  Message message("second");
  sockaddr_in place = to;
  message.header.msg_name = &place;
  message.header.msg_namelen = sizeof place;
  EXPECT_EQ(raw(SYS_sendmsg, one, &message.header, 0), 6);
  Message answer;
  answer.header.msg_name = &from;
  answer.header.msg_namelen = sizeof from;
  EXPECT_EQ(raw(SYS_recvmsg, other, &answer.header, 0), 6);
  EXPECT_EQ(answer.text(6), "second");
  EXPECT_EQ(answer.header.msg_namelen, sizeof from);
}

TEST(SocketCalls, PassSeveralMessagesAtOnce) {
  std::array<int, 2> ends{};
  ASSERT_EQ(raw(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, ends.data()), 0);
  const Descriptor one(ends[0]);
  const Descriptor other(ends[1]);
  Message first("1");
  Message second("22");
  std::array<mmsghdr, 2> messages{};
  messages[0].msg_hdr = first.header;
  messages[1].msg_hdr = second.header;
  EXPECT_EQ(raw(SYS_sendmmsg, one, messages.data(), 2, 0), 2);
  EXPECT_EQ(messages[1].msg_len, 2U);
  Message third;
  Message fourth;
  messages[0].msg_hdr = third.header;
  messages[1].msg_hdr = fourth.header;
  EXPECT_EQ(raw(SYS_recvmmsg, other, messages.data(), 2, 0, nullptr), 2);
  EXPECT_EQ(third.text(messages[0].msg_len), "1");
  EXPECT_EQ(fourth.text(messages[1].msg_len), "22");
}

TEST(SocketCalls, RefuseFlagsThatTheyDoNotHave) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  const Descriptor one(ends[0]);
  const Descriptor other(ends[1]);
  EXPECT_EQ(answer_of([&] { return ::send(one, "x", 1, MSG_OOB); }), refusal(EOPNOTSUPP));
  char letter = 0;
  EXPECT_EQ(answer_of([&] { return ::recv(other, &letter, 1, MSG_ERRQUEUE | MSG_DONTWAIT); }),
            refusal(EOPNOTSUPP));
}

} // namespace
} // namespace skerry::test
