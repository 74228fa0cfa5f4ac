// SPDX-License-Identifier: Apache-2.0
// One end of local communication, as others see it: what waits to be read there, who its peer is,
// whether connections can be made to it. The open file is one owner; messages and peers are others,
// so that an end outlives its file as long as someone may ask who it was.
//
// Everything in this folder belongs to the one CPU: whoever is in a floor has it alone until they
// block, as with pipes.
#pragma once

#include "src/posix/local/message.hpp"
#include "src/posix/local/name.hpp"

#include <core/intrusive_list.hpp>
#include <fs/node.hpp>
#include <kernel/wait_queue.hpp>

#include <cstddef>
#include <cstdint>
#include <sys/socket.h>

namespace skerry::posix::local {

struct BoundTag;
struct FollowerTag;
struct PendingTag;
struct End;

using EndReference = fs::NodeRef<End>;

/// On the kernel's heap; owned by the end in whose queue it lies, then by who takes it out.
struct Message : ListNode<> {
  explicit Message(EndReference from) : sender(std::move(from)) {}
  ~Message();
  /// What the message takes of the heap counts against the sender's limit until it ends.
  void charge_sender();

  EndReference sender;
  Bytes bytes;
  PassedFiles files;
  std::optional<ucred> credentials;
  std::size_t charge = 0;
};

/// Ends a message. The files that it holds may be the last owners of ends that hold messages, and
/// so on without a bound: this does not recurse.
void discard(Message& message);

struct End : ListNode<BoundTag>, ListNode<FollowerTag>, ListNode<PendingTag> {
  enum class State : std::uint8_t { fresh, listening, connected };

  /// As net.core.wmem_default, net.core.rmem_default and net.unix.max_dgram_qlen of Linux.
  static constexpr std::size_t default_limit = 212'992;
  static constexpr std::size_t max_waiting = 10;

  explicit End(int type_of_socket) : type(type_of_socket) {}
  void hold() { ++references; }
  void drop();

  [[nodiscard]] bool is_stream() const { return type == SOCK_STREAM; }
  [[nodiscard]] bool has_connections() const { return type != SOCK_DGRAM; }
  /// Whether it is in the queue of one that listens.
  [[nodiscard]] bool is_pending() const {
    return static_cast<const ListNode<PendingTag>&>(*this).is_linked();
  }
  /// Whether poll(2) calls it writable. Who waits is woken then, and not before.
  [[nodiscard]] bool is_writable() const {
    return state != State::listening && charged_bytes * 4 <= send_limit;
  }
  /// Datagrams of others than its peer wait for room.
  [[nodiscard]] bool is_full() const { return waiting > max_waiting; }
  [[nodiscard]] bool has_full_backlog() const { return pending_count > backlog; }

  /// What may be asked for with SO_ERROR, once.
  [[nodiscard]] std::errc take_error() { return std::exchange(error, std::errc()); }

  /// Puts `message` last and tells who waits.
  void push(Message& message);
  /// Takes the first message out and tells who waits for room. There is one.
  Message& pop();
  /// Throws away what waits to be read.
  void discard_all();

  /// Both become each other's peer. Neither has one.
  static void connect(End& one, End& other);
  /// Makes `new_peer`, which may be null, the peer of an end of datagrams.
  void follow(EndReference new_peer);
  /// The file has gone: peers learn of it.
  void close();

  std::size_t references = 1;
  int type;
  State state = State::fresh;
  bool is_closed = false;
  bool receive_shut = false;
  bool send_shut = false;
  bool passes_credentials = false; ///< SO_PASSCRED
  bool knows_peer = false;         ///< SO_PEERCRED tells whose the other end is
  std::errc error{};

  NameReference name; ///< empty while it has none
  EndReference peer;
  IntrusiveList<End, FollowerTag> followers; ///< ends of datagrams whose peer is this one

  IntrusiveList<Message> messages;
  std::size_t waiting = 0;       ///< how many there are
  std::size_t charged_bytes = 0; ///< of messages that were sent from here and not yet read
  std::size_t send_limit = default_limit;
  std::size_t receive_limit =
      default_limit; ///< what SO_RCVBUF tells; limits nothing, as unix(7) says

  IntrusiveList<End, PendingTag> pending; ///< of connections that wait for accept(2); each held
  std::size_t pending_count = 0;
  std::size_t backlog = 0;

  kernel::WaitQueue changes; ///< whoever waits for what poll(2) tells
  kernel::WaitQueue room;    ///< whoever waits to send to this end, or to connect to it

private:
  void close_peer(bool has_lost_data);
  void drop_pending();
  void wake_senders();
};

} // namespace skerry::posix::local
