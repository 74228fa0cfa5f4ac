// SPDX-License-Identifier: Apache-2.0
// `skerry new`; see the header.
#include "command/new_project.hpp"

#include "command/layout.hpp"
#include "support/failure.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <print>
#include <string>
#include <string_view>

namespace skerry::command {
namespace {

constexpr std::string_view cmake_template = R"(cmake_minimum_required(VERSION 3.25)
project(@NAME@ LANGUAGES CXX)
add_executable(@NAME@ main.cpp)
target_compile_features(@NAME@ PRIVATE cxx_std_23)
if(SKERRY)
  skerry_image(@NAME@ MEMORY 32M NETWORK dhcp)
endif()
)";

constexpr std::string_view source_template =
    R"(// @NAME@: tells everybody who connects to port 80 how long it runs.
#include <chrono>
#include <cstdio>
#include <netinet/in.h>
#include <print>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

int main() {
  const int listener = socket(AF_INET6, SOCK_STREAM, 0);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6; // IPv4 comes here too
  address.sin6_port = htons(80);
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener, 64) != 0) {
    std::perror("port 80");
    return 1;
  }
  std::println("listening on port 80");
  std::fflush(stdout);
  const auto start = std::chrono::steady_clock::now();
  for (;;) {
    const int client = accept(listener, nullptr, nullptr);
    if (client < 0) {
      std::perror("accept");
      return 1;
    }
    char request[2048];
    if (recv(client, request, sizeof request, 0) > 0) {
      const std::chrono::duration<double> up = std::chrono::steady_clock::now() - start;
      const std::string body = std::format("@NAME@ has been up for {:.3f} s\n", up.count());
      const std::string reply = std::format("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                                            "Content-Length: {}\r\nConnection: close\r\n\r\n{}",
                                            body.size(), body);
      send(client, reply.data(), reply.size(), MSG_NOSIGNAL);
    }
    close(client);
  }
}
)";

constexpr std::string_view readme_template = R"(# @NAME@

A service that contains its own operating system, made with Skerry.

    skerry run .                     # boots it in QEMU
    curl http://localhost:8080/      # what it says
    skerry build .                   # prints the image's path

It is an ordinary CMake project too: `cmake -B build && cmake --build build` makes a Linux program.
)";

bool is_target_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto is_part = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  };
  // CMake keeps some words for itself.
  constexpr std::string_view taken[] = {"all", "clean", "help", "install", "test", "package"};
  return !name.empty() && name.size() <= 64 && is_letter(name.front()) &&
         std::ranges::all_of(name, is_part) && !std::ranges::contains(taken, name);
}

std::string fill(std::string_view text, std::string_view name) {
  constexpr std::string_view mark = "@NAME@";
  std::string result(text);
  for (std::size_t at = 0; (at = result.find(mark, at)) != std::string::npos; at += name.size())
    result.replace(at, mark.size(), name);
  return result;
}

void write(const std::filesystem::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file)
    throw Failure("{}: cannot be written: {}", path.string(), std::strerror(errno));
}

void fill_folder(const std::filesystem::path& folder, std::string_view name) {
  write(folder / "CMakeLists.txt", fill(cmake_template, name));
  write(folder / "main.cpp", fill(source_template, name));
  write(folder / "README.md", fill(readme_template, name));
}

} // namespace

int new_project(const std::filesystem::path& folder) {
  const auto whole = std::filesystem::absolute(folder).lexically_normal();
  const std::string name = whole.has_filename() ? whole.filename() : whole.parent_path().filename();
  if (!is_target_name(name))
    throw Failure(
        "new {}: \"{}\" cannot name a service; expected a letter, then letters, digits, _ "
        "- . (64 at most), and no word of CMake's such as test",
        folder.string(), name);
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::symlink_status(whole, error)))
    throw Failure("new {}: it exists already; expected a folder that can be made", folder.string());
  if (!std::filesystem::create_directories(whole, error) && error)
    throw Failure("new {}: {}", folder.string(), error.message());
  try {
    fill_folder(whole, name);
  } catch (...) {
    std::filesystem::remove_all(whole, error);
    throw;
  }
  std::println("{} is begun. Boot it: {} run {}", name, in_source_tree() ? "./skerry" : "skerry",
               folder.string());
  return 0;
}

} // namespace skerry::command
