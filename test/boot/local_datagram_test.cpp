// SPDX-License-Identifier: Apache-2.0
// Local sockets of type SOCK_DGRAM, and what SOCK_SEQPACKET has in common with them: messages.
#include "local_socket.hpp"

#include <future>
#include <sys/ioctl.h>
#include <sys/uio.h>

namespace skerry::test {
namespace {

using namespace std::string_view_literals;

/// A socket that is bound to an abstract name.
class Bound {
public:
  explicit Bound(std::string_view name, int type = SOCK_DGRAM)
      : address(name), socket(local_socket(type)) {
    EXPECT_EQ(bind_to(socket, address), Answer{});
  }
  LocalAddress address;
  Descriptor socket;
};

Answer send_to(int socket, const LocalAddress& address, std::string_view text, int flags = 0) {
  return answer_of([&] {
    return ::sendto(socket, text.data(), text.size(), flags, address.in(), address.size);
  });
}

TEST(LocalDatagram, KeepsMessagesApart) {
  for (const int type : {SOCK_DGRAM, SOCK_SEQPACKET}) {
    const Pair pair(type);
    EXPECT_EQ(send_text(pair.one, "first"), (Answer{5, 0}));
    EXPECT_EQ(send_text(pair.one, ""), Answer{});
    EXPECT_EQ(send_text(pair.one, "third", MSG_EOR), (Answer{5, 0}));
    int size = -1;
    EXPECT_EQ(::ioctl(pair.other, FIONREAD, &size), 0);
    EXPECT_EQ(size, type == SOCK_DGRAM ? 5 : 10);
    EXPECT_EQ(received(pair.other, 64, MSG_PEEK), "first");
    EXPECT_EQ(received(pair.other, 3), "fir") << "the rest is lost";
    EXPECT_EQ(received(pair.other), "");
    EXPECT_EQ(received(pair.other), "third");
    EXPECT_EQ(received(pair.other), error_text(EAGAIN));
  }
}

TEST(LocalDatagram, TellsOfWhatItCutOff) {
  const Pair pair(SOCK_DGRAM);
  EXPECT_EQ(send_text(pair.one, "message"), (Answer{7, 0}));
  char room[4] = {};
  EXPECT_EQ(::recv(pair.other, room, sizeof room, MSG_PEEK | MSG_TRUNC), 7);
  iovec piece{.iov_base = room, .iov_len = sizeof room};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  EXPECT_EQ(::recvmsg(pair.other, &message, 0), 4);
  EXPECT_EQ(message.msg_flags, MSG_TRUNC);
  EXPECT_EQ(std::string_view(room, 4), "mess");
}

TEST(LocalDatagram, ComesWithTheNameOfTheSender) {
  const Bound server("\0server"sv);
  const Bound client("\0client"sv);
  const Descriptor nobody(local_socket(SOCK_DGRAM));
  char byte = 0;
  EXPECT_EQ(send_to(client.socket, server.address, "1"), (Answer{1, 0}));
  EXPECT_EQ(send_to(nobody, server.address, "2"), (Answer{1, 0}));
  LocalAddress from;
  EXPECT_EQ(::recvfrom(server.socket, &byte, 1, 0, from.out(), &from.size), 1);
  EXPECT_EQ(from.name(), "\0client"sv);
  EXPECT_EQ(send_to(server.socket, from, "answer"), (Answer{6, 0}));
  EXPECT_EQ(received(client.socket), "answer");
  from = LocalAddress();
  EXPECT_EQ(::recvfrom(server.socket, &byte, 1, 0, from.out(), &from.size), 1);
  EXPECT_EQ(from.size, 0U);
}

TEST(LocalDatagram, IsRefusedWhereNobodyListens) {
  const Descriptor client(local_socket(SOCK_DGRAM));
  EXPECT_EQ(send_text(client, "x"), refusal(ENOTCONN));
  EXPECT_EQ(send_to(client, LocalAddress("\0nobody"sv), "x"), refusal(ECONNREFUSED));
  EXPECT_EQ(send_to(client, LocalAddress("/tmp/nobody"sv), "x"), refusal(ENOENT));
  EXPECT_EQ(send_to(client, LocalAddress(""sv), "x"), refusal(EINVAL));
  Bound server("\0server"sv);
  EXPECT_EQ(connect_to(client, server.address), Answer{});
  EXPECT_EQ(send_text(client, "x"), (Answer{1, 0}));
  server.socket.reset();
  EXPECT_EQ(send_text(client, "x"), refusal(ECONNREFUSED));
  EXPECT_EQ(send_text(client, "x"), refusal(ENOTCONN)) << "it has no peer any more";
  EXPECT_EQ(answer_of([&] { return ::listen(client, 1); }), refusal(EOPNOTSUPP));
  EXPECT_EQ(answer_of([&] { return ::accept(client, nullptr, nullptr); }), refusal(EOPNOTSUPP));
}

TEST(LocalDatagram, ComesFromThePeerAlone) {
  const Bound server("\0server"sv);
  const Bound client("\0client"sv);
  const Descriptor stranger(local_socket(SOCK_DGRAM));
  EXPECT_EQ(send_to(stranger, server.address, "early"), (Answer{5, 0}));
  ASSERT_EQ(connect_to(server.socket, client.address), Answer{});
  EXPECT_EQ(send_to(stranger, server.address, "late"), refusal(EPERM));
  EXPECT_EQ(connect_to(stranger, server.address), refusal(EPERM));
  EXPECT_EQ(send_to(client.socket, server.address, "peer"), (Answer{4, 0}));
  EXPECT_EQ(received(server.socket), "early");
  EXPECT_EQ(received(server.socket), "peer");
  ASSERT_EQ(connect_to(client.socket, server.address), Answer{});
  EXPECT_EQ(send_text(client.socket, "unread"), (Answer{6, 0}));
  LocalAddress nobody;
  nobody.bytes.sun_family = AF_UNSPEC;
  EXPECT_EQ(connect_to(server.socket, nobody), Answer{}) << "forgets its peer";
  EXPECT_EQ(received(server.socket), error_text(EAGAIN)) << "with what came from it";
  EXPECT_EQ(received(client.socket), error_text(ECONNRESET));
  EXPECT_EQ(received(client.socket), error_text(EAGAIN));
}

TEST(LocalDatagram, IsNoLargerThanTheLimit) {
  const Pair pair(SOCK_DGRAM);
  ASSERT_EQ(set_socket_option(pair.one, SO_SNDBUF, 50'000), Answer{});
  const std::string block(100'000, 'x');
  EXPECT_EQ(send_text(pair.one, block.substr(0, 100'000 - 31)), refusal(EMSGSIZE));
  EXPECT_EQ(send_text(pair.one, block.substr(0, 100'000 - 32)), (Answer{100'000 - 32, 0}));
  EXPECT_EQ(received(pair.other, block.size()).size(), 100'000U - 32);
}

TEST(LocalDatagram, WaitsForRoomAtTheReceiver) {
  const Bound server("\0server"sv);
  const Descriptor client(local_socket(SOCK_DGRAM));
  int sent = 0;
  while (send_to(client, server.address, "x", MSG_DONTWAIT).value == 1)
    ++sent;
  EXPECT_EQ(errno, EAGAIN);
  EXPECT_GE(sent, 10);
  auto blocked =
      std::async(std::launch::async, [&] { return send_to(client, server.address, "last"); });
  for (int i = 0; i < sent; ++i)
    EXPECT_EQ(received(server.socket, 8, 0), "x");
  EXPECT_EQ(blocked.get(), (Answer{4, 0}));
  EXPECT_EQ(received(server.socket), "last");
  while (send_to(client, server.address, "x", MSG_DONTWAIT).value == 1) {
  }
  auto refused =
      std::async(std::launch::async, [&] { return send_to(client, server.address, "last"); });
  EXPECT_EQ(::shutdown(server.socket, SHUT_RD), 0);
  EXPECT_EQ(refused.get(), refusal(EPIPE));
}

TEST(LocalDatagram, EndsByShutdown) {
  const Pair pair(SOCK_DGRAM);
  EXPECT_EQ(send_text(pair.other, "before"), (Answer{6, 0}));
  EXPECT_EQ(::shutdown(pair.one, SHUT_RD), 0);
  EXPECT_EQ(send_text(pair.other, "after"), refusal(EPIPE));
  EXPECT_EQ(received(pair.one, 8, 0), "before");
  EXPECT_EQ(received(pair.one, 8, 0), "") << "does not wait for what cannot come";
  EXPECT_EQ(received(pair.one), error_text(EAGAIN)) << "as Linux has it";
  EXPECT_EQ(::shutdown(pair.one, SHUT_WR), 0);
  EXPECT_EQ(send_text(pair.one, "x"), refusal(EPIPE));
  Pair packets(SOCK_SEQPACKET);
  EXPECT_EQ(send_text(packets.one, "last"), (Answer{4, 0}));
  packets.one.reset();
  EXPECT_EQ(received(packets.other), "last");
  EXPECT_EQ(received(packets.other), "");
  EXPECT_EQ(send_text(packets.other, "x"), refusal(EPIPE));
}

TEST(LocalDatagram, MayBeSentToOneself) {
  const Bound self("\0self"sv);
  EXPECT_EQ(send_to(self.socket, self.address, "a"), (Answer{1, 0}));
  EXPECT_EQ(connect_to(self.socket, self.address), Answer{});
  EXPECT_EQ(send_text(self.socket, "b"), (Answer{1, 0}));
  EXPECT_EQ(received(self.socket), "a");
  EXPECT_EQ(received(self.socket), "b");
}

TEST(LocalDatagram, MovesSeveralMessagesInOneCall) {
  const Pair pair(SOCK_DGRAM);
  std::array<char, 3> bytes{'a', 'b', 'c'};
  std::array<iovec, 3> pieces{};
  std::array<mmsghdr, 3> messages{};
  for (std::size_t i = 0; i < messages.size(); ++i) {
    pieces[i] = {.iov_base = &bytes[i], .iov_len = 1};
    messages[i].msg_hdr.msg_iov = &pieces[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  EXPECT_EQ(::sendmmsg(pair.one, messages.data(), 3, 0), 3);
  bytes.fill('-');
  EXPECT_EQ(::recvmmsg(pair.other, messages.data(), 3, MSG_WAITFORONE, nullptr), 3);
  EXPECT_EQ(std::string_view(bytes.data(), bytes.size()), "abc");
}

} // namespace
} // namespace skerry::test
