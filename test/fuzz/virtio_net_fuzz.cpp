// SPDX-License-Identifier: Apache-2.0
// A network card that lies: the input is what it writes to the used rings, in words, between polls.
#include "../unit/drivers/virtio/fake_transport.hpp"
#include "drivers/virtio/net.hpp"

#include <memory>

namespace {

using namespace skerry;

class Sink final : public device::NetReceiver {
public:
  void receive(unsigned, device::Packet&& packet) override {
    for (const auto segment : packet.segments()) {
      for (const std::byte byte : segment) {
        sum += std::to_integer<unsigned>(byte); // the sanitizer sees what is not ours
      }
    }
  }
  void link_changed(bool) override {}
  unsigned sum = 0;
};

/// Eats the input from the front.
class Input {
public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  [[nodiscard]] bool empty() const { return size_ == 0; }
  std::uint32_t take(std::size_t bytes) {
    std::uint32_t value = 0;
    for (; bytes > 0 && size_ > 0; --bytes, --size_) {
      value = value << 8U | *data_++;
    }
    return value;
  }

private:
  const std::uint8_t* data_;
  std::size_t size_;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  auto transport = std::make_unique<virtio::test::FakeTransport>(
      (std::uint64_t{input.take(4)} << 32U | input.take(4)) & ~(std::uint64_t{1} << 34U));
  transport->config = {0x52,
                       0x54,
                       0,
                       1,
                       2,
                       3,
                       static_cast<std::uint8_t>(input.take(1)),
                       0,
                       0,
                       0,
                       static_cast<std::uint8_t>(input.take(1)),
                       5};
  auto net = std::make_unique<virtio::Net>(*transport);
  if (!net->start_device()) {
    return 0;
  }
  Sink sink;
  net->start(sink, {});
  for (int turn = 0; turn < 64 && !input.empty(); ++turn) {
    auto& queue = transport->queues[input.take(1) % 2];
    switch (input.take(1) % 4) {
    case 0:
      queue.give(input.take(4), input.take(4));
      break;
    case 1:
      queue.give(input.take(1) % queue.size(), input.take(2));
      break;
    case 2:
      queue.set_used_index(static_cast<std::uint16_t>(input.take(2)));
      break;
    default:
      if (queue.has_chain()) {
        const auto chain = queue.take();
        queue.give(chain.head, input.take(2));
      }
    }
    (void)net->poll(0, 64);
  }
  // A driver lives for ever; here its memory goes with it, which the device no longer reaches.
  return 0;
}
