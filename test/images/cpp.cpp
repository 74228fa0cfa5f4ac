// SPDX-License-Identifier: Apache-2.0
// One line for each part of C++ that it uses, always the same: format, print, iostreams,
// exceptions, containers, clocks, thread_local, and static objects that live exactly as long as
// they should.
#include <algorithm>
#include <chrono>
#include <expected>
#include <format>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <print>
#include <ranges>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace {

/// Announces its life; printf's buffer is flushed after the last destructor.
class Announced {
public:
  explicit Announced(const char* name) : name_(name) { std::printf("construct %s\n", name_); }
  Announced(const Announced&) = delete;
  Announced& operator=(const Announced&) = delete;
  ~Announced() { std::printf("destroy %s\n", name_); }

private:
  const char* name_;
};

Announced first("first");
Announced second("second");
thread_local int per_thread = 40;

void show_text() {
  std::println("format {:>6.2f} {:#x} {:?}", 3.14159, 255, "quoted\n");
  std::cout << "iostream " << std::setw(5) << std::setfill('0') << 42 << ' ' << std::hexfloat << 0.5
            << std::endl;
  std::istringstream input("1 2 3");
  int sum = 0;
  for (int value = 0; input >> value;)
    sum += value;
  std::println("istringstream {}", sum);
}

void show_containers() {
  std::vector<int> numbers(10'000);
  std::ranges::generate(numbers, [next = 10'000]() mutable { return --next; });
  std::ranges::sort(numbers);
  std::map<std::string, int> words;
  for (const int number : numbers | std::views::take(20))
    ++words[std::format("{}", number % 3)];
  std::unordered_map<int, std::string> table;
  for (int i = 0; i < 1000; ++i)
    table.emplace(i, std::string(100, 'x'));
  std::println("containers {} {} {} {}", numbers[9'999], words["0"], words.size(), table.size());
}

std::expected<int, std::string> half(int value) {
  if (value % 2 != 0)
    return std::unexpected("odd");
  return value / 2;
}

void show_vocabulary() {
  std::variant<int, std::string> either = "text";
  std::optional<int> nothing;
  std::println("vocabulary {} {} {} {}", std::get<std::string>(either), nothing.value_or(7),
               half(10).value(), half(3).error());
}

[[gnu::noinline]] int fail(int depth) {
  const std::unique_ptr<int> unwound = std::make_unique<int>(depth);
  if (depth == 0)
    throw std::out_of_range("thrown through ten frames");
  return fail(depth - 1) + *unwound;
}

void show_exceptions() {
  try {
    fail(10);
  } catch (const std::logic_error& error) {
    std::println("exception {}", error.what());
  }
  try {
    (void)std::vector<int>(3).at(5);
  } catch (const std::exception&) {
    std::println("exception of the library");
  }
}

void show_clocks() {
  using namespace std::chrono;
  const auto before = steady_clock::now();
  auto after = before;
  while (after == before)
    after = steady_clock::now();
  constexpr sys_days in_the_past = 2024y / January / 1;
  std::println("steady clock goes forward {}", after > before);
  std::println("system clock is past 2024 {}", system_clock::now() > in_the_past);
}

} // namespace

int main() {
  static Announced local("local");
  show_text();
  show_containers();
  show_vocabulary();
  show_exceptions();
  show_clocks();
  per_thread += 2;
  std::println("thread_local {}", per_thread);
  return 0;
}
