// SPDX-License-Identifier: Apache-2.0
// Two CPUs at work in each lock domain (DESIGN, decision 10). ThreadSanitizer looks for what is
// touched without its lock; the tests look for what two owners were given at once.
#include "../mm/world.hpp"
#include "../posix/counted_file.hpp"
#include "platform/hosted/console_capture.hpp"
#include "platform/hosted/cpu.hpp"
#include "root.hpp"
#include "src/posix/descriptors.hpp"
#include "src/posix/futex_buckets.hpp"

#include <core/log.hpp>
#include <fs/path.hpp>
#include <fs/tree.hpp>
#include <kernel/console_input.hpp>
#include <kernel/log_ring.hpp>
#include <kernel/random.hpp>
#include <mm/address_space.hpp>
#include <mm/heap.hpp>
#include <mm/kernel_space.hpp>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

namespace skerry {
namespace {

constexpr unsigned cpus = 2;
constexpr int rounds = 3000;

class Domains : public testing::Test {
protected:
  mm::test::World& world = mm::test::World::get();
};

/// A block of memory that somebody owns: marked when taken, looked at when given back.
struct Owned {
  unsigned char* bytes;
  std::size_t size;
  unsigned char mark;

  void fill() const { std::memset(bytes, mark, size); }
  [[nodiscard]] bool is_untouched() const {
    return std::all_of(bytes, bytes + size, [&](unsigned char byte) { return byte == mark; });
  }
};

TEST_F(Domains, EachTypedLineHasOneReader) {
  kernel::start_console_input();
  constexpr int lines = 500;
  std::atomic<int> taken = 0;
  hosted::run_on_cpus(cpus, [&](unsigned number) {
    for (int typed = 0; taken < lines;) {
      if (number == 0 && typed < lines && taken >= typed - 8) {
        ++typed;
        hosted::type_on_console("line\n");
      }
      char text[16];
      if (const auto part = kernel::take_console_input(text)) {
        EXPECT_EQ(std::string_view(text, part->bytes), "line\n");
        ++taken;
      }
    }
  });
  EXPECT_EQ(taken, lines);
}

TEST_F(Domains, FramesHaveOneOwner) {
  const std::uint64_t free = mm::frames().statistics().free;
  hosted::run_on_cpus(cpus, [&](unsigned number) {
    std::minstd_rand random(number + 1);
    std::vector<std::pair<mm::PhysicalAddress, unsigned>> held;
    for (int round = 0; round < rounds; ++round) {
      const unsigned order = random() % 4;
      if (held.size() < 16) {
        if (const auto frame = mm::frames().allocate(order)) {
          std::memset(world.machine.at<unsigned char>(*frame), static_cast<int>(number), 64);
          held.emplace_back(*frame, order);
        }
      } else {
        std::swap(held[random() % held.size()], held.back());
        const auto [frame, size] = held.back();
        held.pop_back();
        ASSERT_EQ(*world.machine.at<unsigned char>(frame), number);
        mm::frames().free(frame, size);
      }
    }
    for (const auto& [frame, order] : held) {
      mm::frames().free(frame, order);
    }
  });
  EXPECT_EQ(mm::frames().statistics().free, free);
}

TEST_F(Domains, HeapBlocksHaveOneOwner) {
  hosted::run_on_cpus(cpus, [](unsigned number) {
    std::minstd_rand random(number + 1);
    std::vector<Owned> held;
    for (int round = 0; round < rounds; ++round) {
      if (held.size() < 24) {
        const std::size_t size = 1 + random() % 5000;
        auto* bytes = static_cast<unsigned char*>(mm::heap().allocate(size).value());
        held.push_back({bytes, size, static_cast<unsigned char>(random())});
        held.back().fill();
      } else {
        std::swap(held[random() % held.size()], held.back());
        ASSERT_TRUE(held.back().is_untouched());
        mm::heap().free(held.back().bytes, held.back().size);
        held.pop_back();
      }
    }
    for (const Owned& block : held) {
      mm::heap().free(block.bytes);
    }
  });
}

TEST_F(Domains, KernelStacksHaveOneOwner) {
  hosted::run_on_cpus(cpus, [&](unsigned) {
    for (int round = 0; round < rounds / 10; ++round) {
      const auto first = mm::kernel_space().allocate_stack(16_KiB);
      const auto second = mm::kernel_space().allocate_stack(32_KiB);
      ASSERT_TRUE(first.has_value() && second.has_value());
    }
  });
}

TEST_F(Domains, AreasAreMappedFaultedAndUnmapped) {
  mm::application_space().lock()->initialize(7, 12'000, 12'000);
  hosted::run_on_cpus(cpus, [](unsigned number) {
    std::minstd_rand random(number + 1);
    for (int round = 0; round < rounds / 3; ++round) {
      const std::size_t size = (1 + random() % 8) * mm::page_size;
      const auto start = mm::application_space().lock()->map(
          {.size_bytes = size, .access = hal::Access::read_write});
      ASSERT_TRUE(start.has_value());
      ASSERT_EQ(mm::resolve_fault(*start, kernel::AccessKind::write), mm::FaultOutcome::resolved);
      ASSERT_TRUE(mm::application_space()
                      .lock()
                      ->protect(*start, mm::page_size, hal::Access::read)
                      .has_value());
      ASSERT_EQ(mm::resolve_fault(*start, kernel::AccessKind::write),
                mm::FaultOutcome::access_violation);
      ASSERT_TRUE(mm::application_space().lock()->unmap(*start, size).has_value());
    }
  });
  EXPECT_EQ(mm::application_space().lock()->statistics().areas, 0U);
  EXPECT_EQ(mm::application_space().lock()->statistics().resident, 0U);
}

using CountedFile = posix::test::CountedFile<std::atomic<int>>;

TEST_F(Domains, DescriptorsAreGivenOnce) {
  std::atomic<int> alive = 0;
  hosted::run_on_cpus(cpus, [&](unsigned number) {
    std::minstd_rand random(number + 1);
    std::vector<int> held;
    for (int round = 0; round < rounds; ++round) {
      if (held.size() < 40) {
        const auto opened =
            posix::open_descriptor(fs::FileReference::adopt(new CountedFile(alive)), false);
        ASSERT_TRUE(opened.has_value());
        held.push_back(*opened);
      } else {
        std::swap(held[random() % held.size()], held.back());
        ASSERT_TRUE(posix::find_file(held.back()).has_value());
        ASSERT_TRUE(posix::set_closed_on_exec(held.back(), true).has_value());
        ASSERT_TRUE(posix::close_descriptor(held.back()).has_value());
        held.pop_back();
      }
      (void)posix::find_file(static_cast<int>(random() % 80)); // the other's, perhaps
    }
    for (const int descriptor : held) {
      ASSERT_TRUE(posix::close_descriptor(descriptor).has_value());
    }
  });
  EXPECT_EQ(alive, 0);
}

TEST_F(Domains, FilesComeAndGoInOneDirectory) {
  ASSERT_TRUE(test::start_files_once());
  hosted::run_on_cpus(cpus, [](unsigned number) {
    std::minstd_rand random(number + 1);
    for (int round = 0; round < rounds / 3; ++round) {
      const std::string name = "shared" + std::to_string(random() % 8);
      const auto node = fs::make_regular(fs::memory_file_system(), 0644);
      ASSERT_TRUE(node.has_value());
      const auto entered = fs::root().as_tree()->enter(name, *node);
      ASSERT_TRUE(entered.has_value() || entered.error() == std::errc::file_exists);
      fs::ListedName listed;
      for (std::uint64_t at = 0; fs::root().list(at, listed); at = listed.next) {
      }
      (void)fs::root().find(name);
      const auto removed = fs::root().as_tree()->remove(name, fs::Removal::file);
      ASSERT_TRUE(removed.has_value() || removed.error() == std::errc::no_such_file_or_directory);
    }
  });
}

TEST_F(Domains, FutexBucketsAreEachUnderTheirLock) {
  static constinit posix::FutexBuckets buckets;
  hosted::run_on_cpus(cpus, [](unsigned number) {
    std::minstd_rand random(number + 1);
    for (int round = 0; round < rounds; ++round) {
      const mm::VirtualAddress key(0x1000 + random() % 16 * 4);
      const auto bucket = buckets.bucket_of(key).lock();
      ASSERT_EQ(posix::wake_waiters(*bucket, key, 8, UINT32_MAX), 0U);
    }
  });
}

TEST_F(Domains, RandomBytesAndTheLogServeBoth) {
  kernel::start_random();
  hosted::run_on_cpus(cpus, [](unsigned number) {
    for (int round = 0; round < rounds / 10; ++round) {
      std::array<std::byte, 40> bytes{};
      ASSERT_TRUE(kernel::random_bytes(bytes).has_value());
      log::debug("test", "CPU {}, round {}", number, round);
      std::array<char, 256> text{};
      (void)kernel::copy_newest_log(text);
    }
  });
}

} // namespace
} // namespace skerry
