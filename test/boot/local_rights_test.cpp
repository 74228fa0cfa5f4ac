// SPDX-License-Identifier: Apache-2.0
// What goes through local sockets beside bytes: descriptors (SCM_RIGHTS) and credentials.
#include "local_socket.hpp"

#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <vector>

namespace skerry::test {
namespace {

using Control = std::vector<std::byte>;

Control control_of(int type, const void* data, std::size_t size) {
  Control control(CMSG_SPACE(size));
  msghdr message{};
  message.msg_control = control.data();
  message.msg_controllen = static_cast<socklen_t>(control.size());
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = type;
  header->cmsg_len = static_cast<socklen_t>(CMSG_LEN(size));
  std::memcpy(CMSG_DATA(header), data, size);
  return control;
}

Control rights(const std::vector<int>& descriptors) {
  return control_of(SCM_RIGHTS, descriptors.data(), descriptors.size() * sizeof(int));
}

Answer send_with(int socket, std::string_view text, Control control, int flags = MSG_NOSIGNAL) {
  iovec piece{.iov_base = const_cast<char*>(text.data()), .iov_len = text.size()};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = static_cast<socklen_t>(control.size());
  return answer_of([&] { return ::sendmsg(socket, &message, flags); });
}

/// What a receive brought; its descriptors are closed with it.
struct Arrival {
  explicit Arrival(int socket, std::size_t room = CMSG_SPACE(8 * sizeof(int)),
                   int flags = MSG_DONTWAIT, std::size_t text_room = 64) {
    Control control(room);
    text.resize(text_room);
    iovec piece{.iov_base = text.data(), .iov_len = text.size()};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = room != 0 ? control.data() : nullptr;
    message.msg_controllen = static_cast<socklen_t>(control.size());
    answer = answer_of([&] { return ::recvmsg(socket, &message, flags); });
    if (answer.value < 0)
      return;
    text.resize(static_cast<std::size_t>(answer.value));
    this->flags = message.msg_flags;
    std::size_t at = 0;
    while (at + CMSG_LEN(0) <= message.msg_controllen) {
      const auto* header = reinterpret_cast<const cmsghdr*>(&control[at]);
      const std::size_t size = std::size_t{header->cmsg_len} - CMSG_LEN(0);
      if (header->cmsg_type == SCM_RIGHTS) {
        descriptors.resize(size / sizeof(int));
        std::memcpy(descriptors.data(), CMSG_DATA(header), size);
      } else if (header->cmsg_type == SCM_CREDENTIALS) {
        std::memcpy(&credentials, CMSG_DATA(header), sizeof credentials);
      }
      at += CMSG_ALIGN(header->cmsg_len);
    }
  }
  Arrival(const Arrival&) = delete;
  Arrival& operator=(const Arrival&) = delete;
  ~Arrival() {
    for (const int descriptor : descriptors)
      ::close(descriptor);
  }

