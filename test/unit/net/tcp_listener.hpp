// SPDX-License-Identifier: Apache-2.0
// A fixture with a TCP listener that is lwIP's own, without a socket over it.
#pragma once

#include "network.hpp"
#include "src/net/tcp_protocol.hpp"

#include <gtest/gtest.h>

namespace skerry::net::test {

/// A listener on port 80 and what its connections got.
class TcpListener : public testing::Test {
protected:
  TcpListener() {
    const StackUse use;
    use_tcp();
    tcp_pcb* pcb = tcp_new();
    EXPECT_EQ(tcp_bind(pcb, IP4_ADDR_ANY, 80), ERR_OK);
    listener = tcp_listen_with_backlog(pcb, 200);
    tcp_arg(listener, this);
    tcp_accept(listener, accepted);
  }
  ~TcpListener() override {
    const StackUse use;
    while (tcp_active_pcbs != nullptr) {
      tcp_abort(tcp_active_pcbs);
    }
    while (tcp_tw_pcbs != nullptr) {
      tcp_abort(tcp_tw_pcbs);
    }
    tcp_close(listener);
  }

  static err_t accepted(void* self, tcp_pcb* pcb, err_t) {
    if (pcb == nullptr) { // there was no memory for one
      return ERR_VAL;
    }
    static_cast<TcpListener*>(self)->last = pcb;
    tcp_arg(pcb, self);
    tcp_recv(pcb, received);
    return ERR_OK;
  }
  static err_t received(void* self, tcp_pcb* pcb, pbuf* data, err_t) {
    auto* test = static_cast<TcpListener*>(self);
    if (data == nullptr) {
      tcp_close(pcb);
      return ERR_OK;
    }
    test->data.resize(test->data.size() + data->tot_len);
    pbuf_copy_partial(data, &*test->data.end() - data->tot_len, data->tot_len, 0);
    tcp_recved(pcb, data->tot_len);
    pbuf_free(data);
    return ERR_OK;
  }

  /// Three-way handshake from `port`; returns our initial sequence number plus one.
  std::uint32_t connect(unsigned port, std::uint32_t sequence = 1000, const Bytes& options = {}) {
    network.send(tcp({.from = port, .sequence = sequence, .flags = syn, .options = options}));
    const auto answers = network.take_segments();
    EXPECT_EQ(answers.size(), 1U);
    if (answers.empty()) {
      return 0;
    }
    EXPECT_EQ(answers[0].flags, syn | ack);
    const std::uint32_t ours = answers[0].sequence + 1;
    network.send(tcp({.from = port, .sequence = sequence + 1, .acknowledged = ours, .flags = ack}));
    return ours;
  }

  Network& network = Network::get();
  tcp_pcb* listener = nullptr;
  tcp_pcb* last = nullptr;
  Bytes data;
};

} // namespace skerry::net::test
