// SPDX-License-Identifier: Apache-2.0
// What the server tells.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

inline constexpr std::size_t page_bytes = 512;

/// Writes the page into `buffer` and returns its text. Counts the request.
[[nodiscard]] std::string_view write_page(std::span<char, page_bytes> buffer);
