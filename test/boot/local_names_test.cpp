// SPDX-License-Identifier: Apache-2.0
// Names of local sockets: paths, abstract names, none.
#include "local_socket.hpp"

#include <cstdio>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/stat.h>

namespace skerry::test {
namespace {

using namespace std::string_view_literals;

TEST(LocalNames, ThatArePathsAreFilesOfTheirOwnKind) {
  const LocalAddress address("/tmp/socket"sv);
  const Descriptor server(local_socket(SOCK_STREAM));
  const mode_t mask = ::umask(027);
  ASSERT_EQ(bind_to(server, address), Answer{});
  ::umask(mask);
  struct stat status{};
  ASSERT_EQ(::stat("/tmp/socket", &status), 0);
  EXPECT_TRUE(S_ISSOCK(status.st_mode));
  EXPECT_EQ(status.st_mode & 0777, 0750U);
  EXPECT_EQ(answer_of([] { return ::open("/tmp/socket", O_RDWR); }), refusal(ENXIO));
  EXPECT_EQ(answer_of([] { return ::truncate("/tmp/socket", 0); }), refusal(EINVAL));
  const Descriptor place(::open("/tmp/socket", O_PATH));
  EXPECT_EQ(own_name(server), "/tmp/socket\0"sv);
  ASSERT_EQ(::fstat(server, &status), 0);
  EXPECT_TRUE(S_ISSOCK(status.st_mode));
  EXPECT_EQ(::unlink("/tmp/socket"), 0);
}

TEST(LocalNames, FollowTheFileAndNotThePath) {
  const LocalAddress first("/tmp/first"sv);
  const LocalAddress second("/tmp/second"sv);
  Descriptor server(local_socket(SOCK_STREAM));
  ASSERT_EQ(bind_to(server, first), Answer{});
  ASSERT_EQ(::listen(server, 8), 0);
  ASSERT_EQ(::rename("/tmp/first", "/tmp/second"), 0);
  const auto try_to_connect = [](const LocalAddress& address) {
    const Descriptor client(local_socket(SOCK_STREAM));
    return connect_to(client, address);
  };
  EXPECT_EQ(try_to_connect(first), refusal(ENOENT));
  EXPECT_EQ(try_to_connect(second), Answer{});
  ASSERT_EQ(::symlink("second", "/tmp/first"), 0);
  EXPECT_EQ(try_to_connect(first), Answer{}) << "through a symbolic link";
  EXPECT_EQ(::unlink("/tmp/first"), 0);
  ASSERT_EQ(::chdir("/tmp"), 0);
  EXPECT_EQ(try_to_connect(LocalAddress("./second"sv)), Answer{});
  ASSERT_EQ(::chdir("/"), 0);
  EXPECT_EQ(own_name(server), "/tmp/first\0"sv) << "what it was bound to";
  server.reset();
  EXPECT_EQ(try_to_connect(second), refusal(ECONNREFUSED)) << "the file outlives the socket";
  EXPECT_EQ(::unlink("/tmp/second"), 0);
  EXPECT_EQ(try_to_connect(second), refusal(ENOENT));
}

TEST(LocalNames, AreTakenOnce) {
  const LocalAddress path("/tmp/taken"sv);
  const LocalAddress other("/tmp/other"sv);
  Descriptor first(local_socket(SOCK_DGRAM));
  const Descriptor second(local_socket(SOCK_DGRAM));
  ASSERT_EQ(bind_to(first, path), Answer{});
  EXPECT_EQ(bind_to(second, path), refusal(EADDRINUSE));
  EXPECT_EQ(bind_to(first, path), refusal(EADDRINUSE));
  EXPECT_EQ(bind_to(first, other), refusal(EINVAL)) << "it has a name";
  EXPECT_EQ(answer_of([] { return ::access("/tmp/other", F_OK); }), refusal(ENOENT));
  first.reset();
  EXPECT_EQ(bind_to(second, path), refusal(EADDRINUSE)) << "the file is still there";
  ASSERT_EQ(::unlink("/tmp/taken"), 0);
  EXPECT_EQ(bind_to(second, path), Answer{});
  EXPECT_EQ(::unlink("/tmp/taken"), 0);
}

TEST(LocalNames, LeadToSocketsOrNowhere) {
  const Descriptor client(local_socket(SOCK_STREAM));
  const Descriptor file(::open("/tmp/regular", O_CREAT | O_RDWR, 0600));
  EXPECT_EQ(connect_to(client, LocalAddress("/tmp/regular"sv)), refusal(ECONNREFUSED));
  EXPECT_EQ(connect_to(client, LocalAddress("/tmp"sv)), refusal(ECONNREFUSED));
  EXPECT_EQ(connect_to(client, LocalAddress("/tmp/nothing"sv)), refusal(ENOENT));
  EXPECT_EQ(connect_to(client, LocalAddress("/tmp/regular/x"sv)), refusal(ENOTDIR));
  EXPECT_EQ(connect_to(client, LocalAddress("\0nothing"sv)), refusal(ECONNREFUSED));
  EXPECT_EQ(bind_to(client, LocalAddress("/tmp/regular"sv)), refusal(EADDRINUSE));
  EXPECT_EQ(bind_to(client, LocalAddress("/tmp/nothing/x"sv)), refusal(ENOENT));
  EXPECT_EQ(bind_to(client, LocalAddress("/tmp/nothing/"sv)), refusal(ENOENT));
  EXPECT_EQ(bind_to(client, LocalAddress("/"sv)), refusal(EADDRINUSE));
  EXPECT_EQ(::unlink("/tmp/regular"), 0);
  const LocalAddress datagrams("/tmp/datagrams"sv);
  const Descriptor server(local_socket(SOCK_DGRAM));
  ASSERT_EQ(bind_to(server, datagrams), Answer{});
  EXPECT_EQ(connect_to(client, datagrams), refusal(EPROTOTYPE));
  EXPECT_EQ(::unlink("/tmp/datagrams"), 0);
}

TEST(LocalNames, MayBeAsLongAsTheAddress) {
  std::string longest = "/tmp/";
  longest.append(sizeof(sockaddr_un{}.sun_path) - longest.size(), 'x');
  LocalAddress address(longest);
  const Descriptor server(local_socket(SOCK_STREAM));
  EXPECT_EQ(bind_to(server, address), Answer{}) << "without a zero at its end";
  std::array<char, 128> name{};
  socklen_t size = name.size();
  ASSERT_EQ(::getsockname(server, reinterpret_cast<sockaddr*>(name.data()), &size), 0);
  EXPECT_EQ(size, sizeof(sockaddr_un) + 1);
  EXPECT_EQ(::unlink(longest.c_str()), 0);
  const Descriptor other(local_socket(SOCK_STREAM));
  address.size = sizeof(sockaddr_un) + 1;
  EXPECT_EQ(bind_to(other, address), refusal(EINVAL));
  address.size = 1;
  EXPECT_EQ(bind_to(other, address), refusal(EINVAL));
  EXPECT_EQ(connect_to(other, LocalAddress(""sv)), refusal(EINVAL)) << "no name at all";
  address = LocalAddress("/tmp/family"sv);
  address.bytes.sun_family = AF_INET;
  EXPECT_EQ(bind_to(other, address), refusal(EINVAL));
  EXPECT_EQ(answer_of([&] { return ::bind(other, nullptr, 5); }), refusal(EFAULT));
}

TEST(LocalNames, ThatAreAbstractMayHoldAnyByte) {
  const LocalAddress plain("\0a"sv);
  const LocalAddress longer("\0a\0"sv);
  Descriptor first(local_socket(SOCK_DGRAM));
  const Descriptor second(local_socket(SOCK_DGRAM));
  const Descriptor stream(local_socket(SOCK_STREAM));
  ASSERT_EQ(bind_to(first, plain), Answer{});
  EXPECT_EQ(bind_to(second, plain), refusal(EADDRINUSE));
  EXPECT_EQ(bind_to(second, longer), Answer{}) << "its length belongs to a name";
  EXPECT_EQ(own_name(second), "\0a\0"sv);
  EXPECT_EQ(bind_to(stream, plain), Answer{}) << "names of one type are apart from those of others";
  EXPECT_EQ(bind_to(first, longer), refusal(EINVAL));
  first.reset();
  const Descriptor third(local_socket(SOCK_DGRAM));
  EXPECT_EQ(bind_to(third, plain), Answer{}) << "gone with its socket";
}

TEST(LocalNames, AreChosenForWhoLeavesThemOut) {
  const Descriptor first(local_socket(SOCK_DGRAM));
  const Descriptor second(local_socket(SOCK_DGRAM));
  EXPECT_EQ(own_name(first), "");
  EXPECT_EQ(bind_to(first, LocalAddress(""sv)), Answer{});
  EXPECT_EQ(bind_to(second, LocalAddress(""sv)), Answer{});
  const std::string name = own_name(first);
  ASSERT_EQ(name.size(), 6U);
  EXPECT_EQ(name[0], '\0');
  EXPECT_EQ(name.find_first_not_of("0123456789abcdef", 1), std::string::npos);
  EXPECT_NE(name, own_name(second));
  EXPECT_EQ(bind_to(first, LocalAddress(""sv)), Answer{}) << "it keeps the name that it has";
  EXPECT_EQ(own_name(first), name);
}

TEST(LocalNames, AreCutToTheRoomAndToldInFull) {
  const Descriptor socket(local_socket(SOCK_STREAM));
  ASSERT_EQ(bind_to(socket, LocalAddress("\0abcdef"sv)), Answer{});
  sockaddr_un address{};
  socklen_t size = 5;
  ASSERT_EQ(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size), 0);
  EXPECT_EQ(size, 9U);
  EXPECT_EQ(std::string(address.sun_path, 4), "\0ab\0"sv);
}

TEST(LocalSockets, AreOfThreeTypesAndOneProtocol) {
  for (const int type : {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}) {
    const Descriptor socket(local_socket(type | SOCK_CLOEXEC));
    EXPECT_EQ(socket_option(socket, SO_TYPE), type);
    EXPECT_EQ(socket_option(socket, SO_DOMAIN), AF_UNIX);
    EXPECT_EQ(socket_option(socket, SO_PROTOCOL), 0);
    EXPECT_EQ(::fcntl(socket, F_GETFD), FD_CLOEXEC);
  }
  const Descriptor raw(local_socket(SOCK_RAW));
  EXPECT_EQ(socket_option(raw, SO_TYPE), SOCK_DGRAM);
  std::array<int, 2> pair{};
  const auto make = [&](int domain, int type, int protocol) {
    return answer_of([&] { return ::socketpair(domain, type, protocol, pair.data()); });
  };
  EXPECT_EQ(make(AF_UNIX, SOCK_RDM, 0), refusal(ESOCKTNOSUPPORT));
  EXPECT_EQ(make(AF_UNIX, SOCK_STREAM, 2), refusal(EPROTONOSUPPORT));
  EXPECT_EQ(make(AF_INET, SOCK_STREAM, 0), refusal(EOPNOTSUPP));
  EXPECT_EQ(answer_of([] { return ::socketpair(AF_UNIX, SOCK_STREAM, 0, nullptr); }),
            refusal(EFAULT));
}

TEST(LocalSockets, KnowTheOptionsThatMeanSomething) {
  const Pair pair(SOCK_STREAM);
  EXPECT_EQ(socket_option(pair.one, SO_SNDBUF), 212'992);
  EXPECT_EQ(set_socket_option(pair.one, SO_REUSEADDR, 1), Answer{});
  EXPECT_EQ(socket_option(pair.one, SO_REUSEADDR), 1);
  EXPECT_EQ(set_socket_option(pair.one, 9999, 1), refusal(ENOPROTOOPT));
  const int on = 1;
  EXPECT_EQ(answer_of([&] { return ::setsockopt(pair.one, IPPROTO_TCP, 1, &on, sizeof on); }),
            refusal(EOPNOTSUPP));
  ucred who{};
  socklen_t size = sizeof who;
  ASSERT_EQ(::getsockopt(pair.one, SOL_SOCKET, SO_PEERCRED, &who, &size), 0);
  EXPECT_EQ(who.pid, ::getpid());
  EXPECT_EQ(who.uid, ::getuid());
  const Descriptor alone(local_socket(SOCK_STREAM));
  ASSERT_EQ(::getsockopt(alone, SOL_SOCKET, SO_PEERCRED, &who, &size), 0);
  EXPECT_EQ(who.pid, 0);
  EXPECT_EQ(who.uid, static_cast<uid_t>(-1));
}

} // namespace
} // namespace skerry::test
