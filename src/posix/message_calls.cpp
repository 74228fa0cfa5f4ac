// SPDX-License-Identifier: Apache-2.0
// Calls that move data through sockets.
#include "src/posix/control_messages.hpp"
#include "src/posix/signals.hpp"
#include "src/posix/socket_address.hpp"
#include "src/posix/socket_calls.hpp"
#include "src/posix/sockets.hpp"
#include "src/posix/time.hpp"

#include <hal/clock.hpp>
#include <mm/heap.hpp>

#include <algorithm>
#include <array>
#include <climits>
#include <sys/uio.h>

namespace skerry::posix {
namespace {

constexpr std::size_t max_transfer = 0x7fff'f000;
constexpr unsigned max_messages = 1024; // Linux' UIO_MAXIOV, for sendmmsg() too

constexpr int send_flags = MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE | MSG_EOR | MSG_CONFIRM;
constexpr int receive_flags =
    MSG_DONTWAIT | MSG_PEEK | MSG_WAITALL | MSG_TRUNC | MSG_CMSG_CLOEXEC | MSG_NOSIGNAL;

/// Errors: operation_not_supported  a flag that is not known here, MSG_OOB among them
Result<net::Transfer> transfer_of(int flags, int known) {
  if ((flags & ~known) != 0) {
    return fail(std::errc::operation_not_supported);
  }
  return net::Transfer{.do_not_wait = (flags & MSG_DONTWAIT) != 0,
                       .peek = (flags & MSG_PEEK) != 0,
                       .wait_all = (flags & MSG_WAITALL) != 0,
                       .more = (flags & MSG_MORE) != 0,
                       .truncate = (flags & MSG_TRUNC) != 0};
}

Result<long> send(net::Socket& socket, fs::UserBuffer& buffer, int flags,
                  const net::Outgoing& beside) {
  const auto sent = socket.send(buffer, TRY(transfer_of(flags, send_flags)), beside);
  if (!sent) {
    if ((flags & MSG_NOSIGNAL) == 0) {
      tell_broken_pipe(socket, sent.error());
    }
    return fail(sent.error());
  }
  return static_cast<long>(*sent);
}

/// All pieces of a message at once, as a datagram needs them.
class Pieces {
public:
  /// Errors: message_size  too many; bad_address; not_enough_memory
  [[nodiscard]] static Result<Pieces> read(const msghdr& message) {
    const auto count = static_cast<std::size_t>(message.msg_iovlen);
    if (count > IOV_MAX) {
      return fail(std::errc::message_size);
    }
    Pieces result;
    result.count_ = count;
    if (count > result.few_.size()) {
      result.many_ = TRY(mm::make_owned<Many>());
    }
    const UserPointer<const iovec> from(reinterpret_cast<std::uint64_t>(message.msg_iov));
    std::size_t total = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const iovec vector = TRY(from.element(i).read());
      if (vector.iov_len > max_transfer - total) {
        return fail(std::errc::invalid_argument);
      }
      total += vector.iov_len;
      result.place(i) = {mm::VirtualAddress(vector.iov_base), vector.iov_len};
    }
    return result;
  }

  [[nodiscard]] std::span<const fs::UserPiece> all() const {
    return many_ ? std::span<const fs::UserPiece>(many_->pieces).first(count_)
                 : std::span<const fs::UserPiece>(few_).first(count_);
  }

private:
  struct Many {
    std::array<fs::UserPiece, IOV_MAX> pieces{};
  };

  fs::UserPiece& place(std::size_t index) { return many_ ? many_->pieces[index] : few_[index]; }

  std::array<fs::UserPiece, 8> few_{};
  mm::Owned<Many> many_;
  std::size_t count_ = 0;
};

Result<long> send_message(net::Socket& socket, const msghdr& message, int flags) {
  net::SocketAddress to;
  net::Outgoing beside;
  if (message.msg_name != nullptr && message.msg_namelen != 0) {
    TRY(read_address(reinterpret_cast<std::uint64_t>(message.msg_name), message.msg_namelen, to));
    beside.to = &to;
  }
  const ControlBytes control = TRY(read_control(message));
  beside.control = control.all();
  const Pieces pieces = TRY(Pieces::read(message));
  fs::UserBuffer buffer(pieces.all());
  return send(socket, buffer, flags, beside);
}

/// Receives into `message` and updates it. Its copy in the application is the caller's business.
Result<long> receive_message(net::Socket& socket, msghdr& message, int flags) {
  const Pieces pieces = TRY(Pieces::read(message));
  fs::UserBuffer buffer(pieces.all());
  net::SocketAddress from;
  ControlWriter control(message, (flags & MSG_CMSG_CLOEXEC) != 0);
  const auto received = TRY(socket.receive(buffer, TRY(transfer_of(flags, receive_flags)),
                                           {.from = &from, .control = &control}));
  message.msg_flags = (flags & MSG_CMSG_CLOEXEC) | (received.truncated ? MSG_TRUNC : 0) |
                      (control.is_truncated() ? MSG_CTRUNC : 0);
  message.msg_controllen = control.used_bytes();
  if (message.msg_name != nullptr) {
    TRY(write_address(from, reinterpret_cast<std::uint64_t>(message.msg_name),
                      message.msg_namelen));
  }
  message.msg_namelen = message.msg_name != nullptr ? from.size : 0;
  return static_cast<long>(received.size_bytes);
}

UserPointer<mmsghdr> message_at(std::uint64_t messages, unsigned index) {
  return UserPointer<mmsghdr>(messages).element(index);
}

} // namespace

