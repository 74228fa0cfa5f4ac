# SPDX-License-Identifier: Apache-2.0
# gdb finds the image at its random place: from the first instruction on, and when it runs.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

succeed("${CMAKE_COMMAND}" -G Ninja -S "${TREE}/examples/hello" -B "${WORK}/hello"
  --toolchain "${SDK}/cmake/toolchain.cmake" -DCMAKE_BUILD_TYPE=Debug)
succeed("${CMAKE_COMMAND}" --build "${WORK}/hello")
set(image "${WORK}/hello/hello")

# QEMU is gdb's own child here, so nothing needs a port.
file(WRITE "${WORK}/commands" "set confirm off
set pagination off
target remote | exec qemu-system-x86_64 -machine q35 -cpu max -m 64 -nodefaults -display none -no-reboot -S -kernel ${image} -gdb stdio -device isa-debug-exit,iobase=0xf4,iosize=0x04
skerry-start
info symbol $rip
break main
continue
backtrace 1
symbol-file
file ${image}
skerry-symbols
info symbol $rip
python
try:
  gdb.execute('kill')
except gdb.error:
  pass # QEMU was gone before it had answered
end
")
succeed(gdb --batch -nx "${image}" -x "${SDK}/lib/skerry/skerry_gdb.py" -x "${WORK}/commands")
expect_words("${out}" "skerry_kernel_entry in section .text")
expect_words("${out}" "#0  main (")
string(REGEX MATCHALL "image at 0xffff[0-9a-f]+" bases "${out}")
list(LENGTH bases count)
expect_equal("${count}" 2)
list(REMOVE_DUPLICATES bases)
list(LENGTH bases count)
expect_equal("${count}" 1)
string(REGEX MATCHALL "main[^\n]* in section .text" places "${out}")
list(LENGTH places count)
expect_equal("${count}" 1)
