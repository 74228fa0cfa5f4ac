// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"
#include "src/fs/page_tree.hpp"

#include <map>
#include <random>
#include <unistd.h>

namespace skerry::fs {
namespace {

constexpr auto page = static_cast<std::int64_t>(mm::page_size);
constexpr int seek_data = 3;
constexpr int seek_hole = 4;

class Regular : public test::Files {
protected:
  ~Regular() override {
    file = {};
    node = {};
    EXPECT_EQ(page_budget().used, 0U);
  }
  std::string read_all() { return read_at(*file, 1 << 20, 0); }

  NodeReference node = make_regular(memory_file_system(), 0644).value();
  FileReference file = node->open(open_flag::read_write).value();
};

TEST_F(Regular, ReadsWhatWasWritten) {
  EXPECT_EQ(write_at(*file, std::string(10'000, 'a'), 100), 10'000U);
  EXPECT_EQ(read_all(), std::string(100, '\0') + std::string(10'000, 'a'));
  EXPECT_EQ(read_at(*file, 10, 10'095), "aaaaa");
  EXPECT_EQ(read_at(*file, 10, 10'100), "");
  EXPECT_EQ(node->status().size_bytes, 10'100U);
}

TEST_F(Regular, HasHolesThatReadAsZeros) {
  EXPECT_EQ(write_at(*file, "end", 1'000'000 * page), 3U);
  EXPECT_EQ(read_at(*file, 3, 1'000'000 * page - 3), std::string(3, '\0'));
  EXPECT_EQ(node->status().allocated_bytes, mm::page_size);
  EXPECT_EQ(file->seek(0, seek_data), 1'000'000 * page);
  EXPECT_EQ(file->seek(1'000'000 * page, seek_hole), 1'000'000 * page + 3);
  EXPECT_EQ(file->seek(5, seek_hole), 5);
  EXPECT_EQ(file->seek(1'000'000 * page + 3, seek_data).error(),
            std::errc::no_such_device_or_address);
}

TEST_F(Regular, ShowsZerosWhereItWasCutAndGrewAgain) {
  EXPECT_TRUE(write_at(*file, std::string(9000, 'a'), 0).has_value());
  EXPECT_TRUE(node->resize(5000).has_value());
  EXPECT_TRUE(node->resize(9000).has_value());
  EXPECT_EQ(read_all(), std::string(5000, 'a') + std::string(4000, '\0'));
  EXPECT_TRUE(node->resize(10).has_value());
  EXPECT_EQ(write_at(*file, "b", 20), 1U);
  EXPECT_EQ(read_all(), std::string(10, 'a') + std::string(10, '\0') + "b");
}

TEST_F(Regular, GivesTheMemoryOfAHoleBack) {
  EXPECT_TRUE(write_at(*file, std::string(5 * mm::page_size, 'a'), 0).has_value());
  EXPECT_TRUE(node->punch_hole(100, 3 * mm::page_size).has_value());
  EXPECT_EQ(node->status().allocated_bytes, 3 * mm::page_size);
  std::string expected(5 * mm::page_size, 'a');
  std::fill_n(expected.begin() + 100, 3 * mm::page_size, '\0');
  EXPECT_EQ(read_all(), expected);
  EXPECT_TRUE(node->punch_hole(0, 10).has_value());
  std::fill_n(expected.begin(), 10, '\0');
  EXPECT_EQ(read_all(), expected);
}

TEST_F(Regular, ReservesWithoutAChangeOfWhatIsRead) {
  EXPECT_TRUE(write_at(*file, "abc", 0).has_value());
  EXPECT_TRUE(node->allocate(0, 3 * mm::page_size, true).has_value());
  EXPECT_EQ(read_all(), "abc");
  EXPECT_EQ(node->status().allocated_bytes, 3 * mm::page_size);
  EXPECT_TRUE(node->allocate(0, 10, false).has_value());
  EXPECT_EQ(read_all(), "abc" + std::string(7, '\0'));
  EXPECT_EQ(node->allocate(0, 1ULL << 50, false).error(), std::errc::no_space_on_device);
}

TEST_F(Regular, HasNoMoreThanHalfOfTheMemory) {
  const PageBudget budget = page_budget();
  const std::string chunk(1 << 20, 'a');
  std::int64_t offset = 0;
  Result<std::size_t> written = 0;
  while ((written = write_at(*file, chunk, offset))) {
    offset += static_cast<std::int64_t>(*written);
  }
  EXPECT_EQ(written.error(), std::errc::no_space_on_device);
  EXPECT_EQ(static_cast<std::uint64_t>(offset), budget.limit * mm::page_size);
  EXPECT_TRUE(node->resize(0).has_value());
  EXPECT_EQ(page_budget().used, 0U);
}

TEST_F(Regular, RefusesSizesThatOffsetsCannotReach) {
  EXPECT_EQ(node->resize(1ULL << 63).error(), std::errc::file_too_large);
  EXPECT_TRUE(node->resize((1ULL << 63) - 1).has_value());
  EXPECT_EQ(write_at(*file, "x", INT64_MAX).error(), std::errc::file_too_large);
  EXPECT_EQ(write_at(*file, "xyz", INT64_MAX - 1), 1U);
}

TEST_F(Regular, MovesItsPosition) {
  EXPECT_TRUE(write_at(*file, "0123456789", 0).has_value());
  EXPECT_EQ(file->seek(-4, SEEK_END), 6);
  EXPECT_EQ(file->seek(1, SEEK_CUR), 7);
  std::string text(2, '?');
  UserBuffer buffer(std::as_writable_bytes(std::span(text)));
  EXPECT_EQ(file->read(buffer), 2U);
  EXPECT_EQ(text, "78");
  EXPECT_EQ(file->seek(0, SEEK_CUR), 9);
  EXPECT_EQ(file->seek(-1, SEEK_SET).error(), std::errc::invalid_argument);
  EXPECT_EQ(file->seek(INT64_MAX, SEEK_CUR).error(), std::errc::value_too_large);
  EXPECT_EQ(file->seek(0, 17).error(), std::errc::invalid_argument);
}

TEST_F(Regular, AppendsAtTheEnd) {
  const FileReference log = node->open(open_flag::write_only | open_flag::append).value();
  std::string text = "one";
  for (int i = 0; i < 2; ++i) {
    UserBuffer buffer(std::as_writable_bytes(std::span(text)));
    EXPECT_EQ(log->write(buffer), 3U);
    EXPECT_TRUE(log->seek(0, SEEK_SET).has_value());
  }
  EXPECT_EQ(read_all(), "oneone");
}

TEST_F(Regular, KeepsPagesThatAreMappedWhenTheyAreCut) {
  EXPECT_TRUE(write_at(*file, std::string(2 * mm::page_size, 'a'), 0).has_value());
  mm::MemoryObject& object = *node->memory_object();
  const auto frame = object.take_page(1, true).value();
  EXPECT_TRUE(node->resize(10).has_value());
  EXPECT_EQ(*mm::frames().pointer<char>(frame), '\0');
  EXPECT_FALSE(object.take_page(1, false).has_value());
  object.give_back_page(1);
  EXPECT_TRUE(node->resize(0).has_value());
}

/// The tree against a std::map, with numbers near and far.
TEST_F(Regular, PageTreeDoesAsAMapWould) {
  PageTree tree;
  std::map<std::uint64_t, mm::PhysicalAddress> model;
  std::mt19937 random(7);
  const auto any_page = [&] { return std::uint64_t{random() % 40} << (random() % 5 * 8); };
  for (int i = 0; i < 4000; ++i) {
    const std::uint64_t index = any_page();
    if (random() % 3 != 0) {
      const auto frame = tree.take_or_make(index).value();
      tree.give_back(index);
      EXPECT_EQ(model.try_emplace(index, frame).first->second, frame);
    } else {
      const std::uint64_t end = index + 1 + random() % 5000;
      tree.clear(index, end);
      model.erase(model.lower_bound(index), model.lower_bound(end));
    }
    const std::uint64_t from = any_page();
    const auto expected = model.lower_bound(from);
    const auto found = tree.next_present(from, ~std::uint64_t{0});
    ASSERT_EQ(found.has_value(), expected != model.end()) << from;
    ASSERT_TRUE(!found || *found == expected->first) << from;
    ASSERT_EQ(tree.count(), model.size());
  }
}

} // namespace
} // namespace skerry::fs
