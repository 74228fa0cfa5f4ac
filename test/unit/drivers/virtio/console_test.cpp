// SPDX-License-Identifier: Apache-2.0
// The console's driver, with a device that keeps to the rules and with one that does not.
#include "drivers/virtio/console.hpp"
#include "fake_transport.hpp"
#include "platform/hosted/console_capture.hpp"

#include <gmock/gmock.h>
#include <string>

namespace skerry::virtio {
namespace {

using testing::HasSubstr;

class ConsoleTest : public testing::Test {
protected:
  ConsoleTest() { EXPECT_TRUE(console.start_device()); }

  test::FakeQueue& input() { return transport.queues[0]; }
  test::FakeQueue& output() { return transport.queues[1]; }

  /// What the device has got since the last call.
  std::string take_output() {
    std::string text;
    while (output().has_chain()) {
      const auto chain = output().take();
      text.append(chain.readable.begin(), chain.readable.end());
      output().give(chain.head, 0);
    }
    return text;
  }
  void type(std::string_view text) {
    input().answer({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }
  std::string read(std::size_t size = 100) {
    std::string text(size, '\0');
    text.resize(console.read(text));
    return text;
  }

  test::FakeTransport transport{0};
  Console console{transport};
};

TEST_F(ConsoleTest, WritesTextInPieces) {
  console.write("hello\n");
  EXPECT_EQ(take_output(), "hello\n");
  const std::string large(1300, 'x');
  console.write(large);
  EXPECT_EQ(take_output(), large);
  EXPECT_GT(transport.notified[1], 0);
  EXPECT_EQ(console.dropped_output(), 0U);
}

TEST_F(ConsoleTest, DropsWhatTheDeviceIsTooSlowFor) {
  for (int i = 0; i < 20; ++i)
    console.write("line\n");
  EXPECT_EQ(console.dropped_output(), 4U * 5U);
  EXPECT_EQ(take_output().size(), 16U * 5U);
  console.write("again\n");
  EXPECT_EQ(take_output(), "again\n");
}

TEST_F(ConsoleTest, FlushEndsWhetherTheDeviceAnswersOrNot) {
  console.flush();
  console.write("one");
  console.flush(); // nobody answers
  EXPECT_EQ(take_output(), "one");
  console.flush();
}

TEST_F(ConsoleTest, ReadsWhatIsTyped) {
  EXPECT_EQ(read(), "");
  type("one ");
  type("two");
  EXPECT_EQ(read(2), "on");
  EXPECT_EQ(read(), "e two");
  EXPECT_EQ(read(), "");
  for (int i = 0; i < 20; ++i) { // more often than there are buffers
    type("more");
    EXPECT_EQ(read(), "more");
  }
}

TEST_F(ConsoleTest, TellsThatSomethingWasTyped) {
  int calls = 0;
  console.on_input([](void* count) { ++*static_cast<int*>(count); }, &calls);
  transport.interrupt_queues();
  EXPECT_EQ(calls, 1);
}

TEST_F(ConsoleTest, V01_AnOutputChainThatIsNotInFlightBreaksTheDevice) {
  (void)hosted::take_console_text();
  console.write("a");
  output().give(77, 0);
  console.write("b");
  EXPECT_THAT(hosted::take_console_text(), HasSubstr("V0"));
  console.write("c"); // and nothing is hung
  EXPECT_EQ(console.dropped_output(), 2U);
}

TEST_F(ConsoleTest, V03_MoreInputThanTheBufferHoldsBreaksTheDevice) {
  (void)hosted::take_console_text();
  const auto chain = input().take();
  input().give(chain.head, 513);
  EXPECT_EQ(read(), "");
  EXPECT_THAT(hosted::take_console_text(), HasSubstr("V03"));
  EXPECT_EQ(read(), "");
}

TEST_F(ConsoleTest, V02_AnIndexThatRunsAheadBreaksTheDevice) {
  (void)hosted::take_console_text();
  input().set_used_index(100);
  EXPECT_EQ(read(), "");
  EXPECT_THAT(hosted::take_console_text(), HasSubstr("V0"));
}

} // namespace
} // namespace skerry::virtio
