// SPDX-License-Identifier: Apache-2.0
// Servers of Boost.Beast over Boost.Asio, as they are upstream: HTTP with curl and wrk, WebSocket
// with a client of our own (RFC 6455).
#include "private_network.hpp"
#include "served.hpp"
#include "stream_client.hpp"

#include <array>
#include <format>
#include <gmock/gmock.h>
#include <sys/socket.h>

namespace skerry::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class Beast : public testing::Test {
protected:
  void SetUp() override {
    if (const std::string trouble = enter_private_network(); !trouble.empty())
      GTEST_SKIP() << trouble;
  }

  static std::unique_ptr<vm::Guest> start(std::string_view name) {
    return serve(vm::MachineKind::q35, name, "boot: Skerry", private_addresses,
                 use_private_network);
  }
};

/// A connection over which messages go as frames.
class WebSocket {
public:
  WebSocket() : socket_(connect_to("10.0.0.2", 80, SOCK_STREAM)) {
    write("GET / HTTP/1.1\r\nHost: 10.0.0.2\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    while (!answer_.ends_with("\r\n\r\n"))
      answer_ += read(1);
  }

  /// The server's answer to the request for another protocol.
  [[nodiscard]] const std::string& answer() const { return answer_; }

  void send(int operation, std::string_view payload) {
    constexpr std::array<unsigned char, 4> mask{0x37, 0xfa, 0x21, 0x3d};
    std::string frame{static_cast<char>(0x80 | operation)};
    if (payload.size() < 126) {
      frame += static_cast<char>(0x80 | payload.size());
    } else {
      const bool is_long = payload.size() > 65'535;
      frame += static_cast<char>(0x80 | (is_long ? 127 : 126));
      for (int shift = is_long ? 56 : 8; shift >= 0; shift -= 8)
        frame += static_cast<char>(payload.size() >> shift);
    }
    frame.append(reinterpret_cast<const char*>(mask.data()), mask.size());
    for (std::size_t at = 0; at < payload.size(); ++at)
      frame += static_cast<char>(payload[at] ^ mask[at % mask.size()]);
    write(frame);
  }

  /// The next message, of as many frames as it has; its operation is that of the first.
  std::pair<int, std::string> receive() {
    int operation = 0;
    std::string payload;
    for (bool last = false; !last;) {
      const std::string head = read(2);
      last = (head[0] & 0x80) != 0;
      operation |= head[0] & 0x0f;
      std::uint64_t size = static_cast<unsigned char>(head[1]);
      if (size >= 126) {
        const std::string bytes = read(size == 126 ? 2 : 8);
        size = 0;
        for (const char byte : bytes)
          size = size << 8 | static_cast<unsigned char>(byte);
      }
      payload += read(size);
    }
    return {operation, payload};
  }

private:
  void write(std::string_view text) {
    if (::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) != std::ssize(text))
      throw std::runtime_error("the server takes nothing more");
  }

  std::string read(std::size_t size) {
    std::string text(size, '\0');
    if (size != 0 && ::recv(socket_.get(), text.data(), size, MSG_WAITALL) != std::ssize(text))
      throw std::runtime_error("the connection ended");
    return text;
  }

  FileDescriptor socket_;
  std::string answer_;
};

std::string fetch(std::vector<std::string> words) {
  const std::vector<std::string> first{
      "curl",          "-s", "-i", "--max-time", "60", "--retry", "30", "--retry-connrefused",
      "--retry-delay", "1"};
  words.insert(words.begin(), first.begin(), first.end());
  return run_client(std::move(words)).output;
}

TEST_F(Beast, ServesHttp) {
  const auto guest = start("http");
  const std::string page = fetch({"http://10.0.0.2/index.html"});
  EXPECT_THAT(page, HasSubstr("200 OK"));
  EXPECT_THAT(page, HasSubstr("Boost.Beast on Skerry"));
  EXPECT_THAT(fetch({"http://10.0.0.2/none"}), HasSubstr("404 Not Found"));
  EXPECT_THAT(fetch({"-X", "PUT", "http://10.0.0.2/"}), HasSubstr("400 Bad Request"));
  for (const char* header : {"X: y", "Connection: close"}) {
    const Captured result = run_client({"wrk", "-t1", "-c64", "-d2s", "--timeout", "30s", "-H",
                                        header, "http://10.0.0.2/index.html"});
    EXPECT_TRUE(result.status.success()) << result.error;
    EXPECT_THAT(result.output, Not(HasSubstr("Socket errors"))) << result.output;
    EXPECT_THAT(result.output, Not(HasSubstr("Non-2xx"))) << result.output;
  }
}

TEST_F(Beast, ServesWebSocket) {
  const auto guest = start("websocket");
  (void)fetch({"http://10.0.0.2/"}); // until it listens
  WebSocket socket;
  EXPECT_THAT(socket.answer(), HasSubstr("101 Switching Protocols"));
  EXPECT_THAT(socket.answer(), HasSubstr("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
  constexpr int text = 1;
  for (const std::size_t size : {0UL, 1UL, 125UL, 126UL, 70'000UL, 1'000'000UL}) {
    const std::string message(size, 'm');
    socket.send(text, message);
    const auto [operation, echo] = socket.receive();
    EXPECT_EQ(operation, text) << size;
    EXPECT_TRUE(echo == message) << size;
  }
  socket.send(9, "are you there");
  EXPECT_EQ(socket.receive(), (std::pair{10, std::string("are you there")}));
  socket.send(8, std::string("\x03\xe8", 2));
  EXPECT_EQ(socket.receive().first, 8);
}

} // namespace
} // namespace skerry::test
