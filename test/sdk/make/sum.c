// SPDX-License-Identifier: Apache-2.0
// The library.
int sum(int left, int right) {
  return left + right;
}
