// SPDX-License-Identifier: Apache-2.0
// Builds what a program finds on its first stack, and goes there (System V ABI, AMD64, 3.4.1).
#include <core/log.hpp>
#include <hal/context.hpp>
#include <kernel/application.hpp>
#include <kernel/command_line.hpp>
#include <kernel/image.hpp>
#include <kernel/image_options.hpp>
#include <kernel/random.hpp>
#include <mm/address_space.hpp>
#include <mm/user_copy.hpp>

#include <array>
#include <elf.h>

extern "C" void __skerry_application_start(long* stack);

namespace skerry::kernel {
namespace {

/// What Linux gives by default (RLIMIT_STACK); only what is touched costs memory.
constexpr std::size_t main_stack_size = 8_MiB;
constexpr std::array<std::string_view, 3> own_variables = {"PATH=/bin", "HOME=/", "LANG=C.UTF-8"};
/// As many as skerry_image() takes, those of the command line, and ours.
constexpr std::size_t max_variables = 2 * CommandLine::max_words + own_variables.size();

/// NAME=VALUE words in which each name stands once: what is set later replaces what was there.
class Environment {
public:
  void set(std::string_view variable) {
    const std::string_view name = variable.substr(0, variable.find('=') + 1);
    for (std::string_view& present : words()) {
      if (present.starts_with(name)) {
        present = variable;
        return;
      }
    }
    if (count_ < words_.size()) {
      words_[count_++] = variable;
    }
  }
  [[nodiscard]] std::span<std::string_view> words() { return std::span(words_).first(count_); }

private:
  std::array<std::string_view, max_variables> words_{};
  std::size_t count_ = 0;
};

Environment make_environment() {
  Environment result;
  for (const std::string_view variable : own_variables) {
    result.set(variable);
  }
  for (const char* const* variable = __skerry_image_options.environment; *variable != nullptr;
       ++variable) {
    result.set(*variable);
  }
  for (const std::string_view variable : command_line().variables()) {
    result.set(variable);
  }
  return result;
}

/// Grows down from the top of the new stack, as a loader fills it.
class StackBuilder {
public:
  explicit StackBuilder(mm::VirtualAddress top) : at_(top) {}

  /// Puts bytes below what is there and returns their address.
  [[nodiscard]] Result<std::uint64_t> push_bytes(std::span<const std::byte> bytes,
                                                 std::size_t alignment = 1) {
    at_ = mm::VirtualAddress(align_down((at_ - bytes.size()).value(), alignment));
    TRY(mm::copy_out(at_, bytes));
    return at_.value();
  }

  [[nodiscard]] Result<std::uint64_t> push_text(std::string_view text) {
    const char zero = '\0';
    TRY(push_bytes(std::as_bytes(std::span(&zero, 1))));
    return push_bytes(std::as_bytes(std::span(text)));
  }

private:
  mm::VirtualAddress at_;
};

/// The vector of words that starts with argc.
class Words {
public:
  void add(std::uint64_t word) { words_[count_++] = word; }
  void add_pair(std::uint64_t type, std::uint64_t value) {
    add(type);
    add(value);
  }
  [[nodiscard]] std::span<const std::byte> bytes() const {
    return std::as_bytes(std::span(words_).first(count_));
  }

private:
  // argc, arguments, environment, two ends, a dozen pairs.
  std::array<std::uint64_t, CommandLine::max_words + max_variables + 40> words_{};
  std::size_t count_ = 0;
};

/// Sixteen bytes for the C library's canary and pointer guard. Without any source of randomness
/// they stay as weak as what the stack's own place gives; boot has warned of it.
std::array<std::byte, 16> bytes_for_canary(std::uint64_t fallback) {
  using Bytes = std::array<std::byte, 16>;
  if (const auto bytes = random_value<Bytes>()) {
    return *bytes;
  }
  const std::uint64_t words[2] = {fallback * 0x9e37'79b9'7f4a'7c15,
                                  ~fallback * 0xbf58'476d'1ce4'e5b9};
  return std::bit_cast<Bytes>(words);
}

void add_auxiliary_vector(Words& words, std::uint64_t random) {
  const std::uint64_t base = image_base().value();
  const auto& header = *image_base().as_pointer<const Elf64_Ehdr>();
  words.add_pair(AT_PHDR, base + header.e_phoff);
  words.add_pair(AT_PHENT, header.e_phentsize);
  words.add_pair(AT_PHNUM, header.e_phnum);
  words.add_pair(AT_PAGESZ, mm::page_size);
  words.add_pair(AT_CLKTCK, 100);
  words.add_pair(AT_UID, 0);
  words.add_pair(AT_EUID, 0);
  words.add_pair(AT_GID, 0);
  words.add_pair(AT_EGID, 0);
  words.add_pair(AT_SECURE, 0);
  words.add_pair(AT_RANDOM, random);
  words.add_pair(AT_NULL, 0);
}

Result<std::uint64_t> build_stack(mm::VirtualAddress top) {
  StackBuilder stack(top);
  Words words;
  const auto arguments = command_line().service_arguments();
  words.add(1 + arguments.size());
  words.add(TRY(stack.push_text(program_name)));
  for (const std::string_view argument : arguments) {
    words.add(TRY(stack.push_text(argument)));
  }
  words.add(0);
  Environment environment = make_environment();
  for (const std::string_view variable : environment.words()) {
    words.add(TRY(stack.push_text(variable)));
  }
  words.add(0);
  add_auxiliary_vector(words, TRY(stack.push_bytes(bytes_for_canary(top.value()), 16)));
  return stack.push_bytes(words.bytes(), 16);
}

} // namespace

void for_each_argument(void (*visit)(std::string_view word, void* context), void* context) {
  visit(program_name, context);
  for (const std::string_view argument : command_line().service_arguments()) {
    visit(argument, context);
  }
}

void for_each_variable(void (*visit)(std::string_view word, void* context), void* context) {
  Environment environment = make_environment();
  for (const std::string_view variable : environment.words()) {
    visit(variable, context);
  }
}

Result<> run_application() {
  const mm::VirtualAddress bottom =
      TRY(mm::application_space().lock()->map({.size_bytes = main_stack_size,
                                               .access = hal::Access::read_write,
                                               .no_reserve = true,
                                               .is_stack = true,
                                               .name = "main stack"}));
  const std::uint64_t stack = TRY(build_stack(bottom + main_stack_size));
  const auto entry = reinterpret_cast<std::uintptr_t>(&__skerry_application_start);
  hal::enter_application(mm::VirtualAddress(entry), mm::VirtualAddress(stack), stack);
}

} // namespace skerry::kernel
