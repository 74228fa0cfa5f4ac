// SPDX-License-Identifier: Apache-2.0
// From tests to images, by the compiler and the linker of an SDK. What a test was compiled to is
// kept as long as nothing of it has changed.
#pragma once

#include "test/libcxx/plan.hpp"

#include <cstddef>
#include <expected>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace skerry::libcxx {

struct Places {
  std::filesystem::path sdk;
  std::filesystem::path source; ///< libcxx/test
  std::filesystem::path guest;  ///< what is linked beside the tests
  std::filesystem::path build;  ///< where the results go
};

/// A compiled test.
struct Object {
  std::filesystem::path file;
  /// It replaces functions of the library for the whole program, so that it gets an image of its
  /// own, whose main() is the test's. Otherwise all of its names but `symbol` are local.
  bool alone = false;
  std::string symbol{};              ///< its main()
  std::size_t constructor_count = 0; ///< of the array SYMBOL_constructors
};

/// Any thread after the constructor. Throws Failure for what no test is to blame for.
class Builder {
public:
  /// Compiles what the tests share.
  explicit Builder(Places places);

  /// The test's object, or the compiler's complaint.
  [[nodiscard]] std::expected<Object, std::string> compile(const Test& test) const;

  struct Part {
    const Test* test;
    Object object;
  };
  /// One image of these tests, in this order; of one test when that one has to be alone. The image,
  /// or the linker's complaint.
  [[nodiscard]] std::expected<std::filesystem::path, std::string>
  link(std::span<const Part> parts, const std::string& name) const;

private:
  [[nodiscard]] std::vector<std::string> compile_command(const std::vector<std::string>& flags,
                                                         bool with_headers) const;
  [[nodiscard]] std::expected<Object, std::string> compile_anew(const Test& test,
                                                                const Object& object) const;
  [[nodiscard]] std::filesystem::path write_table(std::span<const Part> parts,
                                                  const std::string& name) const;

  Places places_;
  std::string surroundings_; // what all objects depend on, as a text
};

} // namespace skerry::libcxx
