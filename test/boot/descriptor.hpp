// SPDX-License-Identifier: Apache-2.0
// A descriptor that is closed at the end of its block.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

class Descriptor {
public:
  explicit Descriptor(int number) : number_(number) { EXPECT_GE(number, 0) << "errno " << errno; }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }
  operator int() const { return number_; }
  void reset() {
    if (number_ >= 0) {
      close(number_);
      number_ = -1;
    }
  }

private:
  int number_;
};