Result<long> sys_sendto(int descriptor, std::uint64_t buffer, std::size_t size, int flags,
                        std::uint64_t address, unsigned address_size) {
  const auto found = TRY(find_socket(descriptor));
  const fs::UserPiece piece{mm::VirtualAddress(buffer), std::min(size, max_transfer)};
  fs::UserBuffer data({&piece, 1});
  net::SocketAddress to;
  net::Outgoing beside;
  if (address != 0) {
    TRY(read_address(address, address_size, to));
    beside.to = &to;
  }
  return send(*found.socket, data, flags, beside);
}

Result<long> sys_recvfrom(int descriptor, std::uint64_t buffer, std::size_t size, int flags,
                          std::uint64_t address, UserPointer<unsigned> address_size) {
  const auto found = TRY(find_socket(descriptor));
  const fs::UserPiece piece{mm::VirtualAddress(buffer), std::min(size, max_transfer)};
  fs::UserBuffer data({&piece, 1});
  net::SocketAddress from;
  const auto received = TRY(found.socket->receive(data, TRY(transfer_of(flags, receive_flags)),
                                                  {.from = address != 0 ? &from : nullptr}));
  TRY(write_address(from, address, address_size));
  return static_cast<long>(received.size_bytes);
}

Result<long> sys_sendmsg(int descriptor, UserPointer<const msghdr> message, int flags) {
  const auto found = TRY(find_socket(descriptor));
  return send_message(*found.socket, TRY(message.read()), flags);
}

Result<long> sys_recvmsg(int descriptor, UserPointer<msghdr> message, int flags) {
  const auto found = TRY(find_socket(descriptor));
  msghdr copy = TRY(message.read());
  const long size = TRY(receive_message(*found.socket, copy, flags));
  TRY(message.write(copy));
  return size;
}

Result<long> sys_sendmmsg(int descriptor, std::uint64_t messages, unsigned count, int flags) {
  const auto found = TRY(find_socket(descriptor));
  long done = 0;
  for (unsigned i = 0; i < std::min(count, max_messages); ++i) {
    auto entry = message_at(messages, i).read();
    const auto sent = entry ? send_message(*found.socket, entry->msg_hdr, flags)
                            : Result<long>(fail(entry.error()));
    if (!sent) {
      return done != 0 ? Result<long>(done) : sent;
    }
    entry->msg_len = static_cast<unsigned>(*sent);
    TRY(message_at(messages, i).write(*entry));
    ++done;
  }
  return done;
}

Result<long> sys_recvmmsg(int descriptor, std::uint64_t messages, unsigned count, int flags,
                          UserPointer<timespec> timeout) {
  const auto found = TRY(find_socket(descriptor));
  Instant deadline = Instant::never();
  if (!timeout.is_null()) {
    // Looked at after each message only: that is how Linux has it (recvmmsg(2), BUGS).
    deadline = hal::monotonic_now() + TRY(to_duration(TRY(timeout.read())));
  }
  long done = 0;
  for (unsigned i = 0; i < std::min(count, max_messages); ++i) {
    const bool waits_no_more = done != 0 && (flags & MSG_WAITFORONE) != 0;
    auto entry = message_at(messages, i).read();
    const auto received =
        entry ? receive_message(*found.socket, entry->msg_hdr,
                                (flags & ~MSG_WAITFORONE) | (waits_no_more ? MSG_DONTWAIT : 0))
              : Result<long>(fail(entry.error()));
    if (!received) {
      return done != 0 ? Result<long>(done) : received;
    }
    entry->msg_len = static_cast<unsigned>(*received);
    TRY(message_at(messages, i).write(*entry));
    ++done;
    if (hal::monotonic_now() >= deadline) {
      break;
    }
  }
  return done;
}

} // namespace skerry::posix
