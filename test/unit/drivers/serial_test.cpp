// SPDX-License-Identifier: Apache-2.0
// The UART driver against a UART that the test plays: present, absent, stuck, old or lying.
#include "drivers/serial/ns16550.hpp"

#include <deque>
#include <gtest/gtest.h>
#include <string>

namespace skerry::serial {
namespace {

class FakeUart final : public RegisterAccess {
public:
  bool present = true;
  bool has_scratch = true;
  bool has_loop = true;
  bool has_fifo = true;
  bool takes_bytes = true;
  bool endless_input = false;
  unsigned status_reads = 0;
  unsigned overruns = 0;
  unsigned bytes_per_look = 16; ///< what the transmitter takes after it was found empty
  std::string sent;
  std::deque<char> input;
  std::uint8_t registers[8] = {};
  std::uint8_t divisor[2] = {};
  std::vector<std::uint8_t> interrupt_enable_writes;

  std::uint8_t read(unsigned index) override {
    if (!present) {
      return 0xff;
    }
    switch (index) {
    case 0:
      return read_received();
    case 2:
      return identification();
    case 5:
      return line_status();
    case 6:
      return has_loop && (registers[4] & 0x10) != 0 ? 0x90 : 0xb0;
    case 7:
      return has_scratch ? registers[7] : 0;
    default:
      return registers[index];
    }
  }

  void write(unsigned index, std::uint8_t value) override {
    const bool latch_open = (registers[3] & 0x80) != 0;
    if (index <= 1 && latch_open) {
      divisor[index] = value;
      return;
    }
    if (index == 0) {
      overruns += room_ == 0 ? 1 : 0;
      room_ -= room_ == 0 ? 0 : 1;
      sent += static_cast<char>(value);
      return;
    }
    if (index == 1) {
      interrupt_enable_writes.push_back(value);
    }
    registers[index] = value;
  }

private:
  std::uint8_t read_received() {
    if (endless_input) {
      return 'x';
    }
    const char front = input.empty() ? '\0' : input.front();
    if (!input.empty()) {
      input.pop_front();
    }
    return static_cast<std::uint8_t>(front);
  }
  std::uint8_t identification() const {
    const bool pending = !input.empty() || endless_input;
    return static_cast<std::uint8_t>((has_fifo ? 0xc0 : 0) | (pending ? 4 : 1));
  }
  std::uint8_t line_status() {
    ++status_reads;
    if (takes_bytes) {
      room_ = has_fifo ? bytes_per_look : 1;
    }
    return static_cast<std::uint8_t>((takes_bytes ? 0x60 : 0) |
                                     (!input.empty() || endless_input ? 1 : 0));
  }

