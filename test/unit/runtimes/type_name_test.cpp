// SPDX-License-Identifier: Apache-2.0
// Names of exceptions' types as people read them.
#include <cstdlib>
#include <gtest/gtest.h>
#include <memory>
#include <string>

extern "C" char* __skerry_type_name(const char* mangled, char* buffer, std::size_t* size,
                                    int* status);

namespace skerry {
namespace {

/// The plain name, or the mangled one with the status behind it.
std::string plain(const std::string& mangled) {
  // Of exactly its size, so that a sanitizer sees what is read past the end.
  const auto text = std::make_unique<char[]>(mangled.size() + 1);
  std::copy(mangled.begin(), mangled.end(), text.get());
  int status = 1;
  const std::unique_ptr<char, decltype(&std::free)> name(
      __skerry_type_name(text.get(), nullptr, nullptr, &status), std::free);
  return name ? name.get() : mangled + " " + std::to_string(status);
}

TEST(TypeName, IsReadWithItsNamespaces) {
  EXPECT_EQ(plain("5Error"), "Error");
  EXPECT_EQ(plain("St13runtime_error"), "std::runtime_error");
  EXPECT_EQ(plain("NSt3__112system_errorE"), "std::__1::system_error");
  EXPECT_EQ(plain("N3app3net5ErrorE"), "app::net::Error");
  EXPECT_EQ(plain("N1a1b1c1d1e1fE"), "a::b::c::d::e::f");
}

TEST(TypeName, OfAnotherFormIsLeftAlone) {
  for (const std::string text :
       {"", "i", "PKc", "S", "St", "N", "NE", "N3appE1", "N3app5Error", "5Err", "0", "5Errors",
        "3appI5ErrorE", "N12_GLOBAL__N_1", "99999999999999999999999a", "Sa", "St5Error5Other5"})
    EXPECT_EQ(plain(text), text + " -2");
}

TEST(TypeName, NeedsNobodyWhoWantsItsStatus) {
  const std::unique_ptr<char, decltype(&std::free)> name(
      __skerry_type_name("5Error", nullptr, nullptr, nullptr), std::free);
  EXPECT_STREQ(name.get(), "Error");
  EXPECT_EQ(__skerry_type_name("i", nullptr, nullptr, nullptr), nullptr);
}

} // namespace
} // namespace skerry
