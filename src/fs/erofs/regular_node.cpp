// SPDX-License-Identifier: Apache-2.0
// Contents of regular files: copied to the application, or page by page for mappings.
#include "src/fs/erofs/regular_node.hpp"

#include <mm/frames.hpp>

#include <algorithm>

namespace skerry::fs::erofs {
namespace {

using mm::page_bits;
using mm::page_size;

/// What is read from a hole.
constinit const std::array<std::byte, 512> zeros{};

} // namespace

Result<std::size_t> ErofsRegular::read(UserBuffer& buffer, std::uint64_t offset) const {
  std::size_t done = 0;
  while (buffer.remaining() != 0 && offset < size_bytes()) {
    const auto piece = piece_at(system().volume(), inode(), offset);
    auto put = piece ? Result<std::size_t>(0) : fail(piece.error());
    if (piece) {
      const std::span<const std::byte> bytes = piece->bytes.empty() ? zeros : piece->bytes;
      put = buffer.put(bytes.first(
          std::min<std::uint64_t>({bytes.size(), piece->size_bytes, buffer.remaining()})));
    }
    if (!put) {
      return done != 0 ? Result<std::size_t>(done) : put;
    }
    done += *put;
    offset += *put;
  }
  return done;
}

const std::byte* ErofsRegular::page_in_image(std::uint64_t index) const {
  const std::uint64_t offset = index << page_bits;
  if (offset > size_bytes() || size_bytes() - offset < page_size) {
    return nullptr;
  }
  const auto piece = piece_at(system().volume(), inode(), offset);
  if (!piece || piece->bytes.size() < page_size) {
    return nullptr;
  }
  const std::byte* page = piece->bytes.data();
  return system().frame_at(page) ? page : nullptr;
}

Result<FileReference> ErofsRegular::open(unsigned flags) {
  return make_file<ErofsFile>(*this, flags);
}

Result<mm::PhysicalAddress> ErofsRegular::take_page(std::uint64_t index, bool for_writing) {
  if (for_writing) {
    return fail(std::errc::read_only_file_system);
  }
  if (index >= mm::pages_for(size_bytes())) {
    return fail(std::errc::no_such_device_or_address);
  }
  if (const std::byte* page = page_in_image(index)) {
    return *system().frame_at(page);
  }
  const auto pages = pages_.lock();
  if (const auto frame = pages->take(index)) {
    return *frame;
  }
  const auto frame = TRY(pages->take_or_make(index)); // zeros behind the end of the file
  const std::span<std::byte> bytes(mm::frames().pointer<std::byte>(frame), page_size);
  const auto copied = copy_from(system().volume(), inode(), index << page_bits, bytes);
  if (!copied) {
    pages->give_back(index);
    pages->clear(index, index + 1);
    return fail(copied.error());
  }
  return frame;
}

void ErofsRegular::give_back_page(std::uint64_t index) {
  if (page_in_image(index) == nullptr) {
    pages_.lock()->give_back(index);
  }
}

const std::byte* ErofsRegular::page_contents(std::uint64_t index, mm::PhysicalAddress frame) const {
  const std::byte* page = page_in_image(index);
  return page != nullptr ? page : MemoryObject::page_contents(index, frame);
}

} // namespace skerry::fs::erofs
