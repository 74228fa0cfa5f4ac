// SPDX-License-Identifier: Apache-2.0
// TCP sockets over lwIP's protocol control blocks.
#pragma once

#include "src/net/base_socket.hpp"
#include "src/net/receive_queue.hpp"

#include <core/intrusive_list.hpp>

namespace skerry::net {

struct PendingTag;

/// A PCB points to its socket, and the socket to its PCB, until one of them ends.
class TcpSocket final : public BaseSocket, public ListNode<PendingTag> {
public:
  /// Takes over `pcb`, which is new, or connected and just accepted.
  TcpSocket(Family family, tcp_pcb& pcb);
  ~TcpSocket() override = default;

  [[nodiscard]] int type() const override;
  [[nodiscard]] int protocol() const override;
  [[nodiscard]] Result<> bind(const Endpoint& local) override;
  [[nodiscard]] Result<> connect(const Endpoint& peer) override;
  [[nodiscard]] Result<> disconnect() override;
  [[nodiscard]] Result<> listen(int backlog) override;
  [[nodiscard]] Result<fs::FileReference> accept() override;
  [[nodiscard]] Result<std::size_t> send(fs::UserBuffer& buffer, const Transfer& how,
                                         const std::optional<Endpoint>& to) override;
  [[nodiscard]] Result<Received> receive(fs::UserBuffer& buffer, const Transfer& how) override;
  [[nodiscard]] Result<> shutdown(Direction direction) override;
  [[nodiscard]] Result<Endpoint> local_endpoint() override;
  [[nodiscard]] Result<Endpoint> peer_endpoint() override;
  [[nodiscard]] Result<> set_option(int level, int name, std::span<const std::byte> value) override;
  [[nodiscard]] Result<std::size_t> get_option(int level, int name,
                                               std::span<std::byte> value) override;
  [[nodiscard]] Result<long> ioctl(unsigned long request, std::uint64_t argument) override;
  [[nodiscard]] fs::Readiness poll() override;

  /// Ends the connection of `pcb`, or its listening, as close() would, if a socket has it. Context:
  /// thread, with a StackUse.
  static void close_socket_of(tcp_pcb& pcb);

private:
  enum class State : std::uint8_t { fresh, connecting, connected, listening, ended };

  void destroy() override;

  // What lwIP tells (tcp_events.cpp); `socket` is the TcpSocket, null after it has let go.
  static err_t on_received(void* socket, tcp_pcb* pcb, pbuf* data, err_t error);
  static err_t on_sent(void* socket, tcp_pcb* pcb, u16_t size);
  static err_t on_connected(void* socket, tcp_pcb* pcb, err_t error);
  static err_t on_accepted(void* socket, tcp_pcb* pcb, err_t error);
  static void on_error(void* socket, err_t error);
  /// lwIP has ended a connection that waits for accept(): it goes, with what it has received.
  void leave_queue();
  /// Puts off accept() until the peer has sent something or `patience` is over (TCP_DEFER_ACCEPT).
  void defer(Duration patience);
  static err_t look_at_deferred(void* socket, tcp_pcb* pcb);
  /// Lets accept() return the oldest of those that are put off.
  void ripen_oldest();
  /// Tells the listener in whose queue it waits.
  void tell_listener();
  /// Whether accept() may return it. It is pending.
  [[nodiscard]] bool is_ripe() const;
  /// The oldest connection that accept() may return, or null.
  [[nodiscard]] TcpSocket* first_ripe();

  void attach();
  /// Lets go of the PCB, which goes on alone or ends.
  tcp_pcb* detach();
  void remember_endpoints();
  void end_of_stream();
  /// Connections that nobody has accepted are reset.
  void drop_pending();
  void close_pcb();
  void linger();

