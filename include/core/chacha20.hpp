// SPDX-License-Identifier: Apache-2.0
// The ChaCha20 block function (RFC 8439, 2.3), for the random generator and keyed hashes of it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace skerry {

using ChaChaKey = std::array<std::uint32_t, 8>;
inline constexpr std::size_t chacha_block_bytes = 64;

/// Writes block number `counter` of the stream that `key` and `nonce` name. Any context.
void chacha20_block(const ChaChaKey& key, std::uint32_t counter,
                    const std::array<std::uint32_t, 3>& nonce,
                    std::span<std::byte, chacha_block_bytes> output);

} // namespace skerry
