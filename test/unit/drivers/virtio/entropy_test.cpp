// SPDX-License-Identifier: Apache-2.0
// The driver of the source of entropy, with a device that keeps to the rules and with one that does
// not. A device here answers at once: a process has no thread that could wait.
#include "drivers/virtio/entropy.hpp"
#include "fake_transport.hpp"
#include "platform/hosted/console_capture.hpp"

#include <array>
#include <gmock/gmock.h>

namespace skerry::virtio {
namespace {

using testing::Each;
using testing::HasSubstr;

class EntropyTest : public testing::Test {
protected:
  EntropyTest() {
    EXPECT_TRUE(entropy.start_device());
    transport.on_notify = [this](std::uint16_t) { answer(); };
  }

  /// Gives at most `most` bytes of 0x5a, and says that it gave `lies` more.
  void answer() {
    const auto chain = queue.take();
    ++requests;
    const std::size_t count = std::min(most, chain.writable.at(0).size());
    std::fill_n(chain.writable.at(0).data(), count, std::uint8_t{0x5a});
    queue.give(chain.head, static_cast<std::uint32_t>(count + lies));
  }

  test::FakeTransport transport{0};
  test::FakeQueue& queue = transport.queues[0];
  Entropy entropy{transport};
  std::array<std::byte, 64> buffer{};
  std::size_t most = SIZE_MAX;
  std::size_t lies = 0;
  int requests = 0;
};

TEST_F(EntropyTest, FillsABuffer) {
  EXPECT_EQ(entropy.fill(buffer), buffer.size());
  EXPECT_THAT(buffer, Each(std::byte{0x5a}));
  EXPECT_EQ(requests, 1);
}

TEST_F(EntropyTest, V14_ADeviceThatGivesLittleIsAskedAgain) {
  most = 24;
  EXPECT_EQ(entropy.fill(buffer), buffer.size());
  EXPECT_THAT(buffer, Each(std::byte{0x5a}));
  EXPECT_EQ(requests, 3);
}

TEST_F(EntropyTest, V14_ADeviceThatGivesNothingIsLeftAlone) {
  most = 0;
  EXPECT_EQ(entropy.fill(buffer), 0U);
  EXPECT_EQ(requests, 1);
  most = SIZE_MAX;
  EXPECT_EQ(entropy.fill(buffer), buffer.size()) << "it is not broken";
}

TEST_F(EntropyTest, V03_ADeviceThatGivesMoreThanThereIsRoomForIsStopped) {
  lies = 1;
  EXPECT_EQ(entropy.fill(buffer), 0U);
  EXPECT_THAT(hosted::take_console_text(), HasSubstr("V03"));
  EXPECT_EQ(transport.status(), 0) << "the device was not reset";
  EXPECT_EQ(entropy.fill(buffer), 0U);
  EXPECT_EQ(requests, 1) << "it is not used any more";
}

TEST(Entropy, V13_ADeviceThatStaysInItsResetIsGivenUp) {
  test::FakeTransport transport(0);
  transport.stuck_in_reset = true;
  Entropy entropy(transport);
  EXPECT_EQ(entropy.start_device().error(), std::errc::timed_out);
}

} // namespace
} // namespace skerry::virtio
