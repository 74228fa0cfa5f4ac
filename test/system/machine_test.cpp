// SPDX-License-Identifier: Apache-2.0
// Processors that lack something, and memory that is small, large or has holes.
#include "machines.hpp"
#include "support/file.hpp"
#include "support/file_descriptor.hpp"

#include <fcntl.h>
#include <fstream>
#include <gmock/gmock.h>
#include <sys/stat.h>

namespace skerry::test {
namespace {

using testing::Not;

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30;

Adjust processor(std::string model) {
  return [model](vm::Machine& machine) { machine.cpu_model = model; };
}

Adjust memory(std::uint64_t size_bytes) {
  return [size_bytes](vm::Machine& machine) { machine.memory_bytes = size_bytes; };
}

void expect_refusal(const Outcome& outcome, std::string_view why) {
  EXPECT_EQ(outcome.status, 134) << outcome;
  EXPECT_THAT(outcome, Shows("skerry: cannot run: "));
  EXPECT_THAT(outcome, Shows(why));
  EXPECT_THAT(outcome, Not(Shows("Hello")));
}

TEST(Processor, WithoutNoExecuteIsRefusedInWords) {
  for (const Way way : every_way)
    expect_refusal(boot(way, "hello", "", processor("max,-nx")), "no-execute (NX)");
}

TEST(Processor, WithoutLongModeIsRefusedInWords) {
  expect_refusal(boot(Way::q35, "hello", "", processor("max,-lm")), "no 64-bit mode");
}

TEST(Processor, WithoutRandomSourceBootsWithAWarning) {
  for (const Way way : {Way::microvm, Way::q35}) {
    const Outcome outcome = boot(way, "hello", "", processor("qemu64"));
    EXPECT_EQ(outcome.status, 0) << outcome;
    EXPECT_THAT(outcome, Shows("no RDRAND"));
    EXPECT_THAT(outcome, Shows("weak"));
  }
}

TEST(Processor, WithRandomSourceBootsWithoutAWarning) {
  const Outcome outcome = boot(Way::q35, "hello");
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Not(Shows("weak")));
}

TEST(Entropy, ThatNeverComesIsNotWaitedForForEver) {
  const TemporaryFolder folder;
  const auto dry = folder.path() / "dry";
  ASSERT_EQ(mkfifo(dry.c_str(), 0600), 0);
  const FileDescriptor writer(open(dry.c_str(), O_RDWR | O_CLOEXEC)); // who never writes
  const auto source = [&](vm::Machine& machine) {
    machine.entropy_device = false;
    machine.extra_arguments = {"-object", "rng-random,id=dry,filename=" + dry.string(), "-device",
                               "virtio-rng-pci,rng=dry"};
  };
  const Outcome outcome = boot(Way::q35, "hello", "", source);
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("device misbehaved: V18: no answer in 500 ms"));
}

TEST(Card, WithoutMessageInterruptsIsLeftAloneInWords) {
  const auto card = [](vm::Machine& machine) {
    machine.extra_arguments = {"-netdev", "user,id=net,restrict=on", "-device",
                               "virtio-net-pci,netdev=net,vectors=0,romfile="};
  };
  const Outcome outcome = boot(Way::q35, "hello", "", card);
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("it has no MSI-X"));
  EXPECT_THAT(outcome, Shows("no network device: loopback only"));
}

TEST(Processor, ThatMayBePluggedInLaterIsNotCounted) {
  const auto sockets = [](vm::Machine& machine) {
    machine.extra_arguments = {"-smp", "1,maxcpus=4"};
  };
  for (const Way way : direct_ways) {
    const Outcome outcome = boot(way, "hello", "", sockets);
    EXPECT_EQ(outcome.status, 0) << outcome;
    if (way != Way::microvm)
      EXPECT_THAT(outcome, Shows(": 1 processors, "));
    EXPECT_THAT(outcome, Not(Shows("CPUs used")));
  }
}

TEST(Processor, OfManyOneIsUsedAndThatIsSaid) {
  const auto three = [](vm::Machine& machine) { machine.cpus = 3; };
  for (const Way way : direct_ways) {
    const Outcome outcome = boot(way, "hello", "", three);
    EXPECT_EQ(outcome.status, 0) << outcome;
    EXPECT_THAT(outcome, Shows("1 of 3 CPUs used"));
  }
}

class FewMebibytes : public testing::TestWithParam<Way> {};
INSTANTIATE_TEST_SUITE_P(Memory, FewMebibytes, testing::ValuesIn(direct_ways),
                         [](const auto& info) { return std::string(name(info.param)); });

TEST_P(FewMebibytes, AreTooLittleInWords) {
  expect_refusal(boot(GetParam(), "hello", "", memory(2 * mebibyte)), "too little memory");
}

TEST_P(FewMebibytes, AreEnoughFromFourOn) {
  const Outcome outcome = boot(GetParam(), "hello", "", memory(4 * mebibyte));
  EXPECT_EQ(outcome.status, 0) << outcome;
}

std::uint64_t free_host_memory() {
  std::ifstream file("/proc/meminfo");
  for (std::string key, unit; file >> key;) {
    std::uint64_t kibibytes = 0;
    if (key == "MemAvailable:" && file >> kibibytes)
      return kibibytes << 10;
    std::getline(file, unit);
  }
  return 0;
}

TEST(Memory, MayHaveItsHoleBelowFourGibibytes) {
  // QEMU takes what the guest touches; the rest is only promised.
  ASSERT_GT(free_host_memory(), gibibyte) << "this host has too little memory for the test";
  for (const Way way : direct_ways)
    for (const std::uint64_t size : {3 * gibibyte, 5 * gibibyte}) {
      const Outcome outcome = boot(way, "hello", "", memory(size));
      EXPECT_EQ(outcome.status, 0) << outcome;
    }
}

} // namespace
} // namespace skerry::test
