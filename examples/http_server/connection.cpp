// SPDX-License-Identifier: Apache-2.0
// Requests in, answers out (RFC 9112). Bodies of requests are not read: a request that has one is
// answered and the connection is closed.
#include "connection.hpp"

#include "page.hpp"
#include "text.hpp"

#include <cerrno>
#include <cstring>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr std::string_view end_of_header = "\r\n\r\n";

bool same_ignoring_case(std::string_view left, std::string_view right) {
  return left.size() == right.size() && strncasecmp(left.data(), right.data(), left.size()) == 0;
}

/// What the server wants to know of a request's header.
struct Header {
  std::string_view connection;
  bool has_body = false;
};

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  return text;
}

void read_field(std::string_view name, std::string_view value, Header& header) {
  if (same_ignoring_case(name, "Connection")) {
    header.connection = value;
  } else if (same_ignoring_case(name, "Content-Length")) {
    header.has_body = header.has_body || value != "0";
  } else if (same_ignoring_case(name, "Transfer-Encoding")) {
    header.has_body = true;
  }
}

/// Reads the lines after the first; each ends with a line feed.
Header read_header(std::string_view lines) {
  Header header;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end + 1);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
      read_field(line.substr(0, colon), without_blanks(line.substr(colon + 1)), header);
    }
  }
  return header;
}

bool wants_keep_alive(const Header& header, bool is_1_1) {
  return is_1_1 ? !same_ignoring_case(header.connection, "close")
                : same_ignoring_case(header.connection, "keep-alive");
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
  Text text({output_ + output_size_, sizeof output_ - output_size_});
  text << "HTTP/1.1 " << status
       << "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " << body.size()
       << (keep_alive_ ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n");
  if (with_body) {
    text << body;
  }
  output_size_ += text.size();
}

void Connection::answer(std::string_view request) {
  const std::size_t end = request.find("\r\n");
  const std::string_view line = request.substr(0, end);
  const bool is_1_1 = line.ends_with(" HTTP/1.1");
  if (!is_1_1 && !line.ends_with(" HTTP/1.0")) {
    keep_alive_ = false;
    respond("400 Bad Request", "This is no HTTP/1 request.\n", true);
    return;
  }
  const Header header = read_header(request.substr(end + 2));
  keep_alive_ = wants_keep_alive(header, is_1_1) && !header.has_body;
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
  if (input_size_ != 0 && start != 0) {
    std::memmove(input_, input_ + start, input_size_);
  }
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
