// SPDX-License-Identifier: Apache-2.0
// What peers see of an image that ends: all that was sent, then the end of the connection.
#include "private_network.hpp"
#include "served.hpp"
#include "stream_client.hpp"

#include <array>
#include <cerrno>
#include <format>
#include <gmock/gmock.h>
#include <optional>
#include <ostream>
#include <sys/socket.h>

namespace skerry::test {
namespace {

struct Ending {
  const char* how;
  std::optional<int> status; ///< a machine that is reset has none
};

std::ostream& operator<<(std::ostream& out, const Ending& ending) {
  return out << ending.how;
}

class LastWords : public testing::TestWithParam<Ending> {
protected:
  void SetUp() override {
    if (const std::string trouble = enter_private_network(); !trouble.empty())
      GTEST_SKIP() << trouble;
    guest_ = serve(vm::MachineKind::microvm, "last_words", "listening", private_addresses,
                   use_private_network);
  }

  void ask_for(const FileDescriptor& client, std::size_t size) {
    const std::string request = std::format("{} {}\n", size, GetParam().how);
    ASSERT_EQ(::send(client.get(), request.data(), request.size(), 0), std::ssize(request));
  }

  void expect_end() {
    const auto result = guest_->wait_until(deadline_in(patience));
    ASSERT_TRUE(result) << "the guest did not end; the console:\n" << guest_->console().text();
    if (GetParam().status)
      EXPECT_EQ(*result, *GetParam().status) << guest_->console().text();
  }

private:
  std::unique_ptr<vm::Guest> guest_;
};

INSTANTIATE_TEST_SUITE_P(End, LastWords,
                         testing::Values(Ending{"return", 0}, Ending{"exit", 3},
                                         Ending{"kill", 137}, Ending{"restart", std::nullopt}),
                         [](const auto& instance) { return instance.param.how; });

/// How many bytes came that count up as they should, and whether the end came after them.
struct Read {
  std::size_t size_bytes = 0;
  bool ended = false;
};

Read read_to_end(const FileDescriptor& client) {
  Read read;
  std::array<char, 65536> block{};
  for (;;) {
    const ssize_t size = ::recv(client.get(), block.data(), block.size(), 0);
    if (size <= 0) {
      read.ended = size == 0;
      return read;
    }
    for (ssize_t at = 0; at < size; ++at, ++read.size_bytes)
      if (block[static_cast<std::size_t>(at)] != static_cast<char>('a' + read.size_bytes % 26))
        return read;
  }
}

TEST_P(LastWords, ArriveBeforeTheEnd) {
  constexpr std::size_t size = 1'000'003;
  const FileDescriptor idle = connect_to("10.0.0.2", 7, SOCK_STREAM);
  const FileDescriptor client = connect_to("10.0.0.2", 7, SOCK_STREAM);
  // The rest lies in the image when it ends: what a socket holds back is more than the window.
  const int little = 4096;
  ASSERT_EQ(::setsockopt(client.get(), SOL_SOCKET, SO_RCVBUF, &little, sizeof little), 0);
  ask_for(client, size);
  const Read read = read_to_end(client);
  EXPECT_EQ(read.size_bytes, size);
  EXPECT_TRUE(read.ended) << "no FIN came";
  const Read nothing = read_to_end(idle);
  EXPECT_EQ(nothing.size_bytes, 0U);
  EXPECT_TRUE(nothing.ended) << "the idle connection saw no FIN";
  expect_end();
}

TEST_P(LastWords, DoNotKeepTheMachineForAPeerThatReadsNothing) {
  const FileDescriptor idle = connect_to("10.0.0.2", 7, SOCK_STREAM);
  const FileDescriptor client = connect_to("10.0.0.2", 7, SOCK_STREAM);
  const int little = 4096;
  ASSERT_EQ(::setsockopt(client.get(), SOL_SOCKET, SO_RCVBUF, &little, sizeof little), 0);
  ask_for(client, 60'000); // more than the window, less than the image may queue: send() returns
  expect_end();
}

} // namespace
} // namespace skerry::test
