// SPDX-License-Identifier: Apache-2.0
// The part in C++.
extern "C" void tell();

int main() {
  tell();
}
