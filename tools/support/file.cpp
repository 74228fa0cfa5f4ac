// SPDX-License-Identifier: Apache-2.0
// Whole files in and out; see the header.
#include "support/file.hpp"

#include "support/failure.hpp"
#include "support/file_descriptor.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>

namespace skerry {
namespace {

template <typename Container> Container read_file(const std::filesystem::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0)
    throw Failure("cannot read {}: {}", path.string(), std::strerror(errno));
  Container content;
  content.resize(static_cast<std::size_t>(status.st_size));
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t size = ::read(file.get(), content.data() + done, content.size() - done);
    if (size < 0 && errno == EINTR)
      continue;
    if (size < 0)
      throw Failure("cannot read {}: {}", path.string(), std::strerror(errno));
    if (size == 0) // it has shrunk meanwhile
      break;
    done += static_cast<std::size_t>(size);
  }
  content.resize(done);
  return content;
}

bool write_all(int file, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::write(file, bytes.data(), bytes.size());
    if (size < 0 && errno != EINTR)
      return false;
    if (size > 0)
      bytes = bytes.subspan(static_cast<std::size_t>(size));
  }
  return true;
}

mode_t mode_for(const std::filesystem::path& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) == 0)
    return status.st_mode & 07777;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

} // namespace

std::string read_text(const std::filesystem::path& path) {
  return read_file<std::string>(path);
}

std::vector<std::byte> read_bytes(const std::filesystem::path& path) {
  return read_file<std::vector<std::byte>>(path);
}

void replace_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  std::string name = path.string() + ".XXXXXX";
  const FileDescriptor file(::mkostemp(name.data(), O_CLOEXEC));
  if (!file)
    throw Failure("cannot write {}: {}", path.string(), std::strerror(errno));
  if (!write_all(file.get(), bytes) || ::fchmod(file.get(), mode_for(path)) != 0 ||
      ::rename(name.c_str(), path.c_str()) != 0) {
    const int code = errno;
    ::unlink(name.c_str());
    throw Failure("cannot write {}: {}", path.string(), std::strerror(code));
  }
}

void replace_file(const std::filesystem::path& path, std::string_view text) {
  replace_file(path, std::as_bytes(std::span(text)));
}

std::string_view last_lines(std::string_view text, std::size_t count) {
  while (text.ends_with('\n'))
    text.remove_suffix(1);
  std::size_t start = text.size();
  for (; count > 0; --count) {
    const std::size_t newline = start == 0 ? std::string_view::npos : text.rfind('\n', start - 1);
    if (newline == std::string_view::npos)
      return text;
    start = newline;
  }
  return text.substr(std::min(start + 1, text.size()));
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "skerry-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw Failure("cannot make a temporary folder {}: {}", name, std::strerror(errno));
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

} // namespace skerry
