// SPDX-License-Identifier: Apache-2.0
// SQLite as it is upstream: its shell, and its own measure of speed, which checks what it did.
#include "machines.hpp"

#include <gmock/gmock.h>

namespace skerry::test {
namespace {

Outcome boot_sqlite(std::string_view image_name, const std::string& arguments) {
  return boot(Way::q35, image_name, "quiet -- " + arguments,
              [](vm::Machine& machine) { machine.memory_bytes = std::uint64_t{128} << 20; });
}

TEST(Sqlite, KeepsADatabaseOnTmp) {
  const Outcome outcome = boot_sqlite(
      "sqlite3", "/tmp/data \"create table t(a, b); with recursive c(x) as (select 1 union all "
                 "select x + 1 from c where x < 20000) insert into t select x, hex(x * x) from c; "
                 "create index i on t(b); begin; delete from t; rollback; delete from t where "
                 "a % 3 = 0; vacuum; pragma integrity_check; select count(*), sum(a) from t;\"");
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("ok\n13334|133346667\n"));
}

TEST(Sqlite, KeepsAWriteAheadLog) {
  const Outcome outcome =
      boot_sqlite("sqlite3", "/tmp/data \"pragma journal_mode = wal; create table t(a); insert "
                             "into t values(1), (2); pragma wal_checkpoint; insert into t "
                             "values(3); pragma integrity_check; select sum(a) from t;\"");
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("wal\n0|3|3\nok\n6\n"));
}

TEST(Sqlite, ComesToTheResultsOfLinux) {
  const Outcome outcome = boot_sqlite("speedtest1", "--size 5 --verify /tmp/data");
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("PRAGMA integrity_check"));
  // Of all rows that its queries gave, as a build for Linux prints it.
  EXPECT_THAT(outcome, Shows("Verification Hash: 826556 "
                             "2ef302098d252181c4cb98b84a8a332a8e98506910393697\n"));
}

} // namespace
} // namespace skerry::test
