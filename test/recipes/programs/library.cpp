// A walk through the C++ library: what links and runs on Linux links in an image.
// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <format>
#include <fstream>
#include <future>
#include <iostream>
#include <locale>
#include <print>
#include <random>
#include <regex>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace {

std::atomic<int> destroyed;

struct Counted {
  ~Counted() { destroyed++; }
};

thread_local Counted counted;
thread_local int per_thread = 7;

struct Wide {
  long low, high;
};

void check_threads() {
  std::atomic<int> sum = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; i++) {
    threads.emplace_back([&sum, i] {
      [[maybe_unused]] volatile Counted* touch = &counted;
      per_thread = i;
      sum += per_thread;
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(sum == 28 && per_thread == 7 && destroyed == 8);
  std::atomic<Wide> wide(Wide{1, 2}); // 16 bytes: a builtin
  CHECK(wide.load().high == 2);
}

void check_exceptions() {
  auto future = std::async(std::launch::async, []() -> int { throw std::logic_error("far"); });
  std::string what;
  try {
    future.get();
  } catch (const std::logic_error& error) {
    what = error.what();
  }
  CHECK(what == "far");
}

void check_files() {
  std::ofstream("library.txt") << "text\n";
  std::string line;
  std::ifstream("library.txt") >> line;
  CHECK(line == "text" && std::filesystem::file_size("library.txt") == 5);
  CHECK(std::filesystem::remove("library.txt"));
}

void check_text() {
  CHECK(std::format("{:>6.2f}|{:#x}", 3.14159, 255) == "  3.14|0xff");
  CHECK(std::regex_match("skerry-19", std::regex("[a-z]+-[0-9]+")));
  std::ostringstream stream;
  stream.imbue(std::locale::classic());
  stream << 1.5 << ' ' << std::chrono::milliseconds(20);
  CHECK(stream.str() == "1.5 20ms");
  std::println("{:%F}", std::chrono::sys_days(std::chrono::year(2024) / 2 / 29));
}

} // namespace

int main() {
  check_threads();
  check_exceptions();
  check_files();
  check_text();
  CHECK(std::random_device()() != std::random_device()());
}
