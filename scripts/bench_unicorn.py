"""The comparison side of the benchmark: a bench image on Unicorn without any hook, so with no timing and no bus.

Only what the images need is there: flash (of either chip), RAM, and plain memory where the system control space is
(for CPACR) and NVMC (for the nRF52840's cache switch).
WFI, SysTick and exceptions do not exist here; `interrupts` is timed with bench_without_interrupts = 1 only.
"""

from __future__ import annotations

import resource
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

from elftools.elf.elffile import ELFFile

# The package is only half annotated, so it is taken as untyped.
unicorn = import_module("unicorn")
arm = import_module("unicorn.arm_const")

FLASH_STARTS, FLASH_BYTES = (0x0000_0000, 0x0800_0000), 0x0010_0000
RAM_START, RAM_BYTES = 0x2000_0000, 0x0004_0000
# In the vector table: `until` is not seen at an address that has been translated before.
NEVER_EXECUTED = 0x20
REGISTER_PAGES, PAGE_BYTES = (0xE000_E000, 0x4001_E000), 0x1000  # system control space, NVMC


def user_seconds() -> float:
    """Processor time of this process so far, user part."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


class UnicornRun:
    """One image, loaded; `parameters` are written to the words of these symbols before the start."""

    def __init__(self, image: Path, parameters: dict[str, int]) -> None:
        self.machine = unicorn.Uc(unicorn.UC_ARCH_ARM, unicorn.UC_MODE_THUMB)
        self.machine.ctl_set_cpu_model(arm.UC_CPU_ARM_CORTEX_M4)
        for start in FLASH_STARTS:
            self.machine.mem_map(start, FLASH_BYTES)
        self.machine.mem_map(RAM_START, RAM_BYTES)
        for start in REGISTER_PAGES:
            self.machine.mem_map(start, PAGE_BYTES)
        with image.open("rb") as stream:
            elf = ELFFile(stream)
            vectors: Any = elf.get_section_by_name(".vectors")
            self.vectors = vectors["sh_addr"]
            for segment in elf.iter_segments("PT_LOAD"):
                self.machine.mem_write(segment["p_paddr"], segment.data())
            table: Any = elf.get_section_by_name(".symtab")
            self.symbols = {symbol.name: symbol["st_value"] for symbol in table.iter_symbols()}
        for name, value in parameters.items():
            self.machine.mem_write(self.symbols[name], value.to_bytes(4, "little"))

    def word(self, address: int) -> int:
        return int.from_bytes(bytes(self.machine.mem_read(address, 4)), "little")

    def run(self) -> tuple[int, float]:
        """Runs from the reset handler to bench_done; returns the checksum and the user seconds."""
        self.machine.reg_write(arm.UC_ARM_REG_SP, self.word(self.vectors))
        start = user_seconds()
        self.machine.emu_start(self.word(self.vectors + 4), self.symbols["bench_done"] & ~1)
        return self.word(self.symbols["bench_checksum"]), user_seconds() - start

    def count_instructions(self) -> int:
        """Runs again with a hook on every block and counts, IT-skipped instructions included, since they take a cycle.

        Where the image waits for an interrupt, systick_handler is called, so the count holds for a run with
        interrupts too, if none comes while another is served or the foreground works.
        """
        blocks: Counter[tuple[int, int]] = Counter()
        hook = self.machine.hook_add(unicorn.UC_HOOK_BLOCK, lambda _, start, size, __: blocks.update(((start, size),)))
        self.machine.reg_write(arm.UC_ARM_REG_SP, self.word(self.vectors))
        pc = self.word(self.vectors + 4) & ~1
        while True:
            self.machine.emu_start(pc | 1, self.symbols["bench_done"] & ~1)
            pc = self.machine.reg_read(arm.UC_ARM_REG_PC)
            if pc == self.symbols["bench_done"] & ~1:
                break
            self._call_handler()
        self.machine.hook_del(hook)
        return sum(times * self._instructions_in(start, size) for (start, size), times in blocks.items())

    def _call_handler(self) -> None:
        """systick_handler with the registers kept that an exception entry would stack; the flags are dead at WFI."""
        kept = [arm.UC_ARM_REG_R0 + number for number in (0, 1, 2, 3, 12)] + [arm.UC_ARM_REG_LR]
        values = [self.machine.reg_read(register) for register in kept]
        self.machine.reg_write(arm.UC_ARM_REG_LR, NEVER_EXECUTED | 1)
        self.machine.emu_start(self.symbols["systick_handler"] | 1, NEVER_EXECUTED)
        for register, value in zip(kept, values, strict=True):
            self.machine.reg_write(register, value)

    def _instructions_in(self, start: int, size: int) -> int:
        """Instructions of a block: a first halfword from 0xE800 on has a second (DDI 0403 A5.1)."""
        code = bytes(self.machine.mem_read(start, size))
        count = at = 0
        while at < size:
            at += 4 if code[at + 1] >= 0xE8 else 2
            count += 1
        return count