  [[nodiscard]] Result<> check_sendable();
  [[nodiscard]] Result<std::size_t> send_some(fs::UserBuffer& buffer, bool more);
  /// Whether the last segment waits for more. The socket has a PCB.
  void hold_back(bool on);
  [[nodiscard]] std::size_t send_share() const;
  /// How much may be queued now; never 0 while nothing is.
  [[nodiscard]] std::size_t send_room() const;
  [[nodiscard]] bool can_send() const;
  /// SO_RCVLOWAT, as far as the peer may send so much before somebody reads.
  [[nodiscard]] std::size_t receive_least() const;
  [[nodiscard]] bool can_receive() const { return can_receive(SIZE_MAX); }
  /// Whether a call that wants `bytes` has something to return.
  [[nodiscard]] bool can_receive(std::size_t bytes) const;
  [[nodiscard]] Result<> finish_connect();
  /// Errors: no_protocol_option; those of the value
  [[nodiscard]] Result<> set_own_option(int name, std::span<const std::byte> value);
  [[nodiscard]] std::optional<std::size_t> get_own_option(int name, std::span<std::byte> value);
  void set_receive_limit(std::size_t limit);
  /// Offers the peer the room of `size` bytes that were read, as far as SO_RCVBUF allows.
  void open_window(std::size_t size);
  /// Errors: invalid_argument
  [[nodiscard]] Result<> set_receive_least(std::span<const std::byte> value);
  void set_patience(Duration patience);
  /// Puts the settings into the PCB of a connection.
  void apply_settings();
  static err_t look_at_progress(void* socket, tcp_pcb* pcb);
  [[nodiscard]] Result<> set_tcp_option(int name, std::span<const std::byte> value);
  [[nodiscard]] Result<std::size_t> get_tcp_option(int name, std::span<std::byte> value);
  /// Whether the option is one of the settings. Errors: invalid_argument
  [[nodiscard]] Result<bool> change_settings(int name, std::span<const std::byte> value);
  /// What a listener does not have.
  [[nodiscard]] Result<> set_option_of_connection(int name, std::span<const std::byte> value);
  [[nodiscard]] Result<std::size_t> get_option_of_connection(int name, std::span<std::byte> value);
  [[nodiscard]] ip_pcb* ip() const;

  /// Null after lwIP has ended the connection. A tcp_pcb_listen while listening.
  tcp_pcb* pcb_;
  State state_ = State::fresh;
  bool peer_closed_ = false;
  bool receive_shut_ = false;
  bool send_shut_ = false;
  bool bound_ = false;
  bool corked_ = false; ///< TCP_CORK
  /// There was no memory for more: the next acknowledgement frees some.
  bool starved_ = false;
  /// Whether it waits in a listener's queue; nobody else knows of it then.
  bool is_pending_ = false;
  Instant deferred_until_; ///< while it waits
  /// SO_SNDBUF: what may be queued at once.
  std::size_t send_limit_ = TCP_SND_BUF;
  /// SO_RCVBUF: what the peer may send ahead. The rest of the window is withheld, as it becomes
  /// free.
  std::size_t receive_limit_ = TCP_WND;
  std::size_t withheld_ = 0;
  /// TCP_USER_TIMEOUT: how long nothing may be acknowledged; zero leaves that to TCP. Since when
  /// nothing was, and what had been acknowledged then.
  Duration patience_;
  Instant progress_;
  u32_t acknowledged_ = 0;
  /// What a listener hands on to its connections.
  struct Settings {
    bool no_delay = false;
    u32_t keep_idle = TCP_KEEPIDLE_DEFAULT;
    u32_t keep_interval = TCP_KEEPINTVL_DEFAULT;
    u32_t keep_count = TCP_KEEPCNT_DEFAULT;
    std::size_t receive_least = 1; ///< SO_RCVLOWAT
    int defer_seconds = 0;         ///< TCP_DEFER_ACCEPT, of a listener
  } settings_;
  /// Set when SO_LINGER is on.
  std::optional<Duration> linger_;
  Endpoint local_;
  Endpoint peer_;
  ReceiveQueue received_;
  IntrusiveList<TcpSocket, PendingTag> pending_;
};

} // namespace skerry::net
