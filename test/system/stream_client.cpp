// SPDX-License-Identifier: Apache-2.0
// Streams that can be made again to be compared; see the header.
#include "stream_client.hpp"

#include "support/failure.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cstring>
#include <format>
#include <future>
#include <netinet/in.h>
#include <random>
#include <sys/socket.h>
#include <sys/time.h>
#include <vector>

namespace skerry::test {
namespace {

constexpr std::size_t block_bytes = 65536;

/// The same bytes for the same seed.
class Stream {
public:
  std::vector<char> next(std::size_t size) {
    std::vector<char> block(size);
    for (char& byte : block)
      byte = static_cast<char>(random_());
    return block;
  }

private:
  std::minstd_rand random_{42};
};

void send_stream(int socket, std::uint64_t size_bytes) {
  Stream stream;
  for (std::uint64_t sent = 0; sent < size_bytes;) {
    const auto block = stream.next(std::min<std::uint64_t>(block_bytes, size_bytes - sent));
    for (std::size_t at = 0; at < block.size();) {
      const ssize_t size = ::send(socket, block.data() + at, block.size() - at, MSG_NOSIGNAL);
      if (size <= 0)
        return; // the reader tells of it
      at += static_cast<std::size_t>(size);
    }
    sent += block.size();
  }
  ::shutdown(socket, SHUT_WR);
}

std::string check_stream(int socket, std::uint64_t size_bytes) {
  Stream stream;
  std::vector<char> received(block_bytes);
  for (std::uint64_t done = 0; done < size_bytes;) {
    const std::size_t wanted = std::min<std::uint64_t>(block_bytes, size_bytes - done);
    const ssize_t size = ::recv(socket, received.data(), wanted, MSG_WAITALL);
    if (size != static_cast<ssize_t>(wanted))
      return std::format("{} bytes and {} came of {}, then {}", done, size, size_bytes,
                         size < 0 ? std::strerror(errno) : "the end");
    const auto expected = stream.next(wanted);
    if (!std::equal(expected.begin(), expected.end(), received.begin()))
      return std::format("bytes differ after {}", done);
    done += wanted;
  }
  return ::recv(socket, received.data(), 1, 0) == 0 ? "" : "there is no end";
}

} // namespace

FileDescriptor connect_to(const std::string& address, std::uint16_t port, int type) {
  FileDescriptor socket(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  inet_pton(AF_INET, address.c_str(), &to.sin_addr);
  const timeval patience{.tv_sec = 60, .tv_usec = 0};
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    throw Failure("no connection to {}:{}: {}", address, port, std::strerror(errno));
  return socket;
}

std::string echo_stream(const std::string& address, std::uint16_t port, std::uint64_t size_bytes) {
  const FileDescriptor socket = connect_to(address, port, SOCK_STREAM);
  const auto sender = std::async(std::launch::async, send_stream, socket.get(), size_bytes);
  return check_stream(socket.get(), size_bytes);
}

std::size_t echo_datagram(const std::string& address, std::uint16_t port, std::size_t size_bytes) {
  const FileDescriptor socket = connect_to(address, port, SOCK_DGRAM);
  const auto sent = Stream().next(size_bytes);
  std::vector<char> received(block_bytes);
  if (::send(socket.get(), sent.data(), sent.size(), 0) < 0)
    throw Failure("a datagram of {} bytes cannot be sent: {}", size_bytes, std::strerror(errno));
  const ssize_t size = ::recv(socket.get(), received.data(), received.size(), 0);
  if (size < 0)
    throw Failure("no answer to a datagram of {} bytes", size_bytes);
  received.resize(static_cast<std::size_t>(size));
  const auto differ = std::mismatch(sent.begin(), sent.end(), received.begin(), received.end());
  return static_cast<std::size_t>(differ.first - sent.begin());
}

} // namespace skerry::test
