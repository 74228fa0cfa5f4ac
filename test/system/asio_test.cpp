// SPDX-License-Identifier: Apache-2.0
// The unit tests of Boost.Asio, an image each (test/asio).
#include "machines.hpp"
#include "support/file.hpp"

#include <cstdio>
#include <gmock/gmock.h>
#include <sstream>

namespace skerry::test {
namespace {

/// Boots each test that `folder` has, and prints how many there are.
void run_tests(const std::string& folder) {
  std::istringstream list(read_text(std::filesystem::path(IMAGES_FOLDER) / folder / "tests.txt"));
  int all = 0;
  int excluded = 0;
  list >> all >> excluded;
  int run = 0;
  int passed = 0;
  for (std::string name; list >> name; ++run) {
    const Outcome outcome = boot(Way::microvm, folder + "/" + name, "quiet");
    EXPECT_EQ(outcome.status, 0) << name << ": " << outcome;
    passed += outcome.status == 0 ? 1 : 0;
  }
  std::printf("%d of %d tests of Asio passed; there are %d, and %d are excluded\n", passed, run,
              all, excluded);
  EXPECT_GT(run, 0);
  EXPECT_LT(excluded * 20, all) << "more than 5 % are excluded";
}

TEST(Asio, PassesAShareOfItsTests) {
  run_tests("asio");
}

TEST(LongAsioAll, PassesItsTests) {
  run_tests("asio_all");
}

} // namespace
} // namespace skerry::test
