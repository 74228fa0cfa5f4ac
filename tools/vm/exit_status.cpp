// SPDX-License-Identifier: Apache-2.0
// How a guest says with which status `main` ended; see the header.
#include "vm/exit_status.hpp"

#include "support/file.hpp"

#include <charconv>
#include <format>
#include <utility>

namespace skerry::vm {
namespace {

constexpr std::string_view exit_prefix = "skerry: exit status ";

constexpr std::size_t longest_exit_line = 100;

constexpr int exit_device_code(int status) {
  return ((status & 0x7f) << 1) | 1;
}

} // namespace

std::optional<int> parse_exit_line(std::string_view line) {
  // Where the program's last line has no end, ours stands behind it.
  const std::size_t start = line.rfind(exit_prefix);
  if (start == std::string_view::npos)
    return std::nullopt;
  line.remove_prefix(start + exit_prefix.size());
  int status = -1;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), status);
  const std::string_view rest(end, line.data() + line.size());
  const bool remark = rest.starts_with(" (") && rest.ends_with(')');
  if (error != std::errc{} || status < 0 || status > 255 || !(rest.empty() || remark))
    return std::nullopt;
  return status;
}

GuestResult translate_exit(std::string_view console_line, ProcessStatus qemu,
                           std::string_view qemu_error) {
  const auto status = parse_exit_line(console_line);
  if (!status) {
    const std::string_view reason = last_lines(qemu_error, 1);
    if (!reason.empty())
      return std::unexpected(std::format("QEMU ended with {}: {}", qemu.describe(), reason));
    return std::unexpected(
        std::format("guest ended without an exit status (QEMU: {})", qemu.describe()));
  }
  // A guest that powers itself off by other means ends QEMU with 0; its console has said enough.
  const bool agrees =
      qemu.signal == 0 && (qemu.code == exit_device_code(*status) || qemu.code == 0);
  if (!agrees)
    return std::unexpected(
        std::format("guest said exit status {}, but QEMU ended with {}", *status, qemu.describe()));
  return *status;
}

bool ExitLineFilter::may_be_exit_line(std::string_view text) {
  const std::size_t end = text.find('\n');
  if (text.size() < exit_prefix.size())
    return exit_prefix.starts_with(text);
  if (!text.starts_with(exit_prefix) || text.size() > longest_exit_line)
    return false;
  return end == std::string_view::npos ||
         (end + 1 == text.size() && parse_exit_line(text.substr(0, end)));
}

std::string ExitLineFilter::pass(std::string_view bytes) {
  std::string shown;
  for (const char c : bytes) {
    held_ += c;
    while (!may_be_exit_line(held_)) {
      shown += held_.front();
      held_.erase(0, 1);
    }
  }
  return shown;
}

std::string ExitLineFilter::finish() {
  std::string held = std::exchange(held_, {});
  const std::string_view line = std::string_view(held).substr(0, held.find('\n'));
  if (!parse_exit_line(line))
    return held;
  exit_line_ = line;
  return {};
}

} // namespace skerry::vm
