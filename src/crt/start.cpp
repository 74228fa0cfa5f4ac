// SPDX-License-Identifier: Apache-2.0
// The one piece of an image that lies outside the kernel object and calls the C library: the
// kernel enters it on the main thread's application stack.
extern "C" {

/// An image always has a TLS segment: musl computes a wild size from an empty one.
[[gnu::used, gnu::retain]] thread_local long __skerry_tls_anchor = 1;

/// Names this image among the things that can register destructors (Itanium C++ ABI, 3.3.6).
[[gnu::visibility("hidden"), gnu::used]] void* __dso_handle = nullptr;

int main(int, char**, char**);

// musl, src/env/__libc_start_main.c: the last three arguments are not used in a static image.
[[noreturn]] void __libc_start_main(int (*)(int, char**, char**), int, char**, void (*)(),
                                    void (*)(), void (*)());

/// `stack` points to what the System V ABI puts on a new program's stack: argc, then argv.
[[noreturn, gnu::no_stack_protector]] void __skerry_application_start(long* stack) {
  __libc_start_main(main, static_cast<int>(stack[0]), reinterpret_cast<char**>(stack + 1), nullptr,
                    nullptr, nullptr);
}
}
