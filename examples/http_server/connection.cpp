// SPDX-License-Identifier: Apache-2.0
// Requests in, answers out (RFC 9112). Bodies of requests are not read: a request that has one is
// answered and the connection is closed.
#include "connection.hpp"

#include "page.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr std::string_view end_of_header = "\r\n\r\n";

bool same_ignoring_case(std::string_view left, std::string_view right) {
  return left.size() == right.size() && strncasecmp(left.data(), right.data(), left.size()) == 0;
}

/// The value of a header field, without blanks around it; empty when the request has none.
std::string_view field(std::string_view request, std::string_view name) {
  std::size_t line = request.find("\r\n");
  while (line != std::string_view::npos) {
    line += 2;
    const std::size_t end = request.find("\r\n", line);
    std::string_view text = request.substr(line, end - line);
    const std::size_t colon = text.find(':');
    if (colon != std::string_view::npos && same_ignoring_case(text.substr(0, colon), name)) {
      text.remove_prefix(colon + 1);
      while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
      }
      while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
      }
      return text;
    }
    line = end;
  }
  return {};
}

bool wants_keep_alive(std::string_view request, bool is_1_1) {
  const std::string_view connection = field(request, "Connection");
  return is_1_1 ? !same_ignoring_case(connection, "close")
                : same_ignoring_case(connection, "keep-alive");
}

bool has_body(std::string_view request) {
  const std::string_view length = field(request, "Content-Length");
  return (!length.empty() && length != "0") || !field(request, "Transfer-Encoding").empty();
}

} // namespace

Connection::~Connection() {
  close(descriptor_);
}

bool Connection::fill_input() {
  const ssize_t size = recv(descriptor_, input_ + input_size_, sizeof input_ - input_size_, 0);
  if (size > 0) {
    input_size_ += static_cast<std::size_t>(size);
    return true;
  }
  return size < 0 && (errno == EAGAIN || errno == EINTR);
}

bool Connection::flush_output() {
  while (sent_ < output_size_) {
    const ssize_t size = send(descriptor_, output_ + sent_, output_size_ - sent_, MSG_NOSIGNAL);
    if (size < 0) {
      return errno == EAGAIN || errno == EINTR;
    }
    sent_ += static_cast<std::size_t>(size);
  }
  output_size_ = 0;
  sent_ = 0;
  return true;
}

void Connection::respond(std::string_view status, std::string_view body, bool with_body) {
  const int size = std::snprintf(output_ + output_size_, sizeof output_ - output_size_,
                                 "HTTP/1.1 %.*s\r\nContent-Type: text/plain; charset=utf-8\r\n"
                                 "Content-Length: %zu\r\n%s\r\n%.*s",
                                 static_cast<int>(status.size()), status.data(), body.size(),
                                 keep_alive_ ? "" : "Connection: close\r\n",
                                 with_body ? static_cast<int>(body.size()) : 0, body.data());
  output_size_ += static_cast<std::size_t>(size);
}

void Connection::answer(std::string_view request) {
  const std::string_view line = request.substr(0, request.find("\r\n"));
  const bool is_1_1 = line.ends_with(" HTTP/1.1");
  if (!is_1_1 && !line.ends_with(" HTTP/1.0")) {
    keep_alive_ = false;
    respond("400 Bad Request", "This is no HTTP/1 request.\n", true);
    return;
  }
  keep_alive_ = wants_keep_alive(request, is_1_1) && !has_body(request);
  const bool head = line.starts_with("HEAD ");
  if (!head && !line.starts_with("GET ")) {
    respond("405 Method Not Allowed\r\nAllow: GET, HEAD", "Only GET and HEAD.\n", true);
    return;
  }
  char page[page_bytes];
  respond("200 OK", write_page(page), !head);
}

void Connection::answer_requests() {
  std::size_t start = 0;
  while (keep_alive_ && sizeof output_ - output_size_ >= answer_bytes) {
    const std::string_view waiting(input_ + start, input_size_ - start);
    const std::size_t end = waiting.find(end_of_header);
    if (end == std::string_view::npos) {
      if (start == 0 && input_size_ == sizeof input_) {
        keep_alive_ = false;
        respond("431 Request Header Fields Too Large", "The request is too long.\n", true);
      }
      break;
    }
    answer(waiting.substr(0, end + 2));
    start += end + end_of_header.size();
  }
  input_size_ -= start;
  std::memmove(input_, input_ + start, input_size_);
}

bool Connection::advance() {
  if (wants_to_write() && !flush_output()) {
    return false;
  }
  if (!wants_to_write() && input_size_ < sizeof input_ && !fill_input()) {
    return false;
  }
  answer_requests();
  if (!flush_output()) {
    return false;
  }
  return keep_alive_ || wants_to_write();
}
