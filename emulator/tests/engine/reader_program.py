"""A program for any STM32 that reads one word: what a bare chip answers, without firmware."""

from __future__ import annotations

import struct
from pathlib import Path

from tinysim.machine import Machine

FLASH, SRAM = 0x0800_0000, 0x2000_0000
_STACK_BYTES = 0x8000
_RUN_S = 0.0001


def word_read(machine: Machine, folder: Path, address: int) -> int:
    """Load it, run it for 100 us, and return what was read at `address`."""
    code = (0x4802, 0x6801, 0x4A02, 0x6011, 0xE7FE, 0xBF00)  # ldr, ldr, ldr, str, b .: to the start of SRAM1
    image = folder / "reader.bin"
    image.write_bytes(struct.pack("<II6HII", SRAM + _STACK_BYTES, FLASH + 9, *code, address, SRAM))
    machine.load(image, address=FLASH)
    machine.run_for(_RUN_S)
    return int.from_bytes(machine.read_memory(SRAM, 4), "little")
