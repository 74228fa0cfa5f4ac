// SPDX-License-Identifier: Apache-2.0
// Answers one connection with as many bytes as its first line says, does not close it, and ends as
// the line says: `4096 return`, `exit`, `kill` or `restart`. A second connection stays untouched.
#include <skerry/system.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <sstream>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace {

std::string read_line(int client) {
  std::string line;
  for (char letter = 0; read(client, &letter, 1) == 1 && letter != '\n';) {
    line += letter;
  }
  return line;
}

/// The bytes count up, so that a lost part shows.
void answer(int client, std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t at = 0; at < size; ++at) {
    text[at] = static_cast<char>('a' + at % 26);
  }
  for (std::size_t sent = 0; sent < size;) {
    const ssize_t part = send(client, text.data() + sent, size - sent, MSG_NOSIGNAL);
    if (part <= 0) {
      std::perror("last_words: send");
      std::_Exit(1);
    }
    sent += static_cast<std::size_t>(part);
  }
}

void finish(const std::string& how) {
  if (how == "kill") {
    (void)kill(getpid(), SIGKILL);
  } else if (how == "restart") {
    skerry::reboot();
  } else if (how == "exit") {
    std::thread([] { std::_Exit(3); }).join();
  }
}

} // namespace

int main() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(7);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener, 8) != 0) {
    std::perror("last_words");
    return 1;
  }
  std::puts("last_words: listening");
  std::fflush(stdout);
  const int other = accept(listener, nullptr, nullptr);
  const int client = accept(listener, nullptr, nullptr);
  if (other < 0 || client < 0) {
    std::perror("last_words: accept");
    return 1;
  }
  std::istringstream words(read_line(client));
  std::size_t size = 0;
  std::string how;
  words >> size >> how;
  answer(client, size);
  finish(how);
}
