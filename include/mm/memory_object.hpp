// SPDX-License-Identifier: Apache-2.0
// Something whose contents are mapped: a file, or memory that is shared.
#pragma once

#include <core/result.hpp>
#include <mm/address.hpp>

#include <cstdint>
#include <utility>

namespace skerry::mm {

/// What the owner word of a frame says (Frames::set_owner) when it is an application's own copy of
/// an object's page. Objects do not use this word for their own frames.
inline constexpr std::uint64_t private_copy_owner = 0x3f;

/// A store of pages, numbered from 0. Lives as long as anybody retains it.
class MemoryObject {
public:
  virtual void retain() = 0;
  virtual void release() = 0;

  /// The frame with page `index`, for one use more: it stays what it is until give_back_page().
  /// `for_writing` says that the application may write to the frame itself (shared mappings).
  /// Context: thread, no lock of the memory floor held; may block.
  /// Errors: not_enough_memory
  ///         anything else      the page cannot be had: past the end, or not readable
  virtual Result<PhysicalAddress> take_page(std::uint64_t index, bool for_writing) = 0;
  /// Ends one use. Context: thread, LockRank::areas held; does not block.
  virtual void give_back_page(std::uint64_t index) = 0;
  /// Where the kernel reads page `index`, which is in use and lies in `frame`.
  /// Context: thread, LockRank::areas held; does not block.
  [[nodiscard]] virtual const std::byte* page_contents(std::uint64_t index,
                                                       PhysicalAddress frame) const;

protected:
  ~MemoryObject() = default;
};

/// Retains an object for its own life; may be empty.
class ObjectReference {
public:
  constexpr ObjectReference() = default;
  explicit ObjectReference(MemoryObject* object) : object_(object) { retain(); }
  ObjectReference(const ObjectReference& other) : object_(other.object_) { retain(); }
  ObjectReference(ObjectReference&& other) noexcept
      : object_(std::exchange(other.object_, nullptr)) {}
  ObjectReference& operator=(ObjectReference other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~ObjectReference() {
    if (object_ != nullptr) {
      object_->release();
    }
  }

  [[nodiscard]] explicit operator bool() const { return object_ != nullptr; }
  MemoryObject* operator->() const { return object_; }
  [[nodiscard]] const MemoryObject* get() const { return object_; }
  friend bool operator==(const ObjectReference&, const ObjectReference&) = default;

private:
  void retain() const {
    if (object_ != nullptr) {
      object_->retain();
    }
  }

  MemoryObject* object_ = nullptr;
};

} // namespace skerry::mm
