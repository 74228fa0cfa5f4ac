// SPDX-License-Identifier: Apache-2.0
// What the calls of the table get: an argument that is right, and absurd ones of its kind.
#pragma once

#include <string>
#include <vector>

namespace errors {

struct Value {
  std::string name;
  long value = 0;
};

struct Argument {
  long right = 0;
  const std::vector<Value>* absurd = nullptr;
};

struct Call {
  const char* name;
  long number;
  std::vector<Argument> arguments;
};

/// What the arguments refer to: descriptors of every kind below `first_free`, memory, and files in
/// a folder of tmpfs, which is the working directory.
struct World {
  static constexpr int first_free = 20;
  static constexpr std::size_t buffer_bytes = 4096;

  explicit World(const char* where);
  /// Makes files, working directory and descriptors as they were before a call.
  void restore();

  std::string folder;
  int file = 0;
  int copy = 0; ///< another file
  int directory = 0;
  int pipe_read = 0;
  int pipe_write = 0;
  int epoll = 0;
  int event = 0;
  int timer = 0;
  int tcp = 0;
  int udp = 0;
  int listener = 0;
  int local = 0; ///< one end of a socketpair
  int peer = 0;  ///< the other
  int signals = 0;
  int memory = 0; ///< memfd_create()

  char* buffer = nullptr; ///< ends where nothing may be touched
  char* page = nullptr;   ///< a mapping of one page of its own
  std::vector<Value> descriptors;
  std::vector<Value> pointers;
  std::vector<Value> wild_pointers; ///< without null, which may mean something
  std::vector<Value> sizes;
  std::vector<Value> numbers;
  std::vector<Value> paths;
};

/// Every call of the table.
std::vector<Call> table(const World& world);

} // namespace errors
