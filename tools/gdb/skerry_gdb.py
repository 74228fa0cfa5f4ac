# SPDX-License-Identifier: Apache-2.0
"""Commands for gdb on an image that runs in QEMU.

    gdb IMAGE -x skerry_gdb.py -ex 'target remote :1234'

    skerry-start           from the first instruction to the kernel's first one at its final place,
                           with symbols there: breakpoints by name hold from here on
    skerry-symbols [BASE]  loads the symbols where a running image lies, which is another place on
                           each boot; BASE is found by itself once interrupts are set up
"""

import gdb
import re
import struct

LINKED_BASE = 0x100000
PAGE = 4096
UPPER_HALF = 1 << 63
LARGEST_IMAGE_PAGES = 1 << 16
ELF_MAGIC = b"\x7fELF"


def image_path():
    name = gdb.current_progspace().filename
    if name is None:
        for objfile in gdb.objfiles():
            name = objfile.filename
            break
    if name is None:
        raise gdb.GdbError("no image is loaded; start gdb with its path: gdb IMAGE")
    return name


def read(address, size):
    return bytes(gdb.selected_inferior().read_memory(address, size))


def handler_address():
    """Where the handler of interrupt 0 lies: in the image's text (Intel SDM 3A, 6.14.1)."""
    registers = gdb.execute("monitor info registers", to_string=True)
    found = re.search(r"IDT=\s*([0-9a-f]+)\s+([0-9a-f]+)", registers)
    if found is None:
        raise gdb.GdbError("QEMU did not tell where the interrupt table lies")
    table = int(found.group(1), 16)
    if table < UPPER_HALF:
        raise gdb.GdbError("the image is not at its place yet; use skerry-start")
    low, _, _, _, middle, high = struct.unpack("<HHBBHI", read(table, 12))
    return low | middle << 16 | high << 32


def find_base():
    """The ELF header stands at the beginning of the text segment."""
    page = handler_address() & ~(PAGE - 1)
    for _ in range(LARGEST_IMAGE_PAGES):
        try:
            if read(page, 4) == ELF_MAGIC:
                return page
        except gdb.MemoryError:
            break
        page -= PAGE
    raise gdb.GdbError("no image lies below the interrupt handlers; give its base")


def load_symbols(base):
    path = image_path()
    gdb.execute("symbol-file", to_string=True)
    gdb.execute(f'symbol-file -o {base - LINKED_BASE:#x} "{path}"', to_string=True)
    print(f"image at {base:#x}")


class Symbols(gdb.Command):
    """Loads the image's symbols where it lies: skerry-symbols [BASE]"""

    def __init__(self):
        super().__init__("skerry-symbols", gdb.COMMAND_FILES)

    def invoke(self, argument, from_tty):
        base = int(gdb.parse_and_eval(argument)) if argument else find_base()
        load_symbols(base & (2 * UPPER_HALF - 1))


class Start(gdb.Command):
    """Goes on until the kernel is at its final place, and loads the symbols there"""

    def __init__(self):
        super().__init__("skerry-start", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        jump = gdb.parse_and_eval("(unsigned long)&skerry_enter_upper_half")
        entry = gdb.parse_and_eval("(unsigned long)&skerry_kernel_entry")
        there = gdb.Breakpoint(f"*{int(jump):#x}", gdb.BP_HARDWARE_BREAKPOINT, internal=True)
        gdb.execute("continue", to_string=True)
        there.delete()
        gdb.execute("stepi", to_string=True)
        now = int(gdb.parse_and_eval("(unsigned long)$rip"))
        if now < UPPER_HALF:
            raise gdb.GdbError(f"the guest stopped at {now:#x}, before the image was at its place")
        load_symbols(now - int(entry) + LINKED_BASE)


Symbols()
Start()
