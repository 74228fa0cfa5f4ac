// SPDX-License-Identifier: Apache-2.0
// The folder in which a test runs; see the header.
#include "folder.hpp"

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::_Exit(125);
}

void write_file(const TestFile& file) {
  const int descriptor = open(file.name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (descriptor < 0 ||
      write(descriptor, file.bytes, file.size_bytes) != static_cast<ssize_t>(file.size_bytes))
    give_up(file.name);
  close(descriptor);
}

} // namespace

void enter_folder_of(const Test& test) {
  char path[] = "/tmp/test-XXXXXX";
  if ((mkdir("/tmp", 0777) != 0 && access("/tmp", W_OK) != 0) || mkdtemp(path) == nullptr ||
      chdir(path) != 0)
    give_up(path);
  for (unsigned long index = 0; index < test.file_count; ++index)
    write_file(test.files[index]);
}
