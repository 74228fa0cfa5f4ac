// SPDX-License-Identifier: Apache-2.0
// What answers segments before a TCP socket was made. (In one process with other tests TCP itself
// does, which has to say the same.)
#include "network.hpp"

#include <gtest/gtest.h>

namespace skerry::net {
namespace {

using test::Bytes;
using test::Network;
using test::tcp;

TEST(ClosedTcp, AnswersASynWithAReset) {
  Network& network = Network::get();
  network.send(tcp({.from = 4000, .to = 80, .sequence = 7000, .flags = test::syn}));
  const auto answers = network.take_segments();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].flags & ~test::ack, test::rst);
  EXPECT_EQ(answers[0].from, 80U);
  EXPECT_EQ(answers[0].to, 4000U);
  EXPECT_EQ(answers[0].acknowledged, 7001U);
}

TEST(ClosedTcp, TakesTheSequenceNumberThatThePeerExpects) {
  Network& network = Network::get();
  network.send(tcp(
      {.sequence = 100, .acknowledged = 5555, .flags = test::ack, .data = Bytes{'a', 'b', 'c'}}));
  const auto answers = network.take_segments();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].sequence, 5555U);
  EXPECT_EQ(answers[0].acknowledged, 103U);
}

TEST(ClosedTcp, DoesNotAnswerResetsAndBrokenSegments) {
  Network& network = Network::get();
  network.send(tcp({.sequence = 100, .flags = test::rst}));
  Bytes damaged = tcp({.sequence = 100, .flags = test::syn});
  damaged.back() ^= 1U;
  network.send(damaged);
  Bytes shortened = tcp({.sequence = 100, .flags = test::syn});
  shortened.resize(14 + 20 + 12); // the packet's length says more
  network.send(shortened);
  EXPECT_TRUE(network.take_segments().empty());
}

} // namespace
} // namespace skerry::net
