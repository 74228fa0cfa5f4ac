// SPDX-License-Identifier: Apache-2.0
// A client over libcurl and mbedTLS, as they are upstream, against openssl's server: whom it
// believes.
#include "private_network.hpp"
#include "served.hpp"
#include "support/file.hpp"
#include "support/process.hpp"

#include <gmock/gmock.h>

namespace skerry::test {
namespace {

constexpr const char* page = "a page that came by a way nobody could read\n";

/// openssl's server with one of the certificates of make_certificates.sh, and a name server that
/// tells where server.test is.
class Server {
public:
  explicit Server(const std::string& certificate, std::vector<std::string> more = {})
      : process_(start(folder_.path(), certificate, std::move(more))),
        names_({.arguments = {"dnsmasq", "--no-daemon", "--conf-file=/dev/null",
                              "--pid-file=", "--user=", "--no-resolv", "--no-hosts",
                              "--bind-interfaces", "--interface=tap0",
                              "--host-record=server.test,10.0.0.1", "--local=/test/"},
                .output = Stream::null,
                .error = Stream::null}) {
    const Deadline deadline = deadline_in(patience);
    while (!answers())
      if (std::chrono::steady_clock::now() > deadline)
        throw std::runtime_error("openssl's server does not answer");
  }

private:
  static Process start(const std::filesystem::path& folder, const std::string& certificate,
                       std::vector<std::string> more) {
    replace_file(folder / "page.txt", std::string_view(page));
    const auto pem = image("https_get").parent_path() / "../https_get-certificates" / certificate;
    std::vector<std::string> words{"openssl", "s_server",
                                   "-accept", "10.0.0.1:443",
                                   "-WWW",    "-quiet",
                                   "-cert",   pem.string() + ".pem",
                                   "-key",    pem.string() + "-key.pem"};
    words.insert(words.end(), more.begin(), more.end());
    return Process({.arguments = std::move(words),
                    .directory = folder,
                    .output = Stream::null,
                    .error = Stream::null});
  }

  static bool answers() {
    return run_client({"curl", "-sk", "--max-time", "5", "https://10.0.0.1/page.txt"}).output ==
           page;
  }

  TemporaryFolder folder_;
  Process process_;
  Process names_;
};

class HttpsGet : public testing::Test {
protected:
  void SetUp() override {
    if (const std::string trouble = enter_private_network(); !trouble.empty())
      GTEST_SKIP() << trouble;
  }

  static Outcome get(const std::string& url) {
    return boot(Way::q35, "https_get", "quiet ip=10.0.0.2/24,,10.0.0.1 -- " + url,
                use_private_network);
  }
};

TEST_F(HttpsGet, FetchesFromWhoeverProvesHisName) {
  const Server server("right");
  const Outcome by_name = get("https://server.test/page.txt https://10.0.0.1/page.txt");
  EXPECT_EQ(by_name.status, 0) << by_name;
  EXPECT_THAT(by_name, Shows(std::string(page) + page));
}

TEST_F(HttpsGet, SpeaksTls12And13) {
  for (const char* version : {"-tls1_2", "-tls1_3"}) {
    const Server server("right", {version});
    const Outcome outcome = get("https://server.test/page.txt");
    EXPECT_EQ(outcome.status, 0) << version << ": " << outcome;
    EXPECT_THAT(outcome, Shows(page));
  }
}

TEST_F(HttpsGet, BelievesNobodyElse) {
  for (const char* certificate : {"expired", "elsewhere", "stranger"}) {
    const Server server(certificate);
    const Outcome outcome = get("https://server.test/page.txt");
    EXPECT_EQ(outcome.status, 1) << certificate << ": " << outcome;
    EXPECT_THAT(outcome, testing::Not(Shows(page)));
    EXPECT_THAT(outcome, Shows("https_get: https://server.test/page.txt: SSL peer certificate"));
  }
}

TEST_F(HttpsGet, SaysWhatDoesNotWork) {
  const Server server("right");
  const Outcome unknown = get("https://unknown.test/");
  EXPECT_EQ(unknown.status, 1) << unknown;
  EXPECT_THAT(unknown, Shows("Could not resolve hostname"));
  const Outcome refused = get("https://server.test:444/");
  EXPECT_EQ(refused.status, 1) << refused;
  EXPECT_THAT(refused, Shows("Could not connect to server"));
  const Outcome plain = get("http://server.test/");
  EXPECT_EQ(plain.status, 1) << plain;
  EXPECT_THAT(plain, Shows("Unsupported protocol"));
  const Outcome none = get("");
  EXPECT_EQ(none.status, 2) << none;
}

} // namespace
} // namespace skerry::test