  Answer answer;
  std::string text;
  int flags = 0;
  std::vector<int> descriptors;
  ucred credentials{.pid = -1, .uid = 0, .gid = 0};
};

/// Whether the writing end of a pipe is open somewhere, as its reader sees it.
bool is_open_somewhere(int reader) {
  char byte = 0;
  return ::read(reader, &byte, 1) == -1 && errno == EAGAIN;
}

/// A pipe whose writing end can be given away.
struct Pipe {
  Pipe() { EXPECT_EQ(::pipe2(numbers.data(), O_NONBLOCK), 0); }
  ~Pipe() {
    ::close(numbers[0]);
    close_writer();
  }
  void close_writer() {
    ::close(numbers[1]);
    numbers[1] = -1;
  }
  [[nodiscard]] bool is_written() const { return is_open_somewhere(numbers[0]); }
  std::array<int, 2> numbers{};
};

TEST(LocalRights, PassOpenFiles) {
  for (const int type : {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}) {
    const Pair pair(type);
    Pipe pipe;
    EXPECT_EQ(send_with(pair.one, "x", rights({pipe.numbers[1], pipe.numbers[0]})), (Answer{1, 0}));
    pipe.close_writer();
    EXPECT_TRUE(pipe.is_written()) << "on its way it stays open";
    {
      const Arrival arrival(pair.other, 64, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
      EXPECT_EQ(arrival.text, "x");
      EXPECT_EQ(arrival.flags, MSG_CMSG_CLOEXEC);
      ASSERT_EQ(arrival.descriptors.size(), 2U);
      EXPECT_EQ(::fcntl(arrival.descriptors[0], F_GETFD), FD_CLOEXEC);
      EXPECT_EQ(::write(arrival.descriptors[0], "pipe", 4), 4);
      char text[4];
      EXPECT_EQ(::read(arrival.descriptors[1], text, 4), 4);
    }
    EXPECT_FALSE(pipe.is_written());
  }
}

TEST(LocalRights, AreClosedWithWhomTheyWereSentTo) {
  Pair pair(SOCK_STREAM);
  Pipe pipe;
  EXPECT_EQ(send_with(pair.one, "x", rights({pipe.numbers[1]})), (Answer{1, 0}));
  pipe.close_writer();
  pair.one.reset();
  EXPECT_TRUE(pipe.is_written()) << "the receiver may still come for it";
  pair.other.reset();
  EXPECT_FALSE(pipe.is_written());
}

TEST(LocalRights, ThatAreNotTakenAreClosed) {
  const Pair pair(SOCK_STREAM);
  for (const std::size_t room : {std::size_t{0}, CMSG_LEN(0), CMSG_LEN(sizeof(int))}) {
    Pipe first;
    Pipe second;
    EXPECT_EQ(send_with(pair.one, "x", rights({first.numbers[1], second.numbers[1]})),
              (Answer{1, 0}));
    first.close_writer();
    second.close_writer();
    const Arrival arrival(pair.other, room);
    EXPECT_EQ(arrival.text, "x");
    EXPECT_EQ(arrival.flags, MSG_CTRUNC);
    EXPECT_EQ(arrival.descriptors.size(), room == CMSG_LEN(sizeof(int)) ? 1U : 0U);
    EXPECT_EQ(first.is_written(), !arrival.descriptors.empty());
    EXPECT_FALSE(second.is_written());
  }
  Pipe pipe;
  EXPECT_EQ(send_with(pair.one, "x", rights({pipe.numbers[1]})), (Answer{1, 0}));
  pipe.close_writer();
  EXPECT_EQ(received(pair.other), "x") << "by recv()";
  EXPECT_FALSE(pipe.is_written());
}

TEST(LocalRights, StayWithTheirBytes) {
  const Pair pair(SOCK_STREAM);
  const Pipe pipe;
  EXPECT_EQ(send_text(pair.one, "before "), (Answer{7, 0}));
  EXPECT_EQ(send_with(pair.one, "with", rights({pipe.numbers[0]})), (Answer{4, 0}));
  EXPECT_EQ(send_text(pair.one, "after"), (Answer{5, 0}));
  {
    const Arrival peeked(pair.other, 64, MSG_DONTWAIT | MSG_PEEK);
    EXPECT_EQ(peeked.text, "before with");
    EXPECT_EQ(peeked.descriptors.size(), 1U) << "others than those of the receive that follows";
  }
  const Arrival arrival(pair.other);
  EXPECT_EQ(arrival.text, "before with");
  EXPECT_EQ(arrival.descriptors.size(), 1U);
  const Arrival rest(pair.other);
  EXPECT_EQ(rest.text, "after");
  EXPECT_TRUE(rest.descriptors.empty());
}

TEST(LocalRights, ThatAreNoneAreRefused) {
  const Pair pair(SOCK_STREAM);
  EXPECT_EQ(send_with(pair.one, "x", rights({-1})), refusal(EBADF));
  EXPECT_EQ(send_with(pair.one, "x", rights({9'999})), refusal(EBADF));
  EXPECT_EQ(send_with(pair.one, "x", rights(std::vector<int>(254, 0))), refusal(EINVAL));
  EXPECT_EQ(send_with(pair.one, "x", control_of(77, "abcd", 4)), refusal(EINVAL));
  Control damaged = rights({0});
  damaged[0] = std::byte{3}; // a length that is shorter than the header
  EXPECT_EQ(send_with(pair.one, "x", damaged), refusal(EINVAL));
  EXPECT_EQ(send_with(pair.one, "x", rights({})), (Answer{1, 0}));
  EXPECT_EQ(received(pair.other), "x");
  EXPECT_EQ(received(pair.other), error_text(EAGAIN));
}

TEST(LocalRights, ArriveAsFarAsThereAreNumbers) {
  const Pair pair(SOCK_DGRAM);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(send_with(pair.one, "x", rights({0, 0, 0})), (Answer{1, 0}));
  const int next = ::dup(0);
  ::close(next);
  const rlimit lower{.rlim_cur = static_cast<rlim_t>(next) + 1, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lower), 0);
  {
    const Arrival arrival(pair.other);
    EXPECT_EQ(arrival.descriptors.size(), 1U);
    EXPECT_EQ(arrival.flags, MSG_CTRUNC);
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(LocalRights, DoNotPileUpWithoutBound) {
  // One socket in another in another: as they end, each ends the next.
  constexpr int links = 900;
  Pipe pipe;
  int innermost = pipe.numbers[1];
  pipe.numbers[1] = -1;
  for (int i = 0; i < links; ++i) {
    std::array<int, 2> pair{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM, 0, pair.data()), 0);
    ASSERT_EQ(send_with(pair[0], "x", rights({innermost})), (Answer{1, 0}));
    ::close(innermost);
    ::close(pair[0]);
    innermost = pair[1];
  }
  EXPECT_TRUE(pipe.is_written());
  ::close(innermost);
  EXPECT_FALSE(pipe.is_written());
}

TEST(LocalRights, AreKeptByCirclesUpToALimit) {
  // Linux finds sockets that hold each other, and spares root the limit.
  constexpr rlim_t limit = 64;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit lower{.rlim_cur = limit, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lower), 0);
  Answer answer{1, 0};
  rlim_t circles = 0;
  for (; answer.value == 1 && circles <= 2 * limit; ++circles) {
    const Pair pair(SOCK_STREAM);
    answer = send_with(pair.one, "x", rights({pair.other}));
  }
  EXPECT_EQ(answer, refusal(ETOOMANYREFS));
  EXPECT_LE(circles, limit + 2);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  const Pair pair(SOCK_STREAM);
  EXPECT_EQ(send_with(pair.one, "x", rights({0})), (Answer{1, 0})) << "a higher limit";
}

TEST(LocalCredentials, ComeToWhoAsksForThem) {
  for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
    const Pair pair(type);
    EXPECT_EQ(send_text(pair.one, "early"), (Answer{5, 0}));
    EXPECT_EQ(set_socket_option(pair.other, SO_PASSCRED, 1), Answer{});
    EXPECT_EQ(socket_option(pair.other, SO_PASSCRED), 1);
    EXPECT_EQ(send_text(pair.one, "late"), (Answer{4, 0}));
    const Arrival early(pair.other);
    EXPECT_EQ(early.text, "early") << "not those of others with it";
    EXPECT_EQ(early.credentials.pid, 0);
    EXPECT_EQ(early.credentials.uid, 65534U);
    const Arrival late(pair.other);
    EXPECT_EQ(late.text, "late");
    EXPECT_EQ(late.credentials.pid, ::getpid());
    EXPECT_EQ(late.credentials.uid, 0U);
    EXPECT_EQ(send_text(pair.one, "x"), (Answer{1, 0}));
    const Arrival cut(pair.other, 0);
    EXPECT_EQ(cut.flags, MSG_CTRUNC);
  }
}

TEST(LocalCredentials, AreChecked) {
  const Pair pair(SOCK_STREAM);
  EXPECT_EQ(set_socket_option(pair.other, SO_PASSCRED, 1), Answer{});
  ucred claim{.pid = ::getpid(), .uid = 1234, .gid = 5678};
  EXPECT_EQ(send_with(pair.one, "x", control_of(SCM_CREDENTIALS, &claim, sizeof claim)),
            (Answer{1, 0}));
  const Arrival arrival(pair.other);
  EXPECT_EQ(arrival.credentials.uid, 1234U) << "root may say who it is";
  claim.pid = 3'999'999;
  EXPECT_EQ(send_with(pair.one, "x", control_of(SCM_CREDENTIALS, &claim, sizeof claim)),
            refusal(ESRCH));
  EXPECT_EQ(send_with(pair.one, "x", control_of(SCM_CREDENTIALS, &claim, 4)), refusal(EINVAL));
}

} // namespace
} // namespace skerry::test
