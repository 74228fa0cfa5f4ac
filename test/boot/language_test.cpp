// SPDX-License-Identifier: Apache-2.0
// What the language needs of a system: exceptions with their unwinding, and thread-local objects.
#include <exception>
#include <gtest/gtest.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <vector>

namespace skerry::test {
namespace {

/// Writes its name down when it goes.
class Trace {
public:
  Trace(std::vector<std::string>& log, std::string name) : log_(log), name_(std::move(name)) {}
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;
  ~Trace() { log_.push_back(name_); }

private:
  std::vector<std::string>& log_;
  std::string name_;
};

[[gnu::noinline]] void throw_through(std::vector<std::string>& log, int depth) {
  const Trace trace(log, std::to_string(depth));
  if (depth == 0)
    throw std::length_error("at the bottom");
  throw_through(log, depth - 1);
  log.push_back("never");
}

TEST(Exception, UnwindsEachFrameFromTheInside) {
  std::vector<std::string> log;
  try {
    throw_through(log, 3);
    FAIL();
  } catch (const std::logic_error& error) {
    EXPECT_STREQ(error.what(), "at the bottom");
    EXPECT_EQ(typeid(error), typeid(std::length_error));
  }
  EXPECT_EQ(log, (std::vector<std::string>{"0", "1", "2", "3"}));
}

TEST(Exception, PassesHandlersOfOtherTypes) {
  try {
    try {
      throw 42;
    } catch (const std::exception&) {
      FAIL();
    }
  } catch (const int number) {
    EXPECT_EQ(number, 42);
  }
}

TEST(Exception, CanBeKeptAndThrownAgain) {
  std::exception_ptr kept;
  try {
    throw std::string("kept");
  } catch (...) {
    kept = std::current_exception();
  }
  try {
    std::rethrow_exception(kept);
  } catch (const std::string& text) {
    EXPECT_EQ(text, "kept");
  }
}

TEST(Exception, NestsInAnother) {
  try {
    try {
      throw std::runtime_error("inner");
    } catch (...) {
      std::throw_with_nested(std::runtime_error("outer"));
    }
  } catch (const std::runtime_error& outer) {
    EXPECT_STREQ(outer.what(), "outer");
    EXPECT_THROW(std::rethrow_if_nested(outer), std::runtime_error);
  }
}

TEST(Exception, FromManyThrowsLeavesNothingBehind) {
  int caught = 0;
  for (int i = 0; i < 2000; ++i) {
    try {
      throw std::vector<int>(1000, i);
    } catch (const std::vector<int>& numbers) {
      caught += numbers[999] == i ? 1 : 0;
    }
  }
  EXPECT_EQ(caught, 2000);
}

TEST(Exception, ComesFromAWrongCast) {
  struct Base {
    virtual ~Base() = default;
  };
  struct Derived : Base {};
  const Base base;
  EXPECT_THROW((void)dynamic_cast<const Derived&>(base), std::bad_cast);
}

thread_local int initialised = 1234;
thread_local int zero;
thread_local std::string constructed = "constructed on first use";

TEST(ThreadLocal, HasItsInitialValues) {
  EXPECT_EQ(initialised, 1234);
  EXPECT_EQ(zero, 0);
  EXPECT_EQ(constructed, "constructed on first use");
  constructed += " and changed";
  EXPECT_EQ(constructed, "constructed on first use and changed");
}

} // namespace
} // namespace skerry::test
