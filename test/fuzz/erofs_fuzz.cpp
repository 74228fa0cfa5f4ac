// SPDX-License-Identifier: Apache-2.0
// An EROFS image of which the input changes bytes: the image made by hand, then pairs of a place
// and a new byte. All of what is found in it is walked, listed, read and mapped.
#include "../unit/fs/erofs/sample.hpp"
#include "../unit/mm/world.hpp"
#include "src/fs/erofs/file_system.hpp"

#include <fs/mounts.hpp>

#include <array>
#include <cstdlib>
#include <memory>

namespace {

using namespace skerry;
using fs::erofs::test::Sample;

constexpr int most_levels = 4;
constexpr int most_names = 64;

void read_all(fs::Node& node) {
  const auto file = node.open(fs::open_flag::read_only);
  if (!file) {
    return;
  }
  std::array<std::byte, 700> bytes;
  for (const std::int64_t offset : {0LL, 511LL, 4096LL, 1LL << 40U}) {
    fs::UserBuffer buffer{std::span(bytes)};
    (void)(*file)->read_at(buffer, offset);
  }
  mm::MemoryObject* object = node.memory_object();
  if (object != nullptr && object->take_page(0, false)) {
    object->give_back_page(0);
  }
}

void walk(fs::Node& node, int level) {
  (void)node.status();
  std::array<char, 200> text;
  if (fs::Symlink* link = node.as_symlink()) {
    (void)link->read(text);
  }
  fs::Directory* directory = node.as_directory();
  if (directory == nullptr) {
    read_all(node);
    return;
  }
  (void)directory->parent();
  (void)fs::path_of(*directory, text);
  fs::ListedName name;
  int names = 0;
  for (std::uint64_t at = 0; names < most_names && directory->list(at, name); at = name.next) {
    if (name.next <= at) {
      std::abort(); // a listing must get on
    }
    ++names;
    const auto found = directory->find(name.name());
    if (found && level < most_levels) {
      walk(**found, level + 1);
    }
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mm::test::World::get();
  Sample sample;
  for (std::size_t i = 0; i + 3 <= size; i += 3) {
    const std::size_t place = (data[i] + data[i + 1] * std::size_t{256}) % sample.bytes.size();
    sample.bytes[place] = std::byte{data[i + 2]};
  }
  // The first byte cuts off the end, now and then.
  const std::size_t kept =
      size != 0 && data[0] > 250 ? sample.bytes.size() / 2 : sample.bytes.size();
  const auto image = std::make_unique<std::byte[]>(kept);
  std::copy_n(sample.bytes.begin(), kept, image.get());

  fs::erofs::ErofsFileSystem system;
  fs::erofs::Refusal refusal;
  if (system.open({image.get(), kept}, refusal)) {
    walk(*system.top(), 0);
    system.top()->drop(); // as none of a real system is
  }
  return 0;
}
