// SPDX-License-Identifier: Apache-2.0
// Device status and features.
#include "drivers/virtio/negotiation.hpp"

#include <core/bytes.hpp>
#include <core/log.hpp>
#include <hal/clock.hpp>
#include <hal/cpu.hpp>

namespace skerry::virtio {
namespace {

constexpr Duration reset_patience = Duration::milliseconds(500);
constexpr int config_attempts = 8;

Result<> reset(Transport& transport) {
  transport.set_status(0);
  const Instant deadline = hal::monotonic_now() + reset_patience;
  while (transport.status() != 0) {
    if (hal::monotonic_now() >= deadline) {
      log::error("virtio", "{}: the device does not come out of its reset", transport.name());
      return fail(std::errc::timed_out);
    }
    hal::relax();
  }
  return {};
}

} // namespace

Result<std::uint64_t> negotiate(Transport& transport, std::uint64_t wanted) {
  TRY(reset(transport));
  transport.set_status(status_acknowledge);
  transport.set_status(status_acknowledge | status_driver);
  const std::uint64_t offered = transport.device_features();
  const auto needed = bit<std::uint64_t>(feature_version_1);
  if (transport.is_legacy()) {
    const std::uint64_t features = offered & wanted & ~needed & 0xffff'ffff;
    transport.set_driver_features(features);
    return features;
  }
  const std::uint64_t features = offered & (wanted | needed);
  if ((features & needed) == 0) {
    log::error("virtio", "{}: offers no VIRTIO_F_VERSION_1", transport.name());
    transport.set_status(status_failed);
    return fail(std::errc::not_supported);
  }
  transport.set_driver_features(features);
  transport.set_status(status_acknowledge | status_driver | status_features_ok);
  if ((transport.status() & status_features_ok) == 0) {
    log::error("virtio", "{}: does not accept the features that it offered", transport.name());
    transport.set_status(status_failed);
    return fail(std::errc::not_supported);
  }
  return features;
}

void set_driver_ok(Transport& transport) {
  const std::uint8_t features_ok = transport.is_legacy() ? 0 : status_features_ok;
  transport.set_status(static_cast<std::uint8_t>(status_acknowledge | status_driver | features_ok |
                                                 status_driver_ok));
}

void mark_broken(Transport& transport, std::string_view rule) {
  log::error("virtio", "{}: device misbehaved: {}; it is stopped", transport.name(), rule);
  transport.set_status(0);
}

bool read_config(const Transport& transport, std::uint32_t offset, std::span<std::uint8_t> bytes) {
  for (int attempt = 0; attempt < config_attempts; ++attempt) {
    const std::uint32_t generation = transport.config_generation();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = transport.config_byte(offset + static_cast<std::uint32_t>(i));
    }
    if (transport.config_generation() == generation) {
      return true;
    }
  }
  return false;
}

} // namespace skerry::virtio
