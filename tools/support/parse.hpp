// SPDX-License-Identifier: Apache-2.0
// From words that a user typed to values. Every function throws Failure with one line that names
// the option, the word and what was expected.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skerry {

/// A whole number between `least` and `most`, both included.
[[nodiscard]] std::uint64_t parse_number(std::string_view option, std::string_view word,
                                         std::uint64_t least, std::uint64_t most);

/// A size with its unit, such as 64M or 1G (powers of 1024; K, M, G, also lower case). Bytes.
/// A number alone is refused: nobody agrees on what it means.
[[nodiscard]] std::uint64_t parse_size(std::string_view option, std::string_view word,
                                       std::uint64_t least, std::uint64_t most);

/// The shortest exact spelling of a size: "64M", "1536K", "1000" for bytes.
[[nodiscard]] std::string format_size(std::uint64_t bytes);

/// The words of a kernel command line: separated by blanks, grouped by double quotes, which have no
/// escape. Throws on a quote that is left open.
[[nodiscard]] std::vector<std::string> split_words(std::string_view line);

/// The inverse of split_words. Throws on a word that holds a double quote or a line break, which a
/// kernel command line cannot carry.
[[nodiscard]] std::string join_words(const std::vector<std::string>& words);

} // namespace skerry
