// SPDX-License-Identifier: Apache-2.0
// All consoles at once: the platform's own, which is there from the first line on, and those that
// drivers have brought up.
#pragma once

#include <string_view>

namespace skerry::kernel {

/// Writes the service's `text` to each. Any context, a panic included.
void write_consoles(std::string_view text);

/// While one lives, a call of the service is writing, in as many pieces as it likes: lines of the
/// log wait for its end, so that none comes into the middle of a line. Context: thread.
class ServiceOutput {
public:
  ServiceOutput();
  ~ServiceOutput();
  ServiceOutput(const ServiceOutput&) = delete;
  ServiceOutput& operator=(const ServiceOutput&) = delete;
};

/// Writes `line`, which is the kernel's, at once: it starts a line of its own when the service has
/// begun one that has not ended. Any context, a panic included.
void write_kernel_line(std::string_view line);

/// The same, but it waits where the service is writing, as long as there is room for what waits.
/// Context: any but a panic.
void write_log_line(std::string_view line);

/// Writes what waits. Context: as above.
void write_waiting_lines();

/// Writes a control character, which is no part of any line. Any context.
void write_control(char character);

/// Waits a moment until what was written has left the machine. Any context.
void flush_consoles();

} // namespace skerry::kernel
