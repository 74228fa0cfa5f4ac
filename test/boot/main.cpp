// SPDX-License-Identifier: Apache-2.0
// Runs the tests of the image; the status of the run tells whether all passed.
#include <gtest/gtest.h>

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
