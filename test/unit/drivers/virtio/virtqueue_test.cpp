// SPDX-License-Identifier: Apache-2.0
// The ring, with a device that keeps to the rules and with one that does not (rules V01 to V07).
#include "drivers/virtio/virtqueue.hpp"
#include "fake_transport.hpp"

#include <gtest/gtest.h>
#include <random>
#include <set>

namespace skerry::virtio {
namespace {

class VirtqueueTest : public testing::Test {
protected:
  void start(bool event_index = false) {
    ASSERT_TRUE(queue.start(transport, 0, event_index));
    memory = *mm::DmaMemory::allocate(4096);
  }

  [[nodiscard]] Piece piece(std::uint32_t offset, std::uint32_t size) const {
    return {.address = memory.device_address() + offset, .size_bytes = size};
  }

  std::uint16_t post_writable(std::uint32_t size) {
    const Piece one = piece(0, size);
    const auto head = queue.post({}, {&one, 1});
    queue.publish();
    return head.value();
  }

  test::FakeTransport transport{0};
  test::FakeQueue& device = transport.queues[0];
  Virtqueue queue;
  mm::DmaMemory memory;
};

TEST_F(VirtqueueTest, TakesBackWhatItPosted) {
  start();
  const Piece read[] = {piece(0, 4), piece(4, 4)};
  const Piece write = piece(8, 8);
  std::memcpy(memory.data(), "question", 8);
  const auto head = queue.post(read, {&write, 1});
  ASSERT_TRUE(head);
  EXPECT_FALSE(device.has_chain()) << "shown before publish()";
  queue.publish();
  EXPECT_TRUE(queue.kick());
  EXPECT_EQ(transport.notified[0], 1);

  const auto chain = device.take();
  EXPECT_EQ(std::string(chain.readable.begin(), chain.readable.end()), "question");
  std::memcpy(chain.writable.at(0).data(), "answer", 6);
  device.give(chain.head, 6);
  const auto completion = queue.take();
  ASSERT_TRUE(completion);
  EXPECT_EQ(completion->head, *head);
  EXPECT_EQ(completion->written_bytes, 6U);
  EXPECT_FALSE(queue.take());
  EXPECT_EQ(queue.free_descriptors(), queue.size());
}

TEST_F(VirtqueueTest, RefusesMoreThanItHasRoomFor) {
  start();
  for (std::uint16_t i = 0; i < queue.size(); ++i) {
    post_writable(8);
  }
  const Piece one = piece(0, 8);
  EXPECT_EQ(queue.post({}, {&one, 1}).error(), std::errc::no_buffer_space);
}

TEST_F(VirtqueueTest, RefusesImpossibleSizes) {
  for (const std::uint16_t size : {0, 3, 65535}) {
    transport.offered_size = size;
    EXPECT_EQ(queue.start(transport, 0, false).error(), std::errc::no_such_device) << size;
  }
}

TEST_F(VirtqueueTest, TakesNoMoreEntriesThanItHasRecordsFor) {
  transport.offered_size = 32768;
  start();
  EXPECT_EQ(device.size(), Virtqueue::max_size);
}

TEST_F(VirtqueueTest, SurvivesManyRoundsInAnyOrder) {
  start();
  std::mt19937 random(1);
  std::vector<std::uint16_t> out;
  std::set<std::uint16_t> heads;
  for (int step = 0; step < 200'000; ++step) {
    const auto count = static_cast<std::uint16_t>(random() % 3 + 1);
    if (random() % 2 == 0 && queue.free_descriptors() >= count) {
      const Piece pieces[] = {piece(0, 8), piece(8, 8), piece(16, 8)};
      const auto head = queue.post({}, std::span(pieces).first(count));
      queue.publish();
      ASSERT_TRUE(heads.insert(head.value()).second);
      out.push_back(device.take().head);
    } else if (!out.empty()) {
      std::swap(out[random() % out.size()], out.back());
      device.give(out.back(), random() % 9);
      out.pop_back();
      ASSERT_EQ(heads.erase(queue.take().value().head), 1U);
    }
  }
  EXPECT_EQ(queue.broken(), "");
}

TEST_F(VirtqueueTest, V01_MoreChainsCameBackThanWereOut) {
  start();
  post_writable(8);
  device.set_used_index(2);
  EXPECT_FALSE(queue.take());
  EXPECT_TRUE(queue.broken().starts_with("V01"));
}

TEST_F(VirtqueueTest, V02_AChainOutsideTheQueueCameBack) {
  start();
  post_writable(8);
  device.give(queue.size(), 0);
  EXPECT_FALSE(queue.take());
  EXPECT_TRUE(queue.broken().starts_with("V02"));
}

TEST_F(VirtqueueTest, V02_AChainThatWasNotOutCameBack) {
  start();
  const std::uint16_t head = post_writable(8);
  device.give(head + 1U, 0);
  EXPECT_FALSE(queue.take());
  EXPECT_TRUE(queue.broken().starts_with("V02"));
}

TEST_F(VirtqueueTest, V02_AChainCameBackTwice) {
  start();
  const std::uint16_t head = post_writable(8);
  post_writable(8);
  device.give(head, 0);
  device.give(head, 0);
  EXPECT_TRUE(queue.take());
  EXPECT_FALSE(queue.take());
  EXPECT_TRUE(queue.broken().starts_with("V02"));
}

TEST_F(VirtqueueTest, V03_MoreWasWrittenThanThereWasRoomFor) {
  start();
  const std::uint16_t head = post_writable(8);
  device.give(head, 9);
  EXPECT_FALSE(queue.take());
  EXPECT_TRUE(queue.broken().starts_with("V03"));
}

TEST_F(VirtqueueTest, V03_SomethingWasWrittenToWhatIsForReadingOnly) {
  start();
  const Piece one = piece(0, 8);
  const auto head = queue.post({&one, 1}, {});
  queue.publish();
  device.give(*head, 1);
  EXPECT_FALSE(queue.take());
  EXPECT_TRUE(queue.broken().starts_with("V03"));
}

TEST_F(VirtqueueTest, V04_WhatTheDeviceWritesToDescriptorsIsNeverRead) {
  start();
  const Piece pieces[] = {piece(0, 8), piece(8, 8)};
  const auto head = queue.post({}, pieces);
  queue.publish();
  for (std::uint16_t i = 0; i < queue.size(); ++i) {
    device.descriptors()[i] = {~0ULL, ~0U, 0xffff, static_cast<std::uint16_t>(i)};
  }
  device.give(*head, 16);
  EXPECT_TRUE(queue.take());
  EXPECT_EQ(queue.free_descriptors(), queue.size());
  for (std::uint16_t i = 0; i < queue.size(); ++i) {
    post_writable(8);
  }
  EXPECT_EQ(queue.free_descriptors(), 0U);
}

TEST_F(VirtqueueTest, GivesNothingMoreAfterARuleWasBroken) {
  start();
  const std::uint16_t head = post_writable(8);
  device.give(head, 9);
  EXPECT_FALSE(queue.take());
  device.give(head, 8);
  EXPECT_FALSE(queue.take());
  EXPECT_FALSE(queue.has_used());
}

TEST_F(VirtqueueTest, KicksOnlyWhoWantsToBeKicked) {
  start();
  device.set_no_notify(true);
  post_writable(8);
  EXPECT_FALSE(queue.kick());
  device.set_no_notify(false);
  EXPECT_FALSE(queue.kick()) << "nothing is new";
  post_writable(8);
  EXPECT_TRUE(queue.kick());
}

TEST_F(VirtqueueTest, KicksWhenTheEventIndexIsCrossed) {
  start(true);
  device.set_avail_event(1); // wants to hear of the second
  post_writable(8);
  EXPECT_FALSE(queue.kick());
  post_writable(8);
  EXPECT_TRUE(queue.kick());
  post_writable(8);
  EXPECT_FALSE(queue.kick());
}

TEST_F(VirtqueueTest, ArmsForTheNextChainAndSeesOneThatCameBefore) {
  start(true);
  const std::uint16_t head = post_writable(8);
  EXPECT_TRUE(queue.arm());
  EXPECT_EQ(device.used_event(), 0U);
  device.give(head, 0);
  EXPECT_FALSE(queue.arm());
  EXPECT_TRUE(queue.take());
  EXPECT_TRUE(queue.arm());
  EXPECT_EQ(device.used_event(), 1U);
}

TEST_F(VirtqueueTest, DisarmsByAFlagWhereThereAreNoEventIndexes) {
  start();
  queue.disarm();
  EXPECT_TRUE(device.wants_no_interrupt());
  EXPECT_TRUE(queue.arm());
  EXPECT_FALSE(device.wants_no_interrupt());
}

} // namespace
} // namespace skerry::virtio
