// SPDX-License-Identifier: Apache-2.0
// What lwIP asks of its surroundings: memory, time, randomness, checksums.
#include "src/net/lwip/port.hpp"

#include "src/net/lwip_address.hpp"

#include <core/assert.hpp>
#include <core/siphash.hpp>
#include <hal/clock.hpp>
#include <kernel/random.hpp>
#include <mm/heap.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace skerry::net {
namespace {

/// Its pages hold nothing but packets and connections: what a device can reach of a packet's page
/// is the network's (DESIGN, decision 11).
[[clang::no_destroy]] constinit mm::Heap network_heap(mm::frames());

/// The tick counter begins a minute before its wrap, so that every run that is longer sees one.
constexpr std::uint32_t first_tick = 0U - 60'000U;

struct Port {
  /// Frames that the network may hold; remote peers decide how many it does.
  std::size_t most_frames = 0;
  std::uint32_t now_milliseconds = first_tick;
  SipKey sequence_key;
  std::array<std::uint32_t, 32> random{};
  std::size_t random_used = 32;
};

/// Belongs to the CPU of the stack.
constinit Port port;

constexpr std::size_t small_share = 8192;

/// Four bits of the address and no padding, as the hash wants them.
struct Tuple {
  std::array<std::uint8_t, 16> local;
  std::array<std::uint8_t, 16> remote;
  std::uint16_t local_port;
  std::uint16_t remote_port;
};

} // namespace

Result<> prepare_port() {
  port.sequence_key = TRY(kernel::random_value<SipKey>());
  network_heap.initialize(TRY(kernel::random_value<std::uint64_t>()));
  port.most_frames = mm::frames().free_count() / 2;
  network_heap.set_limit(port.most_frames);
  return {};
}

void set_time(Instant now) {
  port.now_milliseconds =
      first_tick + static_cast<std::uint32_t>(now.since_boot().in_milliseconds());
}

std::size_t connection_share() {
  const std::size_t held = network_heap.statistics().frames_held;
  if (held <= port.most_frames / 2) {
    return TCP_WND;
  }
  return held <= port.most_frames / 4 * 3 ? small_share : std::size_t{TCP_MSS};
}

ReceiveReserve::ReceiveReserve() {
  network_heap.set_limit(port.most_frames + port.most_frames / 8);
}

ReceiveReserve::~ReceiveReserve() {
  network_heap.set_limit(port.most_frames);
}

std::size_t network_memory_bytes() {
  return network_heap.statistics().bytes_in_use;
}

} // namespace skerry::net

using namespace skerry;

extern "C" {

u32_t sys_now() {
  return net::port.now_milliseconds;
}

void* skerry_net_malloc(std::size_t size) {
  return net::network_heap.allocate(size).value_or(nullptr);
}

void* skerry_net_calloc(std::size_t count, std::size_t size) {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    return nullptr;
  }
  void* block = skerry_net_malloc(bytes);
  if (block != nullptr) {
    std::memset(block, 0, bytes);
  }
  return block;
}

void skerry_net_free(void* block) {
  net::network_heap.free(block);
}

std::uint32_t skerry_net_random() {
  net::Port& port = net::port;
  if (port.random_used == port.random.size()) {
    // The stack does not start unseeded, and a seeded generator does not fail.
    if (!kernel::random_bytes(std::as_writable_bytes(std::span(port.random)))) {
      panic("the random generator has lost its seed");
    }
    port.random_used = 0;
  }
  return std::exchange(port.random[port.random_used++], 0);
}

u32_t skerry_net_out_of_order_limit() {
  return static_cast<u32_t>(std::min<std::size_t>(net::connection_share(), TCP_OOSEQ_MAX_BYTES));
}

int skerry_net_number(const char* digits) {
  int value = 0;
  for (; *digits >= '0' && *digits <= '9' && value < 1'000; ++digits) {
    value = value * 10 + (*digits - '0');
  }
  return value;
}

// RFC 6528, 3: a clock of 4 microseconds plus a keyed hash of the connection.
u32_t skerry_net_initial_sequence(const ip_addr_t* local_ip, u16_t local_port,
                                  const ip_addr_t* remote_ip, u16_t remote_port) {
  net::Tuple tuple{};
  tuple.local = net::from_ip(*local_ip).bytes;
  tuple.remote = net::from_ip(*remote_ip).bytes;
  tuple.local_port = local_port;
  tuple.remote_port = remote_port;
  const auto clock = static_cast<u32_t>(hal::monotonic_now().since_boot().in_nanoseconds() / 4'000);
  return clock + static_cast<u32_t>(
                     SipHash::hash(net::port.sequence_key, std::as_bytes(std::span(&tuple, 1))));
}

void skerry_net_assertion_failed(const char* what) {
  panic(what);
}

} // extern "C"
