// SPDX-License-Identifier: Apache-2.0
// The end of all connections. No kernel lives on after the process that would go on sending for it,
// as Linux' does: what has not left the machine now is lost, and a peer that has not heard of the
// end waits for its own timers.
#include "src/net/tcp_end.hpp"

#include "src/net/lwip.hpp"
#include "src/net/stack.hpp"
#include "src/net/tcp_socket.hpp"

namespace skerry::net {
namespace {

constexpr Duration patience = Duration::seconds(1);

void close_listeners() {
  tcp_pcb* next = nullptr;
  for (tcp_pcb* pcb = tcp_listen_pcbs.pcbs; pcb != nullptr; pcb = next) {
    next = pcb->next;
    TcpSocket::close_socket_of(*pcb);
  }
}

/// Handshakes have nobody left who would accept them.
void close_active() {
  tcp_pcb* next = nullptr;
  for (tcp_pcb* pcb = tcp_active_pcbs; pcb != nullptr; pcb = next) {
    next = pcb->next;
    if (pcb->state == SYN_RCVD) {
      tcp_abort(pcb);
    } else {
      TcpSocket::close_socket_of(*pcb);
    }
  }
}

/// A FIN is among what waits for its acknowledgement. A connection whose peer offers no window has
/// nothing on its way, but is not through.
bool all_is_acknowledged() {
  for (const tcp_pcb* pcb = tcp_active_pcbs; pcb != nullptr; pcb = pcb->next) {
    if (pcb->unsent != nullptr || pcb->unacked != nullptr || (pcb->flags & TF_CLOSEPEND) != 0) {
      return false;
    }
  }
  return true;
}

} // namespace

void end_connections() {
  {
    const StackUse use;
    close_listeners(); // which resets what waits for accept()
    close_active();
  }
  serve_until(all_is_acknowledged, patience);
}

} // namespace skerry::net
