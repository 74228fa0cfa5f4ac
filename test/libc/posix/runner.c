// SPDX-License-Identifier: Apache-2.0
// main() of an image with many tests: runs the one that its argument names, in a folder of its own.
#include "table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { no_such_test = 125, no_folder = 126 };

int main(int count, char** words) {
  const struct Test* test = tests;
  while (test->name != NULL && (count < 2 || strcmp(test->name, words[1]) != 0))
    ++test;
  if (test->name == NULL)
    return no_such_test;
  char folder[] = "/tmp/test-XXXXXX";
  if ((mkdir("/tmp", 0777) != 0 && access("/tmp", W_OK) != 0) || mkdtemp(folder) == NULL ||
      chdir(folder) != 0) {
    perror(folder);
    return no_folder;
  }
  char* arguments[] = {words[1], NULL};
  errno = 0; // some look whether a call has changed it
  return test->main(1, arguments);
}
