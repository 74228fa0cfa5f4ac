// SPDX-License-Identifier: Apache-2.0
// The ring of a pipe.
#include "src/posix/pipe.hpp"

#include "src/posix/descriptors.hpp"
#include "src/posix/readiness_calls.hpp"
#include "src/posix/signals.hpp"

#include <fs/node.hpp>
#include <mm/user_copy.hpp>

#include <algorithm>
#include <climits>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

namespace skerry::posix {

PipeEnd::PipeEnd(PipeBuffer& buffer, bool is_reader)
    : WaitingFile(is_reader ? fs::open_flag::read_only : fs::open_flag::write_only),
      buffer_(buffer), is_reader_(is_reader) {
  (is_reader ? buffer_.reader : buffer_.writer) = this;
}

void PipeEnd::tell_other() {
  if (PipeEnd* other = is_reader_ ? buffer_.writer : buffer_.reader) {
    other->changed();
  }
}

PipeBuffer::Pieces PipeBuffer::stretch(std::size_t start, std::size_t count) {
  start %= size;
  const std::size_t run = std::min(count, size - start);
  return {fs::UserPiece{mm::VirtualAddress(&bytes[start]), run},
          fs::UserPiece{mm::VirtualAddress(bytes.data()), count - run}};
}

void PipeEnd::tell_both() {
  changed();
  tell_other();
}

Result<std::size_t> PipeEnd::wait_for_bytes(bool may_block) {
  const auto is_ready = [this] {
    return !buffer_.is_being_emptied && (buffer_.used != 0 || buffer_.writer == nullptr);
  };
  TRY(wait(is_ready, may_block));
  return buffer_.used;
}

Result<> PipeEnd::wait_for_room(std::size_t whole, bool may_block) {
  const auto is_ready = [&] {
    return buffer_.reader == nullptr || (!buffer_.is_being_filled && buffer_.room() >= whole);
  };
  TRY(wait(is_ready, may_block));
  if (buffer_.reader == nullptr) {
    raise_broken_pipe();
    return fail(std::errc::broken_pipe);
  }
  return {};
}

Result<std::size_t> PipeEnd::take(fs::UserBuffer& buffer) {
  std::size_t done = 0;
  while (buffer_.used != 0 && buffer.remaining() != 0) {
    const std::size_t run = std::min(buffer_.used, PipeBuffer::size - buffer_.first);
    const auto put = buffer.put(std::span(buffer_.bytes).subspan(buffer_.first, run));
    if (!put) {
      return done != 0 ? Result<std::size_t>(done) : put;
    }
    buffer_.drop_oldest(*put);
    done += *put;
  }
  return done;
}

Result<std::size_t> PipeEnd::put(fs::UserBuffer& buffer) {
  std::size_t done = 0;
  while (buffer_.room() != 0 && buffer.remaining() != 0) {
    const std::size_t end = (buffer_.first + buffer_.used) % PipeBuffer::size;
    const std::size_t run = std::min(buffer_.room(), PipeBuffer::size - end);
    const auto taken = buffer.take(std::span(buffer_.bytes).subspan(end, run));
    if (!taken) {
      return done != 0 ? Result<std::size_t>(done) : taken;
    }
    buffer_.used += *taken;
    done += *taken;
  }
  return done;
}

Result<std::size_t> PipeEnd::read(fs::UserBuffer& buffer) {
  if (!is_reader_) {
    return fail(std::errc::bad_file_descriptor);
  }
  if (buffer.remaining() == 0) {
    return 0;
  }
  TRY(wait_for_bytes(!non_blocking()));
  const auto done = take(buffer);
  tell_other();
  return done;
}

Result<std::size_t> PipeEnd::write(fs::UserBuffer& buffer) {
  if (is_reader_) {
    return fail(std::errc::bad_file_descriptor);
  }
  // What is small goes as a whole or not at all; of more as much as there is room for.
  const std::size_t whole = buffer.remaining() <= PIPE_BUF ? buffer.remaining() : 1;
  std::size_t done = 0;
  while (buffer.remaining() != 0) {
    const auto ready = wait_for_room(whole, !non_blocking());
    if (!ready) {
      return done != 0 ? Result<std::size_t>(done) : fail(ready.error());
    }
    const auto part = put(buffer);
    if (!part) {
      return done != 0 ? Result<std::size_t>(done) : part;
    }
    done += *part;
    tell_other();
  }
  return done;
}

Result<long> PipeEnd::ioctl(unsigned long request, std::uint64_t argument) {
  if (request != FIONREAD) {
    return fail(std::errc::inappropriate_io_control_operation);
  }
  const auto waiting = static_cast<int>(buffer_.used);
  TRY(mm::copy_out(mm::VirtualAddress(argument), std::as_bytes(std::span(&waiting, 1))));
  return 0;
}

fs::Status PipeEnd::status() {
  return {.mode = S_IFIFO | S_IRUSR | S_IWUSR, .links = 1};
}

fs::Readiness PipeEnd::poll() {
  if (is_reader_) {
    const bool has_bytes = buffer_.used != 0 && !buffer_.is_being_emptied;
    return (has_bytes ? POLLIN | POLLRDNORM : 0) | (buffer_.writer == nullptr ? POLLHUP : 0);
  }
  if (buffer_.reader == nullptr) {
    return POLLERR | POLLOUT | POLLWRNORM;
  }
  const bool has_room = buffer_.room() >= PIPE_BUF && !buffer_.is_being_filled;
  return has_room ? POLLOUT | POLLWRNORM : 0;
}

void PipeEnd::destroy() {
  (is_reader_ ? buffer_.reader : buffer_.writer) = nullptr;
  if (buffer_.reader == nullptr && buffer_.writer == nullptr) {
    const mm::Owned<PipeBuffer> end(&buffer_);
  } else {
    tell_other();
  }
  const mm::Owned<PipeEnd> end(this);
}

Result<long> sys_pipe2(UserPointer<int> descriptors, int flags) {
  if ((flags & ~(O_NONBLOCK | O_CLOEXEC)) != 0) {
    return fail(std::errc::invalid_argument);
  }
  auto buffer = TRY(mm::make_owned<PipeBuffer>());
  auto reader = TRY(mm::make_owned<PipeEnd>(*buffer, true));
  auto writer = TRY(mm::make_owned<PipeEnd>(*buffer, false));
  (void)buffer.release(); // from here on it goes with the ends
  reader->set_non_blocking((flags & O_NONBLOCK) != 0);
  writer->set_non_blocking((flags & O_NONBLOCK) != 0);
  const bool close_on_exec = (flags & O_CLOEXEC) != 0;
  auto reading = fs::FileReference::adopt(reader.release());
  auto writing = fs::FileReference::adopt(writer.release());
  const int first = TRY(open_descriptor(std::move(reading), close_on_exec));
  const auto second = open_descriptor(std::move(writing), close_on_exec);
  if (!second) {
    (void)close_descriptor(first);
    return fail(second.error());
  }
  const auto written = [&]() -> Result<> {
    TRY(descriptors.element(0).write(first));
    return descriptors.element(1).write(*second);
  }();
  if (!written) {
    (void)close_descriptor(first);
    (void)close_descriptor(*second);
    return fail(written.error());
  }
  return 0;
}

Result<long> sys_pipe(UserPointer<int> descriptors) {
  return sys_pipe2(descriptors, 0);
}

} // namespace skerry::posix
