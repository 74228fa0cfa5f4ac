// SPDX-License-Identifier: Apache-2.0
// Contents of regular files. Bytes behind the end of a file are zeros or are made so before the end
// moves over them.
#include "src/fs/regular_node.hpp"

#include "src/fs/regular_file.hpp"

#include <fs/changes.hpp>
#include <mm/address_space.hpp>
#include <mm/frames.hpp>

#include <algorithm>
#include <cstring>

namespace skerry::fs {
namespace {

using mm::page_bits;
using mm::page_size;

/// What is read from a hole.
alignas(64) constinit const std::array<std::byte, 512> zeros{};

constexpr std::size_t offset_in_page(std::uint64_t offset) {
  return offset & (page_size - 1);
}

std::span<std::byte> bytes_of(mm::PhysicalAddress frame) {
  return {mm::frames().pointer<std::byte>(frame), page_size};
}

/// Takes pages out of mappings, so that an access to them asks for them anew.
void unmap(mm::MemoryObject& object, std::uint64_t first, std::uint64_t end) {
  mm::application_space().lock()->forget_object(object, first, end);
}

} // namespace

void RegularNode::Contents::clear_part(std::uint64_t index, std::size_t offset, std::size_t end) {
  if (const auto frame = pages.take(index)) {
    std::memset(bytes_of(*frame).data() + offset, 0, end - offset);
    pages.give_back(index);
  }
}

void RegularNode::Contents::grow(std::uint64_t new_size) {
  if (new_size > size_bytes) {
    clear_part(size_bytes >> page_bits, offset_in_page(size_bytes), page_size);
    size_bytes = new_size;
  }
}

std::uint64_t RegularNode::size_bytes() const {
  return contents_.lock()->size_bytes;
}

Status RegularNode::status() const {
  Status status = Node::status();
  const auto contents = contents_.lock();
  status.size_bytes = contents->size_bytes;
  status.allocated_bytes = contents->pages.count() << page_bits;
  return status;
}

Result<std::size_t> RegularNode::read(UserBuffer& buffer, std::uint64_t offset) {
  std::size_t done = 0;
  while (buffer.remaining() != 0) {
    const std::uint64_t index = offset >> page_bits;
    std::optional<mm::PhysicalAddress> frame;
    std::size_t part = 0;
    {
      const auto contents = contents_.lock();
      if (offset >= contents->size_bytes) {
        break;
      }
      part = std::min<std::uint64_t>(page_size - offset_in_page(offset),
                                     contents->size_bytes - offset);
      frame = contents->pages.take(index);
    }
    const std::span<const std::byte> bytes =
        frame ? std::span<const std::byte>(bytes_of(*frame)).subspan(offset_in_page(offset))
              : std::span<const std::byte>(zeros);
    const auto put = buffer.put(bytes.first(std::min({part, buffer.remaining(), bytes.size()})));
    if (frame) {
      contents_.lock()->pages.give_back(index);
    }
    if (!put) {
      return done != 0 ? Result<std::size_t>(done) : put;
    }
    done += *put;
    offset += *put;
  }
  if (done != 0) {
    tell_change(*this, change::accessed);
  }
  return done;
}

/// Writes into one page.
Result<std::size_t> RegularNode::write_page(UserBuffer& buffer, std::uint64_t offset,
                                            std::size_t size) {
  const std::uint64_t index = offset >> page_bits;
  const std::size_t start = offset_in_page(offset);
  const auto frame = TRY(contents_.lock()->pages.take_or_make(index));
  const auto taken = buffer.take(bytes_of(frame).subspan(start, size));
  const auto contents = contents_.lock();
  const std::uint64_t end = offset + (taken ? *taken : 0);
  contents->size_bytes = std::max(contents->size_bytes, end);
  if (!taken || *taken < size) {
    // A part may have been copied before the fault; behind the end there must be zeros.
    const std::uint64_t kept = std::max(end, contents->size_bytes);
    if (kept < offset + size) {
      contents->clear_part(index, offset_in_page(kept), start + size);
    }
  }
  contents->pages.give_back(index);
  return taken;
}

void RegularNode::was_modified() {
  touch_modified();
  tell_change(*this, change::modified);
}

Result<std::size_t> RegularNode::write(UserBuffer& buffer, std::uint64_t offset) {
  if (buffer.remaining() == 0) {
    return 0;
  }
  if (offset >= max_size) {
    return fail(std::errc::file_too_large);
  }
  const std::size_t wanted = std::min<std::uint64_t>(buffer.remaining(), max_size - offset);
  {
    const auto contents = contents_.lock();
    if (offset > contents->size_bytes) {
      contents->clear_part(contents->size_bytes >> page_bits, offset_in_page(contents->size_bytes),
                           page_size);
    }
  }
  std::size_t done = 0;
  while (done < wanted) {
    const std::size_t part = std::min(page_size - offset_in_page(offset), wanted - done);
    const auto written = write_page(buffer, offset, part);
    if (!written) {
      if (done == 0) {
        return written;
      }
      break;
    }
    done += *written;
    offset += *written;
    if (*written < part) {
      break;
    }
  }
  was_modified();
  return done;
}

Result<std::uint64_t> RegularNode::seek_data(std::uint64_t offset, bool hole) {
  const auto contents = contents_.lock();
  const std::uint64_t size = contents->size_bytes;
  if (offset >= size) {
    return fail(std::errc::no_such_device_or_address);
  }
  const std::uint64_t end = mm::pages_for(size);
  std::uint64_t index = offset >> page_bits;
  if (!hole) {
    const auto found = contents->pages.next_present(index, end);
    return found ? Result<std::uint64_t>(std::max(offset, *found << page_bits))
                 : fail(std::errc::no_such_device_or_address);
  }
  while (contents->pages.next_present(index, end) == index) {
    ++index;
  }
  return std::min(size, std::max(offset, index << page_bits));
}

Result<FileReference> RegularNode::open(unsigned flags) {
  return make_file<RegularFile>(*this, flags);
}

Result<> RegularNode::resize(std::uint64_t new_size) {
  if (new_size > max_size) {
    return fail(std::errc::file_too_large);
  }
  const std::uint64_t first_gone = mm::pages_for(new_size);
  bool is_shorter = false;
  {
    const auto contents = contents_.lock();
    is_shorter = new_size < contents->size_bytes;
    if (is_shorter) {
      contents->size_bytes = new_size;
      if (offset_in_page(new_size) != 0) {
        contents->clear_part(new_size >> page_bits, offset_in_page(new_size), page_size);
      }
    } else {
      contents->grow(new_size);
    }
  }
  if (is_shorter) {
    unmap(*this, first_gone, ~std::uint64_t{0}); // the lock of the areas comes before ours
    contents_.lock()->pages.clear(first_gone, ~std::uint64_t{0});
  }
  was_modified();
  return {};
}

Result<> RegularNode::allocate(std::uint64_t offset, std::uint64_t size, bool keep_size) {
  if (offset > max_size || size > max_size - offset) {
    return fail(std::errc::file_too_large);
  }
  const std::uint64_t end = mm::pages_for(offset + size);
  const PageBudget budget = page_budget();
  if (end - (offset >> page_bits) > budget.limit) {
    return fail(std::errc::no_space_on_device);
  }
  {
    const auto contents = contents_.lock();
    for (std::uint64_t index = offset >> page_bits; index < end; ++index) {
      TRY(contents->pages.take_or_make(index));
      contents->pages.give_back(index);
    }
    if (!keep_size) {
      contents->grow(offset + size);
    }
  }
  was_modified();
  return {};
}

Result<> RegularNode::punch_hole(std::uint64_t offset, std::uint64_t size) {
  if (offset > max_size || size > max_size - offset) {
    return fail(std::errc::file_too_large);
  }
  const std::uint64_t end = offset + size;
  const std::uint64_t first_whole = mm::pages_for(offset);
  const std::uint64_t end_whole = end >> page_bits;
  {
    const auto contents = contents_.lock();
    if (first_whole > end_whole) { // inside one page
      contents->clear_part(end_whole, offset_in_page(offset), offset_in_page(end));
    } else {
      if (offset_in_page(offset) != 0) {
        contents->clear_part(offset >> page_bits, offset_in_page(offset), page_size);
      }
      if (offset_in_page(end) != 0) {
        contents->clear_part(end_whole, 0, offset_in_page(end));
      }
    }
  }
  if (first_whole < end_whole) {
    unmap(*this, first_whole, end_whole);
    contents_.lock()->pages.clear(first_whole, end_whole);
  }
  was_modified();
  return {};
}

Result<mm::PhysicalAddress> RegularNode::take_page(std::uint64_t index, bool for_writing) {
  const auto contents = contents_.lock();
  if (index >= mm::pages_for(contents->size_bytes)) {
    return fail(std::errc::no_such_device_or_address);
  }
  if (for_writing) {
    touch_modified();
  }
  return contents->pages.take_or_make(index);
}

void RegularNode::give_back_page(std::uint64_t index) {
  contents_.lock()->pages.give_back(index);
}

} // namespace skerry::fs
