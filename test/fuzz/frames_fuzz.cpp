// SPDX-License-Identifier: Apache-2.0
// Frames from the network: the input is a list of them, each behind its length (two bytes). Every
// frame lies in a block of its exact size.
#include "../unit/net/network.hpp"
#include "src/net/tcp_protocol.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace skerry::net;
  static auto& network = test::Network::get();
  static tcp_pcb* const listener = [] {
    const StackUse use;
    use_tcp();
    tcp_pcb* pcb = tcp_new();
    (void)tcp_bind(pcb, IP4_ADDR_ANY, 80);
    return tcp_listen_with_backlog(pcb, 20);
  }();
  (void)listener;
  while (size > 2) {
    const std::size_t length = std::min<std::size_t>(data[0] | (data[1] & 7U) << 8U, size - 2);
    network.send({data + 2, data + 2 + length});
    data += 2 + length;
    size -= 2 + length;
  }
  network.pass(skerry::Duration::milliseconds(500));
  network.card.sent.clear();
  return 0;
}
