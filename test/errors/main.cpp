// SPDX-License-Identifier: Apache-2.0
// Makes every call of the table with right arguments and with each absurd one, and prints what came
// of it. Runs on Linux and as an image: the answers are to be the same.
#include "arguments.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <unistd.h>

namespace errors {
namespace {

struct Name {
  int error;
  const char* text;
};

constexpr Name names[] = {
    {EPERM, "EPERM"},
    {ENOENT, "ENOENT"},
    {ESRCH, "ESRCH"},
    {EINTR, "EINTR"},
    {EIO, "EIO"},
    {ENXIO, "ENXIO"},
    {E2BIG, "E2BIG"},
    {EBADF, "EBADF"},
    {ECHILD, "ECHILD"},
    {EAGAIN, "EAGAIN"},
    {ENOMEM, "ENOMEM"},
    {EACCES, "EACCES"},
    {EFAULT, "EFAULT"},
    {EBUSY, "EBUSY"},
    {EEXIST, "EEXIST"},
    {EXDEV, "EXDEV"},
    {ENODEV, "ENODEV"},
    {ENOTDIR, "ENOTDIR"},
    {EISDIR, "EISDIR"},
    {EINVAL, "EINVAL"},
    {EMFILE, "EMFILE"},
    {ENOTTY, "ENOTTY"},
    {EFBIG, "EFBIG"},
    {ENOSPC, "ENOSPC"},
    {ESPIPE, "ESPIPE"},
    {EROFS, "EROFS"},
    {EMLINK, "EMLINK"},
    {EPIPE, "EPIPE"},
    {EDOM, "EDOM"},
    {ERANGE, "ERANGE"},
    {ENAMETOOLONG, "ENAMETOOLONG"},
    {ENOSYS, "ENOSYS"},
    {ENOTEMPTY, "ENOTEMPTY"},
    {ELOOP, "ELOOP"},
    {EOVERFLOW, "EOVERFLOW"},
    {ENOTSOCK, "ENOTSOCK"},
    {EDESTADDRREQ, "EDESTADDRREQ"},
    {EMSGSIZE, "EMSGSIZE"},
    {EPROTOTYPE, "EPROTOTYPE"},
    {ENOPROTOOPT, "ENOPROTOOPT"},
    {EPROTONOSUPPORT, "EPROTONOSUPPORT"},
    {ESOCKTNOSUPPORT, "ESOCKTNOSUPPORT"},
    {EOPNOTSUPP, "EOPNOTSUPP"},
    {EAFNOSUPPORT, "EAFNOSUPPORT"},
    {EADDRINUSE, "EADDRINUSE"},
    {EADDRNOTAVAIL, "EADDRNOTAVAIL"},
    {ENETUNREACH, "ENETUNREACH"},
    {EISCONN, "EISCONN"},
    {ENOTCONN, "ENOTCONN"},
    {ETIMEDOUT, "ETIMEDOUT"},
    {ECONNREFUSED, "ECONNREFUSED"},
    {EALREADY, "EALREADY"},
    {EINPROGRESS, "EINPROGRESS"},
};

const char* name_of(int error) {
  for (const Name& name : names)
    if (name.error == error)
      return name.text;
  return std::strerror(error);
}

void make(World& world, const Call& call, const char* which, std::size_t changed, long value) {
  world.restore();
  long arguments[6]{};
  for (std::size_t at = 0; at < call.arguments.size(); ++at)
    arguments[at] = at == changed ? value : call.arguments[at].right;
  errno = 0;
  const long result = syscall(call.number, arguments[0], arguments[1], arguments[2], arguments[3],
                              arguments[4], arguments[5]);
  const int error = errno;
  std::printf("%s %s: %s\n", call.name, which, result == -1 ? name_of(error) : "ok");
}

void make_all(World& world, const Call& call) {
  make(world, call, "right", 6, 0);
  for (std::size_t at = 0; at < call.arguments.size(); ++at) {
    if (call.arguments[at].absurd == nullptr)
      continue;
    for (const Value& value : *call.arguments[at].absurd) {
      const std::string which = std::to_string(at + 1) + "=" + value.name;
      make(world, call, which.c_str(), at, value.value);
    }
  }
}

} // namespace
} // namespace errors

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "no folder; expected %s FOLDER, of tmpfs\n", words[0]);
    return 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::signal(SIGPIPE, SIG_IGN);
  errors::World world(words[1]);
  for (const errors::Call& call : errors::table(world))
    errors::make_all(world, call);
  std::puts("all calls were made");
}
