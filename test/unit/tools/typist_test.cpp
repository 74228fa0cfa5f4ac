// SPDX-License-Identifier: Apache-2.0
// What is typed for a guest, and when.
#include "support/process.hpp"
#include "vm/typist.hpp"

#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace skerry::vm {
namespace {

struct Pipe {
  FileDescriptor read;
  FileDescriptor write;

  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    read = FileDescriptor(ends[0]);
    write = FileDescriptor(ends[1]);
  }
  void put(std::string_view text) const {
    EXPECT_EQ(::write(write.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  /// Waits for something.
  [[nodiscard]] std::string take() const {
    std::array<char, 1000> buffer;
    const ssize_t size = ::read(read.get(), buffer.data(), buffer.size());
    return {buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
  }
};

std::string answer(std::string pending) {
  return next_answer(pending);
}

TEST(Questions, AreTakenOutAndCounted) {
  std::size_t questions = 0;
  EXPECT_EQ(without_questions("a\x11"
                              "b\n\x11",
                              questions),
            "ab\n");
  EXPECT_EQ(questions, 2U);
  EXPECT_EQ(without_questions("c", questions), "c");
  EXPECT_EQ(questions, 2U);
}

TEST(Answer, IsALine) {
  std::string pending = "one\ntwo\n";
  EXPECT_EQ(next_answer(pending), "one\n");
  EXPECT_EQ(next_answer(pending), "two\n");
  EXPECT_EQ(next_answer(pending), "\x04");
}

TEST(Answer, EndsAPartOfALine) {
  EXPECT_EQ(answer("part"), "part\x04");
  EXPECT_EQ(answer(""), "\x04");
}

TEST(Answer, MarksControlCharactersOfTheInput) {
  EXPECT_EQ(answer("a\x04\x16\r\n"), "a\x16\x04\x16\x16\x16\r\n");
}

TEST(Answer, IsNoLongerThanTheGuestHasRoomFor) {
  for (const std::string& input :
       {std::string(1000, 'x'), std::string(1000, '\r'), std::string(999, '\r').insert(0, "x"),
        std::string(127, 'x'), std::string(126, 'x'), std::string(128, 'x')}) {
    std::string pending = input;
    while (!pending.empty()) {
      const std::string part = next_answer(pending);
      EXPECT_LE(part.size(), 128U);
      EXPECT_TRUE(part.size() >= 127 || part.back() == '\x04') << part.size();
    }
  }
}

TEST(Typist, ReadsNothingBeforeItIsAsked) {
  const Pipe input;
  const Pipe console;
  input.put("one\ntwo\n");
  {
    const Typist typist(input.read.get(), console.write.get());
  }
  EXPECT_EQ(input.take(), "one\ntwo\n");
}

TEST(Typist, AnswersEachQuestionWithALine) {
  Pipe input;
  const Pipe console;
  Typist typist(input.read.get(), console.write.get());
  typist.answer();
  input.put("one\ntwo\n");
  EXPECT_EQ(console.take(), "one\n");
  typist.answer();
  EXPECT_EQ(console.take(), "two\n");
  input.write.reset();
  typist.answer();
  EXPECT_EQ(console.take(), "\x04");
  typist.answer();
  EXPECT_EQ(console.take(), "\x04");
}

TEST(Typist, WithoutInputIsAtItsEnd) {
  const Pipe console;
  Typist typist(-1, console.write.get());
  typist.answer();
  EXPECT_EQ(console.take(), "\x04");
}

TEST(Typist, EndsWhileItWaitsForInputAndWhenNobodyReads) {
  const Pipe input;
  Pipe console;
  {
    Typist typist(input.read.get(), console.write.get());
    typist.answer();
  }
  console.read.reset();
  Typist typist(-1, console.write.get());
  typist.answer();
}

} // namespace
} // namespace skerry::vm
