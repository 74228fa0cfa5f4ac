// SPDX-License-Identifier: Apache-2.0
// A network card that broke a rule, and how it is started again.
#include "net_fixture.hpp"
#include "platform/hosted/manual_clock.hpp"

namespace skerry::virtio {
namespace {

using test::NetTest;
using test::status_feature;
using testing::HasSubstr;

class NetRestartTest : public NetTest {};

TEST_F(NetRestartTest, V18_AStoppedDeviceIsStartedAgainAfterAWhile) {
  start();
  receive_queue.set_used_index(99);
  net.poll(0, 64);
  expect_broken("V01");
  hosted::advance_time(Duration::seconds(11));
  EXPECT_FALSE(net.poll(0, 64).more);
  EXPECT_EQ(transport.status(), 0);
  hosted::advance_time(Duration::seconds(1));
  EXPECT_TRUE(net.poll(0, 64).more);
  EXPECT_NE(transport.status() & status_driver_ok, 0);
  EXPECT_EQ(transport.reconnected, 1);
  EXPECT_TRUE(receiver.link);
  EXPECT_THAT(hosted::take_console_text(), HasSubstr("started again"));
  receive_queue.answer(frame(60));
  net.poll(0, 64);
  EXPECT_EQ(receiver.frames.size(), 1U);
  const auto memory = *mm::DmaMemory::allocate(4096);
  device::Packet packet;
  ASSERT_TRUE(packet.add({memory.data(), 60}));
  EXPECT_TRUE(net.transmit(0, std::move(packet)));
  receive_queue.set_used_index(99);
  net.poll(0, 64);
  EXPECT_EQ(transport.status(), 0) << "broken again";
  EXPECT_FALSE(net.poll(0, 64).more) << "no more than five times a minute";
}

TEST_F(NetRestartTest, V18_BuffersThatAreKeptOutliveARestart) {
  receiver.keep = true;
  transport.offered_size = 256;
  start();
  for (int i = 0; i < 10; ++i) {
    receive_queue.answer(frame(60));
  }
  net.poll(0, 64);
  transmit_queue.set_used_index(9);
  net.poll(0, 64);
  hosted::advance_time(Duration::seconds(12));
  EXPECT_TRUE(net.poll(0, 64).more);
  int received = 10;
  for (; receive_queue.has_chain() && received < 1000; ++received) {
    receive_queue.answer(frame(60));
    net.poll(0, 64);
  }
  EXPECT_EQ(received, 192) << "all buffers of the pool, each once";
  receiver.kept.clear();
  net.poll(0, 64);
  EXPECT_TRUE(receive_queue.has_chain());
}

TEST_F(NetRestartTest, V18_ADeviceThatDoesNotStartAgainIsGivenUp) {
  start();
  transmit_queue.set_used_index(9);
  net.poll(0, 64);
  (void)hosted::take_console_text();
  transport.features &= ~status_feature; // it was there the first time
  hosted::advance_time(Duration::seconds(12));
  EXPECT_FALSE(net.poll(0, 64).more);
  EXPECT_THAT(hosted::take_console_text(), HasSubstr("does not start again"));
  EXPECT_EQ(transport.status(), 0);
  transport.features |= status_feature;
  hosted::advance_time(Duration::seconds(12));
  EXPECT_FALSE(net.poll(0, 64).more) << "it is not asked again";
}

TEST_F(NetRestartTest, V18_AnInterruptOfAStoppedDeviceIsLeftAlone) {
  start();
  transmit_queue.set_used_index(9);
  net.poll(0, 64);
  const int before = notifications;
  transport.interrupt_queues();
  EXPECT_EQ(notifications, before);
}

} // namespace
} // namespace skerry::virtio
