// SPDX-License-Identifier: Apache-2.0
// In an image with one test, whose main() is that of the image: enters its folder before the test's
// own constructors.
#include "folder.hpp"

[[gnu::constructor(101)]] static void enter_folder() {
  enter_folder_of(tests_of_image[0]);
}
