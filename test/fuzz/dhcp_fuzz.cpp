// SPDX-License-Identifier: Apache-2.0
// Replies of a DHCP server: the input is a list of them. Each has a kind, a time that passes before
// it, and options behind their length (two bytes); what must be right for the client to look at
// them is right.
#include "../unit/net/dhcp_server.hpp"
#include "src/net/configuration.hpp"

namespace skerry::net {
namespace {

struct Client {
  Client() {
    const StackUse use;
    netif_set_addr(&lwip, nullptr, nullptr, nullptr);
    (void)configure(network.interface, Configuration{.ipv4 = {}, .ipv6 = {}});
  }
  ~Client() {
    const StackUse use;
    dhcp_release_and_stop(&lwip);
    dhcp_cleanup(&lwip);
    network.interface.routes().clear();
    network.set_usual_address();
  }

  test::Network& network = test::Network::get();
  netif& lwip = network.interface.lwip();
};

} // namespace
} // namespace skerry::net

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace skerry::net;
  Client client;
  test::DhcpServer server(client.network);
  while (size > 4) {
    const std::size_t length = std::min<std::size_t>(data[2] | (data[3] & 3U) << 8U, size - 4);
    const test::Bytes options(data + 4, data + 4 + length);
    (void)server.take();
    // Any kind; what is behind an option's fields may lie in the others too.
    std::copy_n(options.begin(), std::min<std::size_t>(length, 192), server.name_and_file.begin());
    server.answer(static_cast<test::Dhcp>(data[0] & 7U), {}, options);
    client.network.pass(skerry::Duration::milliseconds(data[1] * 50));
    if (client.lwip.mtu < 576 || client.lwip.mtu > client.network.card.mtu()) {
      __builtin_trap();
    }
    data += 4 + length;
    size -= 4 + length;
  }
  return 0;
}
