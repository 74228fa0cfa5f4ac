// SPDX-License-Identifier: Apache-2.0
// The random generator of the image: ChaCha20 with fast key erasure (D. J. Bernstein, 2017), seeded
// by the processor and by entropy devices. Without a source it refuses: nothing is guessed.
#pragma once

#include <core/result.hpp>

#include <cstddef>
#include <span>

namespace skerry::kernel {

/// Seeds the generator from hal::hardware_seed() and every entropy source of the registry. Logs
/// what it was seeded from, or that nothing was found and what mends it.
/// Context: boot, after the devices were started.
void start_random();

/// Whether random_bytes() works.
[[nodiscard]] bool random_is_seeded();

/// Fills `buffer`. All of it or none. Context: thread.
/// Errors: resource_unavailable_try_again  no source of entropy was found
[[nodiscard]] Result<> random_bytes(std::span<std::byte> buffer);

/// For what cannot work without randomness and runs only after it was found to be there.
template <class T> [[nodiscard]] Result<T> random_value() {
  T value{};
  if (auto filled = random_bytes(std::as_writable_bytes(std::span<T, 1>(&value, 1))); !filled) {
    return std::unexpected(filled.error());
  }
  return value;
}

} // namespace skerry::kernel
