// SPDX-License-Identifier: Apache-2.0
// A file that does nothing but to be counted while it lives.
#pragma once

#include <fs/file.hpp>

namespace skerry::posix::test {

template <class Count> class CountedFile final : public fs::File {
public:
  explicit CountedFile(Count& alive, unsigned flags = fs::open_flag::read_write)
      : File(flags), alive_(alive) {
    ++alive_;
  }

protected:
  void destroy() override {
    --alive_;
    delete this;
  }

private:
  ~CountedFile() override = default;
  Count& alive_;
};

} // namespace skerry::posix::test
