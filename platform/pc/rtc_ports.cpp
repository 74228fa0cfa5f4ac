// SPDX-License-Identifier: Apache-2.0
// The real-time clock behind its index port and its data port.
#include "platform/pc/rtc.hpp"
#include "platform/x86_64/io_port.hpp"

#include <hal/cpu.hpp>

namespace skerry::pc {
namespace {

constexpr std::uint16_t index_port = 0x70;
constexpr std::uint16_t data_port = 0x71;

class RtcPorts final : public RtcRegisters {
public:
  std::uint8_t read(std::uint8_t index) override {
    const hal::InterruptsOff off; // index and data belong together
    x86_64::out8(index_port, index);
    return x86_64::in8(data_port);
  }
};

} // namespace

std::optional<std::int64_t> read_machine_rtc(std::uint8_t century_index) {
  RtcPorts ports;
  return read_rtc(ports, century_index);
}

} // namespace skerry::pc
