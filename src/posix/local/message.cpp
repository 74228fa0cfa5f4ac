// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/posix/local/message.hpp"

#include "src/posix/descriptors.hpp"
#include "src/posix/process.hpp"

#include <net/control_data.hpp>
#include <net/socket_option.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

namespace skerry::posix::local {
namespace {

constinit std::size_t files_in_flight = 0;

/// How many descriptors the pieces of `control` hold together.
Result<std::size_t> count_files(std::span<const std::byte> control) {
  std::size_t count = 0;
  net::ControlReader reader(control);
  while (const auto piece = TRY(reader.next())) {
    if (piece->level == SOL_SOCKET && piece->type == SCM_RIGHTS) {
      count += piece->data.size() / sizeof(int);
    }
  }
  return count;
}

Result<> read_files(std::span<const std::byte> numbers, std::span<fs::FileReference> files) {
  for (fs::FileReference& file : files) {
    int number = 0;
    std::memcpy(&number, numbers.data(), sizeof number);
    file = TRY(find_file(number));
    numbers = numbers.subspan(sizeof number);
  }
  return {};
}

Result<ucred> read_credentials(std::span<const std::byte> data) {
  if (data.size() != sizeof(ucred)) {
    return fail(std::errc::invalid_argument);
  }
  const auto credentials = TRY(net::option_value<ucred>(data));
  // Who may do everything may name any user, and any process that there is.
  return credentials.pid == process_id ? Result<ucred>(credentials)
                                       : fail(std::errc::no_such_process);
}

} // namespace

Bytes::~Bytes() {
  while (first_ != nullptr) {
    free_first();
  }
}

Result<Bytes::Block*> Bytes::append(std::size_t size) {
  const auto memory = mm::heap().allocate(sizeof(Block) + size);
  if (!memory) {
    return fail(std::errc::no_buffer_space);
  }
  auto* block = new (*memory) Block;
  (first_ == nullptr ? first_ : last_->next) = block;
  last_ = block;
  cost_ += sizeof(Block) + size;
  return block;
}

void Bytes::free_first() {
  mm::heap().free(std::exchange(first_, first_->next));
}

Result<> Bytes::take(fs::UserBuffer& buffer, std::size_t size) {
  while (size != 0) {
    const std::size_t part = std::min(size, one_block);
    Block* block = TRY(append(part));
    block->end = TRY(buffer.take({block->bytes(), part}));
    if (block->end != part) {
      return fail(std::errc::bad_address);
    }
    size_ += part;
    size -= part;
  }
  return {};
}

Result<std::size_t> Bytes::put(fs::UserBuffer& buffer) const {
  std::size_t done = 0;
  for (Block* block = first_; block != nullptr && buffer.remaining() != 0; block = block->next) {
    const auto part = buffer.put({block->bytes() + block->first, block->end - block->first});
    if (!part) {
      return done != 0 ? Result<std::size_t>(done) : part;
    }
    done += *part;
  }
  return done;
}

void Bytes::drop(std::size_t size) {
  size_ -= size;
  while (size != 0) {
    const std::size_t part = std::min(size, first_->end - first_->first);
    first_->first += part;
    size -= part;
    if (first_->first == first_->end) {
      free_first();
    }
  }
}

PassedFiles& PassedFiles::operator=(PassedFiles&& other) noexcept {
  files_ = std::move(other.files_); // which exchanges them
  return *this;
}

PassedFiles::~PassedFiles() {
  files_in_flight -= files_.all().size();
}

Result<PassedFiles> PassedFiles::make(std::size_t count) {
  if (files_in_flight > static_cast<std::size_t>(descriptor_limits().soft)) {
    return fail(static_cast<std::errc>(ETOOMANYREFS));
  }
  PassedFiles files;
  files.files_ = TRY(HeapArray<fs::FileReference>::make(count));
  files_in_flight += count;
  return files;
}

Result<Attachment> Attachment::read(std::span<const std::byte> control) {
  Attachment attachment;
  const std::size_t count = TRY(count_files(control));
  if (count > PassedFiles::max_count) {
    return fail(std::errc::invalid_argument);
  }
  if (count != 0) {
    attachment.files = TRY(PassedFiles::make(count));
  }
  auto empty = attachment.files.all();
  net::ControlReader reader(control);
  while (const auto piece = TRY(reader.next())) {
    if (piece->level != SOL_SOCKET) {
      continue; // as Linux has it
    }
    if (piece->type == SCM_RIGHTS) {
      const std::size_t files = piece->data.size() / sizeof(int);
      TRY(read_files(piece->data, empty.first(files)));
      empty = empty.subspan(files);
    } else if (piece->type == SCM_CREDENTIALS) {
      attachment.credentials = TRY(read_credentials(piece->data));
    } else {
      return fail(std::errc::invalid_argument);
    }
  }
  return attachment;
}

ucred own_credentials() {
  return {.pid = process_id, .uid = 0, .gid = 0};
}

} // namespace skerry::posix::local
