// SPDX-License-Identifier: Apache-2.0
// Measures the rate of the time-stamp counter against a slow counter of known rate that wraps
// (ACPI's PM timer, the PIT). The longer the window, the better the measurement; nobody waits for
// it: whoever happens to ask for the time contributes a sample when one is due. Pure arithmetic.
#pragma once

#include "platform/x86_64/tsc_scale.hpp"

#include <cstdint>
#include <optional>

namespace skerry::x86_64 {

/// What is known of the slow counter.
struct ReferenceProperties {
  std::uint64_t hertz = 0;
  std::uint64_t mask = 0; ///< 2^n - 1: the counter's values
};

/// Both counters at one moment.
struct TscSample {
  std::uint64_t tsc = 0;        ///< in the middle of the read of the slow counter
  std::uint64_t half_width = 0; ///< the read began and ended so many TSC ticks from there
  std::uint64_t reference = 0;
};

/// In so many TSC ticks the slow counter does not go through all of its values: whoever reads both
/// may be kept from running for any time in between, by a hypervisor for one.
[[nodiscard]] std::uint64_t ticks_without_wrap(const ReferenceProperties& properties);

/// Not synchronised: one caller at a time.
class TscCalibration {
public:
  enum class Verdict : std::uint8_t {
    nothing,      ///< too early, or no better than what is known
    better,       ///< scale() has changed
    inconsistent, ///< the counter's rate is not constant: begin() again or give it up
    restarted,    ///< so long after the first sample that the slow counter may have wrapped, and no
                  ///< rate is known that tells how often: this sample is the first now
  };

  /// Starts anew with a first sample; what was known is forgotten.
  void begin(const ReferenceProperties& properties, const TscSample& first);

  /// Judges one more sample.
  Verdict consider(const TscSample& sample);

  /// The rate, once there was a Verdict::better.
  [[nodiscard]] const std::optional<TickScale>& scale() const { return scale_; }
  /// How often consider() said better since begin(): each is a check on the one before.
  [[nodiscard]] unsigned agreements() const { return agreements_; }
  /// Bound on the relative error of scale(), in parts of a billion.
  [[nodiscard]] std::uint64_t error_ppb() const { return error_ppb_; }

private:
  [[nodiscard]] std::uint64_t reference_nanoseconds(std::uint64_t ticks) const;
  [[nodiscard]] std::uint64_t reading_error_ppb(const TscSample& sample) const;
  /// Ticks of the slow counter since the window began, wraps included. Nothing when they are not
  /// what the known rate lets expect; `too_long` when that cannot be told any more.
  [[nodiscard]] std::optional<std::uint64_t>
  unwrapped_ticks(const TscSample& sample, std::uint64_t tolerance_ppb, bool& too_long) const;

  ReferenceProperties properties_;
  TscSample first_;
  std::optional<TickScale> scale_;
  unsigned agreements_ = 0;
  std::uint64_t error_ppb_ = unknown_error;

  static constexpr std::uint64_t unknown_error = 1'000'000'000;
};

} // namespace skerry::x86_64
