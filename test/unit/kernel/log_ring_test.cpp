// SPDX-License-Identifier: Apache-2.0
// The log's ring against a string that forgets nothing.
#include <kernel/log_ring.hpp>

#include <gtest/gtest.h>
#include <memory>
#include <random>
#include <string>

namespace skerry::kernel {
namespace {

std::string newest(const LogRing& ring, std::size_t size = 2 * LogRing::capacity) {
  std::string text(size, '\0');
  text.resize(ring.copy_newest(text));
  return text;
}

TEST(LogRing, IsEmptyAtFirst) {
  const auto ring = std::make_unique<LogRing>();
  EXPECT_EQ(ring->size(), 0U);
  EXPECT_EQ(newest(*ring), "");
}

TEST(LogRing, GivesBackWhatWasAppended) {
  const auto ring = std::make_unique<LogRing>();
  ring->append("one\n");
  ring->append("");
  ring->append("two\n");
  EXPECT_EQ(newest(*ring), "one\ntwo\n");
  EXPECT_EQ(newest(*ring, 3), "wo\n");
  EXPECT_EQ(newest(*ring, 0), "");
}

TEST(LogRing, DropsTheOldestBytes) {
  const auto ring = std::make_unique<LogRing>();
  ring->append(std::string(LogRing::capacity, 'a'));
  EXPECT_EQ(ring->size(), LogRing::capacity);
  ring->append("b");
  EXPECT_EQ(ring->size(), LogRing::capacity);
  EXPECT_EQ(newest(*ring), std::string(LogRing::capacity - 1, 'a') + "b");
}

TEST(LogRing, KeepsTheEndOfATextThatIsLongerThanItself) {
  const auto ring = std::make_unique<LogRing>();
  std::string text;
  for (std::size_t i = 0; i < LogRing::capacity * 2 + 17; ++i) {
    text += static_cast<char>('a' + i % 26);
  }
  ring->append(text);
  EXPECT_EQ(newest(*ring), text.substr(text.size() - LogRing::capacity));
}

TEST(LogRing, AgreesWithAModel) {
  std::mt19937 random(1);
  const auto ring = std::make_unique<LogRing>();
  std::string model;
  for (int i = 0; i < 2000; ++i) {
    const std::string text(random() % 700, static_cast<char>('a' + random() % 26));
    ring->append(text);
    model += text;
    model.erase(0, model.size() - std::min(model.size(), LogRing::capacity));
    const std::size_t size = random() % (LogRing::capacity + 100);
    ASSERT_EQ(newest(*ring, size), model.substr(model.size() - std::min(model.size(), size)));
  }
}

} // namespace
} // namespace skerry::kernel
