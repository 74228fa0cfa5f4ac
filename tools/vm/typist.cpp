// SPDX-License-Identifier: Apache-2.0
// Types for a guest; see the header.
#include "vm/typist.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace skerry::vm {
namespace {

constexpr char question = 0x11;     // XON
constexpr char end_of_input = 0x04; // Control-D
constexpr char literal = 0x16;      // Control-V
/// What the guest has room for when it asks.
constexpr std::size_t longest_answer = 128;

bool needs_mark(char c) {
  return c == end_of_input || c == literal || c == '\r';
}

/// Waits until `source` or `end` is readable; false for `end`.
bool wait_for(int source, int end) {
  std::array<pollfd, 2> sources{pollfd{.fd = source, .events = POLLIN, .revents = 0},
                                pollfd{.fd = end, .events = POLLIN, .revents = 0}};
  while (::poll(sources.data(), sources.size(), -1) < 0 && errno == EINTR) {
  }
  return sources[1].revents == 0;
}

void write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::write(descriptor, bytes.data(), bytes.size());
    if (size < 0 && errno != EINTR)
      return; // QEMU has ended
    if (size > 0)
      bytes.remove_prefix(static_cast<std::size_t>(size));
  }
}

} // namespace

std::string without_questions(std::string_view bytes, std::size_t& questions) {
  std::string rest(bytes);
  questions += std::erase(rest, question);
  return rest;
}

std::string next_answer(std::string& pending) {
  if (pending.empty())
    return {end_of_input};
  std::string answer;
  std::size_t used = 0;
  while (used < pending.size() && answer.size() + 2 <= longest_answer) {
    const char c = pending[used++];
    if (needs_mark(c))
      answer += literal;
    answer += c;
    if (c == '\n')
      break;
  }
  pending.erase(0, used);
  // The guest waits for the end of a line, or for as much as fits: here the input has paused.
  if (!answer.ends_with('\n') && answer.size() + 2 <= longest_answer)
    answer += end_of_input;
  return answer;
}

Typist::Typist(int input, int console)
    : input_(input), console_(console), questions_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      end_(::eventfd(0, EFD_CLOEXEC)), thread_([this] { work(); }) {}

Typist::~Typist() {
  ::eventfd_write(end_.get(), 1);
  thread_.join();
}

void Typist::answer() {
  ::eventfd_write(questions_.get(), 1);
}

bool Typist::wait_for_question() const {
  if (!wait_for(questions_.get(), end_.get()))
    return false;
  eventfd_t count = 0;
  ::eventfd_read(questions_.get(), &count); // the guest asks again only after an answer
  return true;
}

bool Typist::wait_for_input() const {
  return input_ < 0 || wait_for(input_, end_.get());
}

void Typist::work() const {
  // A QEMU that has ended is no reason to end: write() says so.
  sigset_t broken_pipe;
  ::sigemptyset(&broken_pipe);
  ::sigaddset(&broken_pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  std::string pending;
  while (wait_for_question()) {
    if (pending.empty()) {
      if (!wait_for_input())
        return;
      std::array<char, 4096> buffer;
      const ssize_t size = input_ < 0 ? 0 : ::read(input_, buffer.data(), buffer.size());
      pending.assign(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    }
    write_all(console_, next_answer(pending));
  }
}

} // namespace skerry::vm
