// SPDX-License-Identifier: Apache-2.0
// What KVM is worth on a host that has none, or something else in its place.
#include "vm/kvm_check.hpp"

#include <gtest/gtest.h>

namespace skerry::vm {
namespace {

TEST(KvmCheck, SaysWhatIsWrongWithADeviceThatIsNotThere) {
  EXPECT_EQ(probe_kvm("/dev/no-such-device"), "No such file or directory");
}

TEST(KvmCheck, DoesNotTakeAnotherDeviceForKvm) {
  EXPECT_EQ(probe_kvm("/dev/null"), "it is not KVM");
}

TEST(KvmCheck, AnswersTheSameEachTime) {
  EXPECT_EQ(kvm_trouble(), probe_kvm("/dev/kvm"));
}

} // namespace
} // namespace skerry::vm
