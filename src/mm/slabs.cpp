// SPDX-License-Identifier: Apache-2.0
// Slabs (after Bonwick, USENIX 1994) with their records out of line.
#include <core/assert.hpp>
#include <core/format.hpp>
#include <mm/slabs.hpp>

#include <bit>
#include <cstring>
#include <new>

namespace skerry::mm {
namespace {

[[noreturn]] void corrupted(std::size_t block_size, const char* what) {
  char text[96];
  panic(format_to(text, "heap: a block of {} bytes {}", block_size, what));
}

/// What the first words of a free block hold. It differs from block to block and from boot to boot,
/// so it is not written there by accident or by guessing.
struct FreeMark {
  std::uint64_t words[2];

  FreeMark(const std::byte* block, std::uint64_t secret)
      : words{secret ^ reinterpret_cast<std::uintptr_t>(block), ~secret} {}

  void write_to(std::byte* block) const { std::memcpy(block, words, sizeof words); }
  [[nodiscard]] bool is_in(const std::byte* block) const {
    std::uint64_t found[2];
    std::memcpy(found, block, sizeof found);
    return found[0] == words[0] && found[1] == words[1];
  }
};

} // namespace

void Slab::open(std::byte* base, std::uint8_t size_class, std::uint64_t secret) {
  base_ = base;
  size_class_ = size_class;
  free_count_ = static_cast<std::uint16_t>(block_count());
  free_.fill(0);
  for (unsigned i = 0; i < block_count(); ++i) {
    free_[i / 64] |= bit(i % 64);
    std::byte* block = base + i * block_size();
    FreeMark(block, secret).write_to(block);
  }
}

std::byte* Slab::take(std::uint64_t secret) {
  std::size_t word = 0;
  while (free_[word] == 0) {
    ++word;
  }
  const auto number = static_cast<unsigned>(std::countr_zero(free_[word]));
  free_[word] &= free_[word] - 1;
  --free_count_;
  std::byte* block = base_ + (word * 64 + number) * block_size();
  if (!FreeMark(block, secret).is_in(block)) {
    corrupted(block_size(), "was written to after it was freed");
  }
  return block;
}

void Slab::put(std::byte* block, std::uint64_t secret) {
  const auto offset = static_cast<unsigned>(block - base_);
  const auto number = offset / static_cast<unsigned>(block_size());
  if (offset % block_size() != 0 || number >= block_count()) {
    corrupted(block_size(), "is freed at an address inside it");
  }
  std::uint64_t& word = free_[number / 64];
  if (has_bit(word, number % 64)) {
    corrupted(block_size(), "is freed twice");
  }
  word |= bit(number % 64);
  ++free_count_;
  FreeMark(block, secret).write_to(block);
}

std::byte* Slabs::allocate(std::uint8_t size_class, std::size_t limit) {
  Slab* slab = usable_[size_class].front();
  if (slab == nullptr) {
    slab = frames_held() < limit ? open_slab(size_class) : nullptr;
    if (slab == nullptr) {
      return nullptr;
    }
  }
  std::byte* block = slab->take(secret_);
  if (slab->is_full()) {
    slab->unlink();
  }
  bytes_in_use_ += slab->block_size();
  return block;
}

void Slabs::release(Slab& slab, std::byte* block) {
  const bool was_full = slab.is_full();
  slab.put(block, secret_);
  bytes_in_use_ -= slab.block_size();
  IntrusiveList<Slab>& usable = usable_[slab.size_class()];
  if (was_full) {
    usable.push_front(slab);
  }
  // The last slab of a size stays, or a program that takes and frees one block would open and
  // close it all the time.
  if (slab.is_empty() && usable.front() != usable.back()) {
    close_slab(slab);
  }
}

Slab* Slabs::open_slab(std::uint8_t size_class) {
  if (unused_records_.empty() && !refill_records()) {
    return nullptr;
  }
  const Result<PhysicalAddress> frame = frames_.allocate();
  if (!frame) {
    return nullptr;
  }
  Slab* slab = unused_records_.pop_front();
  slab->open(frames_.pointer<std::byte>(*frame), size_class, secret_);
  frames_.set_owner(*frame,
                    frames_.physical(slab).value() | static_cast<std::uint64_t>(HeapFrame::slab));
  usable_[size_class].push_front(*slab);
  ++slab_frames_;
  return slab;
}

void Slabs::close_slab(Slab& slab) {
  slab.unlink();
  frames_.free(frames_.physical(slab.base()));
  unused_records_.push_front(slab);
  --slab_frames_;
}

bool Slabs::refill_records() {
  const Result<PhysicalAddress> frame = frames_.allocate();
  if (!frame) {
    return false;
  }
  frames_.set_owner(*frame, static_cast<std::uint64_t>(HeapFrame::slab_records));
  auto* bytes = frames_.pointer<std::byte>(*frame);
  for (std::size_t offset = 0; offset < page_size; offset += sizeof(Slab)) {
    // SAFETY: the frame is ours alone, and Slab's alignment divides the offset.
    unused_records_.push_back(*new (bytes + offset) Slab);
  }
  ++record_frames_;
  return true;
}

} // namespace skerry::mm
