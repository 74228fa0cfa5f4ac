// SPDX-License-Identifier: Apache-2.0
// The package `\_S5` without an AML interpreter (ACPI 6.5, 7.4.2 and 20.2).
#include "platform/pc/acpi/tables.hpp"

namespace skerry::pc::acpi {
namespace {

constexpr unsigned zero_op = 0x00;
constexpr unsigned one_op = 0x01;
constexpr unsigned name_op = 0x08;
constexpr unsigned byte_prefix = 0x0a;
constexpr unsigned word_prefix = 0x0b;
constexpr unsigned dword_prefix = 0x0c;
constexpr unsigned package_op = 0x12;
constexpr unsigned root_char = '\\';
constexpr std::string_view soft_off_name = "_S5_";

/// Takes bytes from the front; remembers when there were too few.
class AmlReader {
public:
  explicit AmlReader(Bytes bytes) : bytes_(bytes) {}

  unsigned next() {
    if (bytes_.empty()) {
      failed_ = true;
      return 0;
    }
    const auto value = std::to_integer<unsigned>(bytes_.front());
    bytes_ = bytes_.subspan(1);
    return value;
  }

  /// PkgLength (20.2.4): its own bytes count. Cuts the rest to the package.
  void enter_package() {
    const std::size_t size_before = bytes_.size();
    const unsigned lead = next();
    const unsigned more_bytes = lead >> 6U;
    std::size_t length = more_bytes == 0 ? lead & 0x3fU : lead & 0x0fU;
    for (unsigned i = 0; i < more_bytes; ++i) {
      length |= std::size_t{next()} << (4 + 8 * i);
    }
    const std::size_t used = size_before - bytes_.size();
    if (length < used || length - used > bytes_.size()) {
      failed_ = true;
      return;
    }
    bytes_ = bytes_.first(length - used);
  }

  /// A constant (20.2.3) that must fit into the three bits of SLP_TYP.
  std::uint8_t sleep_type() {
    const unsigned prefix = next();
    std::uint64_t value = prefix;
    if (prefix == byte_prefix || prefix == word_prefix || prefix == dword_prefix) {
      const unsigned size = prefix == byte_prefix ? 1 : prefix == word_prefix ? 2 : 4;
      value = 0;
      for (unsigned i = 0; i < size; ++i) {
        value |= std::uint64_t{next()} << (8 * i);
      }
    } else if (prefix != zero_op && prefix != one_op) {
      failed_ = true;
    }
    if (value > 7) {
      failed_ = true;
    }
    return static_cast<std::uint8_t>(value & 7U);
  }

  [[nodiscard]] bool failed() const { return failed_; }

private:
  Bytes bytes_;
  bool failed_ = false;
};

/// True when a NameOp, with or without the root's backslash, ends `before`.
bool ends_with_name_op(Bytes before) {
  const auto from_end = [before](std::size_t back) {
    return before.size() < back ? 0U : std::to_integer<unsigned>(before[before.size() - back]);
  };
  return from_end(1) == name_op || (from_end(1) == root_char && from_end(2) == name_op);
}

std::optional<SleepTypes> parse_package(Bytes after_name) {
  AmlReader reader(after_name);
  if (reader.next() != package_op) {
    return std::nullopt;
  }
  reader.enter_package();
  const unsigned elements = reader.next();
  SleepTypes result;
  if (elements >= 1) {
    result.pm1a = reader.sleep_type();
  }
  if (elements >= 2) {
    result.pm1b = reader.sleep_type();
  }
  if (elements == 0 || reader.failed()) {
    return std::nullopt;
  }
  return result;
}

bool starts_with_soft_off(Bytes bytes) {
  for (std::size_t i = 0; i < soft_off_name.size(); ++i) {
    if (std::to_integer<char>(bytes[i]) != soft_off_name[i]) {
      return false;
    }
  }
  return true;
}

} // namespace

std::optional<SleepTypes> find_soft_off(Bytes table) {
  // The bytes of the name may also stand in a string or a buffer: a hit counts only when what is
  // before and after it makes it a definition.
  for (std::size_t at = header_size; at + soft_off_name.size() <= table.size(); ++at) {
    if (!starts_with_soft_off(table.subspan(at)) || !ends_with_name_op(table.first(at))) {
      continue;
    }
    if (const auto found = parse_package(table.subspan(at + soft_off_name.size()))) {
      return found;
    }
  }
  return std::nullopt;
}

} // namespace skerry::pc::acpi
