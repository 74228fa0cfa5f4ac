# Reads `llvm-objdump -d --no-show-raw-insn --no-leading-addr` and fails on an instruction that
# enters a kernel by another way than its doors, or stops the processor.
# SPDX-License-Identifier: Apache-2.0
/^[^ \t].*file format/ { object = $1 }
/>:$/ { place = $NF }
$1 ~ /^(syscall|sysenter|sysret[a-z]*|sysexit[a-z]*|int|int3|into|hlt|cli|sti|iret[a-z]*)$/ {
  print "forbidden instruction '" $0 "' in " place " of " object
  bad = 1
}
END { exit bad }