  unsigned room_ = 0;
};

std::string read_all(Ns16550& uart) {
  char buffer[1024];
  return {buffer, uart.read(buffer)};
}

TEST(Ns16550, SetsUpThePort) {
  FakeUart fake;
  Ns16550 uart(fake);
  ASSERT_TRUE(uart.start());
  EXPECT_EQ(fake.divisor[0], 1);
  EXPECT_EQ(fake.divisor[1], 0);
  EXPECT_EQ(fake.registers[3], 0x03);
  EXPECT_EQ(fake.registers[1], 0);
}

TEST(Ns16550, TurnsLineFeedsIntoCarriageReturnAndLineFeed) {
  FakeUart fake;
  Ns16550 uart(fake);
  ASSERT_TRUE(uart.start());
  uart.write("one\ntwo\n");
  EXPECT_EQ(fake.sent, "one\r\ntwo\r\n");
}

TEST(Ns16550, NeverTouchesAnAbsentPortAgain) {
  FakeUart fake;
  fake.present = false;
  Ns16550 uart(fake);
  EXPECT_FALSE(uart.start());
  fake.status_reads = 0;
  uart.write("text");
  uart.handle_interrupt();
  uart.enable_input();
  EXPECT_EQ(fake.sent, "");
  EXPECT_EQ(fake.status_reads, 0U);
}

TEST(Ns16550, WritesWithoutEffectBeforeItIsStarted) {
  FakeUart fake;
  Ns16550 uart(fake);
  uart.write("text");
  EXPECT_EQ(fake.sent, "");
}

TEST(Ns16550, FindsAPortWithoutScratchRegisterByItsLoop) {
  FakeUart fake;
  fake.has_scratch = false;
  Ns16550 uart(fake);
  EXPECT_TRUE(uart.start());
  FakeUart nothing;
  nothing.has_scratch = false;
  nothing.has_loop = false;
  Ns16550 no_uart(nothing);
  EXPECT_FALSE(no_uart.start());
}

TEST(Ns16550, FillsTheFifoBeforeItAsksAgain) {
  FakeUart fake;
  Ns16550 uart(fake);
  ASSERT_TRUE(uart.start());
  fake.status_reads = 0;
  uart.write(std::string(160, 'a'));
  EXPECT_EQ(fake.sent.size(), 160U);
  EXPECT_EQ(fake.status_reads, 10U);
  EXPECT_EQ(fake.overruns, 0U);
}

TEST(Ns16550, AsksForEachByteWithoutFifo) {
  FakeUart fake;
  fake.has_fifo = false;
  Ns16550 uart(fake);
  ASSERT_TRUE(uart.start());
  uart.write(std::string(40, 'a'));
  EXPECT_EQ(fake.sent.size(), 40U);
  EXPECT_EQ(fake.overruns, 0U);
}

TEST(Ns16550, DropsWhatAStuckPortDoesNotTake) {
  FakeUart fake;
  Ns16550 uart(fake);
  ASSERT_TRUE(uart.start());
  fake.takes_bytes = false;
  uart.write("lost");
  EXPECT_EQ(fake.sent, "");
  EXPECT_EQ(uart.dropped_output(), 4U);
  // The long wait happened once; from now on a look is all that a byte costs.
  fake.status_reads = 0;
  uart.write("lost");
  EXPECT_LE(fake.status_reads, 4U);
}

TEST(Ns16550, SendsAgainWhenAStuckPortRecovers) {
  FakeUart fake;
  Ns16550 uart(fake);
  ASSERT_TRUE(uart.start());
  fake.takes_bytes = false;
  uart.write("lost");
  fake.takes_bytes = true;
  uart.write("back");
  EXPECT_EQ(fake.sent, "back");
}

TEST(Ns16550, KeepsReceivedBytesInOrder) {
  FakeUart fake;
  Ns16550 uart(fake);
  ASSERT_TRUE(uart.start());
  uart.enable_input();
  fake.input = {'a', 'b', 'c'};
  uart.handle_interrupt();
  fake.input = {'d'};
  uart.handle_interrupt();
  EXPECT_EQ(read_all(uart), "abcd");
  EXPECT_EQ(read_all(uart), "");
}

TEST(Ns16550, ReadsInPiecesAndAcrossTheEndOfTheRing) {
  FakeUart fake;
  Ns16550 uart(fake);
  ASSERT_TRUE(uart.start());
  std::string all;
  std::string expected;
  for (int round = 0; round < 100; ++round) {
    const char letter = static_cast<char>('a' + round % 26);
    fake.input = {letter, 'x', 'y', 'z', '1', '2', '3'};
    expected += std::string(1, letter) + "xyz123";
    uart.handle_interrupt();
    char buffer[5];
    for (std::size_t got = uart.read(buffer); got != 0; got = uart.read(buffer)) {
      all.append(buffer, got);
    }
  }
  EXPECT_EQ(all, expected);
}

TEST(Ns16550, DropsInputForWhichThereIsNoRoom) {
  FakeUart fake;
  Ns16550 uart(fake);
  ASSERT_TRUE(uart.start());
  for (int i = 0; i < 300; ++i) {
    fake.input = {'x'};
    uart.handle_interrupt();
  }
  EXPECT_EQ(uart.dropped_input(), 44U);
  EXPECT_EQ(read_all(uart).size(), 256U);
}

TEST(Ns16550, LeavesTheInterruptWhenADeviceClaimsEndlessInput) {
  FakeUart fake;
  Ns16550 uart(fake);
  ASSERT_TRUE(uart.start());
  uart.enable_input();
  fake.endless_input = true;
  fake.interrupt_enable_writes.clear();
  uart.handle_interrupt();
  EXPECT_EQ(read_all(uart).size(), 64U);
  // The edge is made again, so that the rest is not forgotten.
  EXPECT_EQ(fake.interrupt_enable_writes, (std::vector<std::uint8_t>{0, 1}));
}

TEST(Ns16550, TellsTheListenerOnlyWhenBytesArrived) {
  FakeUart fake;
  Ns16550 uart(fake);
  ASSERT_TRUE(uart.start());
  int calls = 0;
  uart.on_input([](void* context) { ++*static_cast<int*>(context); }, &calls);
  uart.handle_interrupt(); // the line is shared, or it is spurious
  EXPECT_EQ(calls, 0);
  fake.input = {'a', 'b'};
  uart.handle_interrupt();
  EXPECT_EQ(calls, 1);
}

} // namespace
} // namespace skerry::serial
