// SPDX-License-Identifier: Apache-2.0
// The arithmetic of measuring one counter with another.
#include "platform/x86_64/tsc_calibration.hpp"

namespace skerry::x86_64 {
namespace {

constexpr std::uint64_t billion = 1'000'000'000;

// A first measurement worse than this is not used: it would be wrong by milliseconds each second.
constexpr std::uint64_t greatest_error_ppb = 5'000'000;

// Real rates wander by some millionths with temperature, and a reference on a host that
// disciplines its clock is slewed by up to 500 of them; what differs by more is another rate.
constexpr std::uint64_t tolerated_drift_ppb = 1'000'000;

/// No processor with all that this kernel needs counts more slowly.
constexpr std::uint64_t slowest_tsc_hertz = 500'000'000;

} // namespace

std::uint64_t ticks_without_wrap(const ReferenceProperties& properties) {
  return multiply_divide(properties.mask, slowest_tsc_hertz, properties.hertz);
}

void TscCalibration::begin(const ReferenceProperties& properties, const TscSample& first) {
  properties_ = properties;
  first_ = first;
  scale_.reset();
  agreements_ = 0;
  error_ppb_ = unknown_error;
}

std::uint64_t TscCalibration::reference_nanoseconds(std::uint64_t ticks) const {
  return multiply_divide(ticks, nanoseconds_per_second, properties_.hertz);
}

std::uint64_t TscCalibration::reading_error_ppb(const TscSample& sample) const {
  return multiply_divide(first_.half_width + sample.half_width, billion, sample.tsc - first_.tsc);
}

std::optional<std::uint64_t> TscCalibration::unwrapped_ticks(const TscSample& sample,
                                                             std::uint64_t tolerance_ppb,
                                                             bool& too_long) const {
  const std::uint64_t ticks = (sample.reference - first_.reference) & properties_.mask;
  if (!scale_) {
    return ticks;
  }
  // The known rate tells how often the slow counter has wrapped meanwhile.
  const std::uint64_t expected = multiply_divide(scale_->to_nanoseconds(sample.tsc - first_.tsc),
                                                 properties_.hertz, nanoseconds_per_second);
  const std::uint64_t tolerance = multiply_divide(expected, tolerance_ppb, billion) + 2;
  const std::uint64_t period = properties_.mask + 1;
  too_long = tolerance >= period / 4;
  // The value nearest to the expected one that ends in the bits that were read.
  const std::uint64_t ahead = (ticks - expected) & properties_.mask;
  const bool is_ahead = ahead < period / 2;
  const std::uint64_t distance = is_ahead ? ahead : period - ahead;
  if (distance > tolerance || (!is_ahead && distance > expected)) {
    return std::nullopt;
  }
  return is_ahead ? expected + distance : expected - distance;
}

TscCalibration::Verdict TscCalibration::consider(const TscSample& sample) {
  if (sample.tsc <= first_.tsc) {
    return Verdict::inconsistent;
  }
  if (!scale_ && sample.tsc - first_.tsc > ticks_without_wrap(properties_)) {
    first_ = sample;
    return Verdict::restarted;
  }
  const std::uint64_t reading = reading_error_ppb(sample);
  if (reading > greatest_error_ppb) {
    return Verdict::nothing; // too early, or the reader was interrupted
  }
  bool too_long = false;
  const auto ticks = unwrapped_ticks(sample, error_ppb_ + reading + tolerated_drift_ppb, too_long);
  if (too_long) {
    first_ = sample; // the number of wraps is unknown: a new window begins
    return Verdict::nothing;
  }
  if (!ticks) {
    return Verdict::inconsistent;
  }
  // The slow counter's value may be a tick old.
  const std::uint64_t error = reading + multiply_divide(1, billion, *ticks) + 1;
  if (*ticks == 0 || error > greatest_error_ppb || error >= error_ppb_) {
    return Verdict::nothing;
  }
  const auto measured =
      TickScale::from_measurement(sample.tsc - first_.tsc, reference_nanoseconds(*ticks));
  if (!measured) {
    return Verdict::inconsistent;
  }
  scale_ = *measured;
  error_ppb_ = error;
  ++agreements_;
  return Verdict::better;
}

} // namespace skerry::x86_64
