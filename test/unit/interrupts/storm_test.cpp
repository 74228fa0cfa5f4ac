// SPDX-License-Identifier: Apache-2.0
// A line that stays up for no reason is masked in its I/O APIC, and no other line is.
#include "platform/x86_64/interrupt_handlers.hpp"
#include "platform/x86_64/ioapic.hpp"
#include "platform/x86_64/lapic.hpp"
#include "platform/x86_64/lapic_timer.hpp"

#include <hal/paging.hpp>

#include <array>
#include <gtest/gtest.h>

namespace skerry {
namespace {

/// An I/O APIC of which one sees what was written last: index and window are all that it has in
/// memory. The window reads as the version until the first write.
struct FakeIoApic {
  static constexpr std::uint32_t lines_24 = 0x0017'0011;

  [[nodiscard]] std::uint32_t index() const { return words[0]; }
  [[nodiscard]] std::uint32_t window() const { return words[4]; }

  std::array<volatile std::uint32_t, 8> words{0, 0, 0, 0, lines_24};
};

constexpr mm::PhysicalAddress first_address{0xfec0'0000};
constexpr mm::PhysicalAddress second_address{0xfec1'0000};

FakeIoApic first_io_apic;
FakeIoApic second_io_apic;
unsigned ended = 0;

} // namespace

// What the tested files ask of the machine.
Result<mm::VirtualAddress> hal::map_physical(mm::PhysicalRange range, Caching) {
  FakeIoApic& io_apic = range.start == first_address ? first_io_apic : second_io_apic;
  return mm::VirtualAddress(reinterpret_cast<std::uintptr_t>(io_apic.words.data()));
}

namespace x86_64 {

bool local_apic_is_up() {
  return true;
}
std::uint32_t local_apic_id() {
  return 3;
}
void end_of_interrupt() {
  ++ended;
}
bool is_in_service(unsigned) {
  return true;
}
void handle_local_timer() {}

namespace {

constexpr std::uint32_t redirection_of_line_5 = 0x10 + 2 * 5;
constexpr std::uint32_t masked = 1U << 16U;
constexpr std::uint32_t level = 1U << 15U;

bool claim_when(void* flag) {
  return *static_cast<bool*>(flag);
}

/// Lines 0 to 23, and 24 to 47 of another one. There is one machine in the process.
class InterruptStorm : public testing::Test {
protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(add_io_apic(first_address, 0));
    ASSERT_TRUE(add_io_apic(second_address, 24));
  }

  static void come(unsigned vector, unsigned times) {
    for (unsigned i = 0; i < times; ++i) {
      dispatch_interrupt(vector);
    }
  }
};

TEST_F(InterruptStorm, V13_TheLineIsMaskedAndNoOther) {
  bool has_reason = false;
  ASSERT_TRUE(hal::connect_line_interrupt(29, true, false, claim_when, &has_reason));
  EXPECT_EQ(second_io_apic.index(), redirection_of_line_5);
  const unsigned other_vector = second_io_apic.window() & 0xffU;
  bool other_has_reason = true;
  ASSERT_TRUE(hal::connect_line_interrupt(5, true, false, claim_when, &other_has_reason));
  EXPECT_EQ(first_io_apic.index(), redirection_of_line_5);
  const std::uint32_t route = first_io_apic.window();
  const unsigned vector = route & 0xffU;
  EXPECT_EQ(route, level | vector);
  EXPECT_NE(vector, other_vector);
  const std::uint32_t other_route = second_io_apic.window();

  constexpr unsigned limit = InterruptHandlers::max_unclaimed;
  ended = 0;
  come(vector, limit);
  EXPECT_EQ(first_io_apic.window(), route) << "its device had a reason each time";
  other_has_reason = false;
  come(vector, limit - 1);
  EXPECT_EQ(first_io_apic.window(), route) << "not yet too many";
  come(vector, 1);
  EXPECT_EQ(first_io_apic.index(), redirection_of_line_5);
  EXPECT_EQ(first_io_apic.window(), masked);
  EXPECT_EQ(second_io_apic.window(), other_route) << "the other line goes on";
  EXPECT_EQ(ended, 2 * limit) << "each interrupt is ended, also the last";

  has_reason = true;
  come(other_vector, 1);
  EXPECT_EQ(ended, 2 * limit + 1);
}

TEST_F(InterruptStorm, MessagesHaveNoLineToMask) {
  bool has_reason = false;
  const auto signal = hal::connect_message_interrupt(claim_when, &has_reason);
  ASSERT_TRUE(signal);
  const std::uint32_t before = first_io_apic.window();
  come(signal->data, 2 * InterruptHandlers::max_unclaimed);
  EXPECT_EQ(first_io_apic.window(), before);
}

} // namespace
} // namespace x86_64
} // namespace skerry
