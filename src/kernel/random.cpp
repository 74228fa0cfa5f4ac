// SPDX-License-Identifier: Apache-2.0
// Fast key erasure: every batch of output begins with the key of the next one, and what has been
// given out is wiped, so that who sees the generator's memory learns nothing of what it gave
// before.
#include <core/chacha20.hpp>
#include <core/log.hpp>
#include <hal/clock.hpp>
#include <hal/random.hpp>
#include <kernel/devices.hpp>
#include <kernel/locked.hpp>
#include <kernel/random.hpp>

#include <algorithm>
#include <cstring>

namespace skerry::kernel {
namespace {

using Seed = std::array<std::byte, sizeof(ChaChaKey)>;

/// How long one seed of the processor's serves before another is stirred in.
constexpr Duration reseed_interval = Duration::seconds(60);

/// Overwrites what must not be found; the compiler may not leave it out.
void wipe(std::span<std::byte> secret) {
  std::memset(secret.data(), 0, secret.size());
  asm volatile("" : : "r"(secret.data()) : "memory");
}

class Generator {
public:
  /// Stirs 32 bytes into the key: it stays as good as the best of what was ever stirred in.
  void stir(const Seed& seed) {
    ChaChaKey words;
    std::memcpy(words.data(), seed.data(), seed.size());
    for (std::size_t i = 0; i < key_.size(); ++i) {
      key_[i] ^= words[i];
    }
    refill();
    seeded_ = true;
  }

  [[nodiscard]] bool is_seeded() const { return seeded_; }

  void fill(std::span<std::byte> output) {
    while (!output.empty()) {
      if (used_ == batch_.size()) {
        refill();
      }
      const std::size_t size = std::min(output.size(), batch_.size() - used_);
      const auto part = std::span(batch_).subspan(used_, size);
      std::memcpy(output.data(), part.data(), size);
      wipe(part);
      used_ += size;
      output = output.subspan(size);
    }
  }

private:
  void refill() {
    for (std::size_t i = 0; i < blocks; ++i) {
      chacha20_block(
          key_, static_cast<std::uint32_t>(i), {},
          std::span(batch_).subspan(i * chacha_block_bytes).template first<chacha_block_bytes>());
    }
    const auto next_key = std::span(batch_).first(sizeof key_);
    std::memcpy(key_.data(), next_key.data(), next_key.size());
    wipe(next_key);
    used_ = sizeof key_;
  }

  static constexpr std::size_t blocks = 4;
  ChaChaKey key_{};
  std::array<std::byte, blocks * chacha_block_bytes> batch_{};
  std::size_t used_ = blocks * chacha_block_bytes;
  bool seeded_ = false;
};

struct Random {
  Generator generator;
  Instant reseed_at = Instant::never();
};

constinit Locked<Random> the_random{LockRank::random};

/// A whole seed from the processor, or nothing.
bool seed_from_processor(Seed& seed) {
  return hal::hardware_seed(seed) == seed.size();
}

void stir(Seed& seed) {
  {
    auto random = the_random.lock();
    random->generator.stir(seed);
    random->reseed_at = hal::monotonic_now() + reseed_interval;
  }
  wipe(seed);
}

void stir_now_and_then() {
  if (hal::monotonic_now() < the_random.lock()->reseed_at) {
    return;
  }
  Seed seed{};
  if (seed_from_processor(seed)) {
    stir(seed);
  }
}

} // namespace

void start_random() {
  Seed seed{};
  if (seed_from_processor(seed)) {
    stir(seed);
    log::debug("random", "seeded by the processor");
  }
  for (device::EntropySource* source : entropy_sources()) {
    if (source->fill(seed) == seed.size()) {
      stir(seed);
      log::debug("random", "seeded by {}", source->name());
    } else {
      log::warning("random", "{} gave no randomness", source->name());
    }
  }
  if (!random_is_seeded()) {
    log::warning("random", "no source of randomness: what needs it is refused (QEMU: -cpu max, or "
                           "-device virtio-rng-pci)");
  }
}

bool random_is_seeded() {
  return the_random.lock()->generator.is_seeded();
}

Result<> random_bytes(std::span<std::byte> buffer) {
  stir_now_and_then();
  // In pieces, so that interrupts are not off for long.
  constexpr std::size_t piece = 4096;
  while (true) {
    auto random = the_random.lock();
    if (!random->generator.is_seeded()) {
      return fail(std::errc::resource_unavailable_try_again);
    }
    const std::size_t size = std::min(buffer.size(), piece);
    random->generator.fill(buffer.first(size));
    buffer = buffer.subspan(size);
    if (buffer.empty()) {
      return {};
    }
  }
}

} // namespace skerry::kernel
