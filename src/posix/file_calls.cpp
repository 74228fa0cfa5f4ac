// SPDX-License-Identifier: Apache-2.0
// Moving bytes between descriptors and the application.
#include "src/posix/calls.hpp"
#include "src/posix/descriptors.hpp"
#include "src/posix/sockets.hpp"
#include "src/posix/vectors.hpp"

#include <fs/user_buffer.hpp>

#include <sys/ioctl.h>

namespace skerry::posix {
namespace {

Result<fs::FileReference> find_readable(int descriptor) {
  auto file = TRY(find_file(descriptor));
  return file->can_read() ? Result<fs::FileReference>(std::move(file))
                          : fail(std::errc::bad_file_descriptor);
}

Result<fs::FileReference> find_writable(int descriptor) {
  auto file = TRY(find_file(descriptor));
  return file->can_write() ? Result<fs::FileReference>(std::move(file))
                           : fail(std::errc::bad_file_descriptor);
}

Result<long> read_into(fs::File& file, const Vectors& vectors) {
  fs::UserBuffer buffer(vectors.pieces());
  return static_cast<long>(TRY(file.read(buffer)));
}

Result<long> write_from(fs::File& file, const Vectors& vectors) {
  fs::UserBuffer buffer(vectors.pieces());
  const auto written = file.write(buffer);
  if (!written) {
    tell_broken_pipe(file, written.error());
    return fail(written.error());
  }
  return static_cast<long>(*written);
}

Result<long> read_into_at(fs::File& file, const Vectors& vectors, off_t offset) {
  if (offset < 0) {
    return fail(std::errc::invalid_argument);
  }
  fs::UserBuffer buffer(vectors.pieces());
  return static_cast<long>(TRY(file.read_at(buffer, offset)));
}

Result<long> write_from_at(fs::File& file, const Vectors& vectors, off_t offset) {
  if (offset < 0) {
    return fail(std::errc::invalid_argument);
  }
  fs::UserBuffer buffer(vectors.pieces());
  return static_cast<long>(TRY(file.write_at(buffer, offset)));
}

/// The flags of preadv2(2). None that would change what is done is known here.
Result<> check_flags(int flags) {
  return flags == 0 ? Result<>() : fail(std::errc::operation_not_supported);
}

Result<long> set_non_blocking(fs::File& file, UserPointer<const int> value) {
  file.set_non_blocking(TRY(value.read()) != 0);
  return 0;
}

} // namespace

Result<long> sys_read(int descriptor, std::uint64_t buffer, std::size_t size) {
  const auto file = TRY(find_readable(descriptor));
  return read_into(*file, TRY(Vectors::of(buffer, size)));
}

Result<long> sys_readv(int descriptor, UserPointer<const iovec> vectors, int count) {
  const auto file = TRY(find_readable(descriptor));
  return read_into(*file, TRY(Vectors::read(vectors, count)));
}

Result<long> sys_pread64(int descriptor, std::uint64_t buffer, std::size_t size, off_t offset) {
  const auto file = TRY(find_readable(descriptor));
  return read_into_at(*file, TRY(Vectors::of(buffer, size)), offset);
}

Result<long> sys_preadv(int descriptor, UserPointer<const iovec> vectors, int count, off_t offset) {
  const auto file = TRY(find_readable(descriptor));
  return read_into_at(*file, TRY(Vectors::read(vectors, count)), offset);
}

Result<long> sys_preadv2(int descriptor, UserPointer<const iovec> vectors, int count, off_t offset,
                         std::uint64_t, int flags) {
  TRY(check_flags(flags));
  return offset == -1 ? sys_readv(descriptor, vectors, count)
                      : sys_preadv(descriptor, vectors, count, offset);
}

Result<long> sys_write(int descriptor, std::uint64_t buffer, std::size_t size) {
  const auto file = TRY(find_writable(descriptor));
  return write_from(*file, TRY(Vectors::of(buffer, size)));
}

Result<long> sys_writev(int descriptor, UserPointer<const iovec> vectors, int count) {
  const auto file = TRY(find_writable(descriptor));
  return write_from(*file, TRY(Vectors::read(vectors, count)));
}

Result<long> sys_pwrite64(int descriptor, std::uint64_t buffer, std::size_t size, off_t offset) {
  const auto file = TRY(find_writable(descriptor));
  return write_from_at(*file, TRY(Vectors::of(buffer, size)), offset);
}

Result<long> sys_pwritev(int descriptor, UserPointer<const iovec> vectors, int count,
                         off_t offset) {
  const auto file = TRY(find_writable(descriptor));
  return write_from_at(*file, TRY(Vectors::read(vectors, count)), offset);
}

Result<long> sys_pwritev2(int descriptor, UserPointer<const iovec> vectors, int count, off_t offset,
                          std::uint64_t, int flags) {
  TRY(check_flags(flags));
  return offset == -1 ? sys_writev(descriptor, vectors, count)
                      : sys_pwritev(descriptor, vectors, count, offset);
}

Result<long> sys_lseek(int descriptor, off_t offset, int whence) {
  const auto file = TRY(find_file(descriptor));
  return TRY(file->seek(offset, whence));
}

Result<long> sys_ioctl(int descriptor, unsigned long request, std::uint64_t argument) {
  const auto file = TRY(find_file(descriptor));
  switch (request) {
  case FIOCLEX:
    TRY(set_closed_on_exec(descriptor, true));
    return 0;
  case FIONCLEX:
    TRY(set_closed_on_exec(descriptor, false));
    return 0;
  case FIONBIO:
    return set_non_blocking(*file, UserPointer<const int>(argument));
  default:
    return file->ioctl(request, argument);
  }
}

} // namespace skerry::posix
