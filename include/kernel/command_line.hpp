// SPDX-License-Identifier: Apache-2.0
// The command line of an image: `kernel arguments -- service arguments`. It comes in two parts: the
// line that skerry_image() put into the image, then that of the boot loader.
#pragma once

#include <core/log.hpp>
#include <core/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace skerry::kernel {

/// What the kernel's own arguments ask for, and the service's arguments as words.
/// Words are separated by blanks; double quotes keep blanks inside a word; `\"` and `\\` stand for
/// themselves inside quotes. `virtio_mmio.device=` words belong to the kernel wherever they stand:
/// QEMU's microvm appends them. Of the two lines the second one's `ip=` words replace those of the
/// first; all else adds up. Immutable after boot.
struct CommandLine {
  static constexpr std::size_t max_words = 64;
  static constexpr std::size_t max_text = 2048;
  static constexpr std::size_t max_ip_words = 2;
  static constexpr std::size_t lines = 2;

  log::Level console_level = log::Level::info;
  bool trace_calls = false;
  std::uint32_t status_seconds = 0; ///< between two lines about the state of the image; 0: none

  [[nodiscard]] std::span<const std::string_view> service_arguments() const {
    return {service_words.data(), service_count};
  }
  [[nodiscard]] std::span<const std::string_view> mmio_devices() const {
    return {mmio_words.data(), mmio_count};
  }

  [[nodiscard]] std::span<const std::string_view> ip_arguments() const {
    return {ip_words.data(), ip_count};
  }
  [[nodiscard]] std::span<const std::string_view> variables() const {
    return {variable_words.data(), variable_count};
  }

  /// What follows `ip=`, which the network reads.
  std::array<std::string_view, max_ip_words> ip_words{};
  std::size_t ip_count = 0;
  bool ip_is_default = false; ///< the words are the image's; the loader's replace them

  /// NAME=VALUE of each `env=` word, in order.
  std::array<std::string_view, max_words> variable_words{};
  std::size_t variable_count = 0;

  /// Words of the service, each followed by a zero byte in `text`.
  std::array<std::string_view, max_words> service_words{};
  std::size_t service_count = 0;
  /// What follows `virtio_mmio.device=`, unparsed.
  std::array<std::string_view, max_words> mmio_words{};
  std::size_t mmio_count = 0;

  std::array<char, lines*(max_text + max_words)> text{};
  std::size_t text_used = 0;
};

/// Why a command line was refused. `what` and `expected` are literals; `word` points into `text`.
struct CommandLineError {
  std::string_view word;
  std::string_view what;
  std::string_view expected;
};

/// Reads `line` into `result`, behind what is there. Returns false and fills `error` when a kernel
/// argument is not known or not of its form. Context: boot.
[[nodiscard]] bool parse_command_line(std::string_view line, CommandLine& result,
                                      CommandLineError& error);

/// The command line of this run. Context: any, after boot.
[[nodiscard]] const CommandLine& command_line();

/// Parses and keeps the image's own line and the boot loader's; a wrong one ends the run.
/// Context: boot.
void read_command_line(std::string_view own, std::string_view line);

} // namespace skerry::kernel
