// SPDX-License-Identifier: Apache-2.0
// What the check of the table of calls finds.
#include "support/failure.hpp"
#include "test/truth/trace.hpp"

#include <gmock/gmock.h>

namespace skerry::truth {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view rows = R"(// CALL(comment)
CALL(read)
CALL_NUMBERED(fchmodat2, 452)
PARTLY(wait4, "always ECHILD: there are "
              "no (living) children")
REFUSED(fork, "one process")
)";

constexpr std::string_view console = R"([ RUN      ] Reading.Works
[    0.597968] trace: read(0x3, 0x10, 0x5) = 5
[    0.597970] trace: wait4(0x3) = -1 ECHILD
[       OK ] Reading.Works (1 ms)
[    0.597980] trace: fchmodat2(0x3) = 0
[ RUN      ] Changing.Fails
half a line[    0.600000] trace: fchmodat2(0x3) = 0
[  FAILED  ] Changing.Fails (1 ms)
[    0.700000] trace: reboot(0x3) = ?
restarting
)";

std::string trouble(std::string_view line) {
  const Proof proof = read_proofs(line).at(0);
  return proof.image.empty() ? trouble_with(proof, cut(console)) : trouble_with(proof, console);
}

TEST(Ledger, ReadsTheRowsOfCalls) {
  const auto calls = read_calls(rows);
  ASSERT_EQ(calls.size(), 4U);
  EXPECT_EQ(calls[0].name, "read");
  EXPECT_EQ(calls[1].name, "fchmodat2");
  EXPECT_EQ(calls[2].kind, Kind::partly);
  EXPECT_EQ(calls[2].words, "always ECHILD: there are no (living) children");
  EXPECT_EQ(calls[3].kind, Kind::refused);
}

TEST(Ledger, WantsOneProofForEachCallAndNoOther) {
  const auto calls = read_calls(rows);
  EXPECT_THAT(compare(calls, read_proofs("read A.B\nfchmodat2 A.B # so\nwait4 A.B ECHILD\n")),
              IsEmpty());
  EXPECT_THAT(compare(calls, read_proofs("read A.B\nread A.C\nfork A.B\nfchmodat2 A.B EPERM\n"
                                         "other A.B\n")),
              ElementsAre(HasSubstr("read has 2 proofs"), HasSubstr("fchmodat2 is proven by EPERM"),
                          HasSubstr("wait4 has no proof"), HasSubstr("fork has a proof"),
                          HasSubstr("other has a proof")));
  EXPECT_THROW((void)read_proofs("read\n"), Failure);
}

TEST(Ledger, LetsTheListOfRefusedCallsShrink) {
  const auto calls = read_calls(rows);
  EXPECT_THAT(compare(calls, {"read", "bpf"}, {"fork", "bpf"}), IsEmpty());
  EXPECT_THAT(compare(calls, {"read", "bpf"}, {"read", "bpf"}),
              ElementsAre(HasSubstr("fork answers ENOSYS, which"),
                          HasSubstr("read answers ENOSYS no longer")));
}

TEST(Trace, ProvesWhatATestThatPassedHasMade) {
  EXPECT_EQ(trouble("read Reading.Works"), "");
  EXPECT_EQ(trouble("wait4 Reading.Works ECHILD"), "");
  EXPECT_THAT(trouble("wait4 Reading.Works"), HasSubstr("does not end with success"));
  EXPECT_THAT(trouble("read Reading.Works ECHILD"), HasSubstr("does not end with ECHILD"));
  EXPECT_THAT(trouble("fchmodat2 Reading.Works"), HasSubstr("does not end with success"));
  EXPECT_THAT(trouble("fchmodat2 Changing.Fails"), HasSubstr("has not passed"));
  EXPECT_THAT(trouble("read Reading.Sleeps"), HasSubstr("there is no test"));
}

TEST(Trace, ProvesWhatAnImageShowsAfterTheCall) {
  EXPECT_EQ(trouble("reboot image:restart restarting"), "");
  EXPECT_THAT(trouble("reboot image:restart half a line"), HasSubstr("does not show"));
  EXPECT_THAT(trouble("wait4 image:restart restarting"), HasSubstr("does not make it"));
}

} // namespace
} // namespace skerry::truth
