"""A guest for the fuzzers that no fault ends: random code whose fault handler goes on elsewhere with other registers.

Without it random code locks up after five instructions. Flash: vectors, handlers, random code, a table of 256 values
that the handler loads registers from. The handler (all system exceptions) takes the next number of a linear
congruential generator in RAM; by it it sets r0 to r3, r8, r9, r12 and a new pc in flash or RAM, enables and pends
interrupts by its bits, enables the FPU, and returns to thread mode. An interrupt's handler disables the interrupt,
or is random code.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from tinysim._core import Machine as Core

FLASH_BYTES, RAM, RAM_BYTES = 0x8000, 0x2000_0000, 0x1_0000
STOPS = {"time", "deadlock", "lockup", "fault", "host"}
TICKS = 512_000  # a millisecond
HANDLERS, DISABLE, TABLE, SEED = 0x100, 0x1B8, 0x7000, RAM + 0x3_0000
FIRST_CODE = 0x400
SYSTEM_VECTORS, VECTORS = 16, 64
# Assembled from: ldr sp, =RAM + 0xff00; r5 = *SEED = *SEED * 1664525 + 1013904223; r7 = TABLE; r0..r3, r12, r8, r9 =
# r7[(r5 >> 8, 10, 12, 14, 16, 18, 20) & 255]; pc = FIRST_CODE + (r5 >> 17 & 0x3ffe), in RAM if r5 bit 11; a frame of
# r0..r3, r12, lr = pc, pc, xPSR = T; CCR = NONBASETHRDENA; CPACR = 0xf00000; ISER0, ISER1 = r5, ~r5; ISPR0 = ISPR1 =
# r5 & r5 << 7 & r5 >> 3; bx 0xfffffff9.
# DISABLE: n = ipsr - 16; ICER[n / 32] = 1 << n % 32; bx lr.
HANDLER_CODE = bytes.fromhex(
    "dff89cd0274c2568274e06fb05f5274e354425604ff4e047c5f3072657f82600c5f3872657f82610"
    "c5f3073657f82620c5f3873657f82630c5f3074657f826c0c5f3874657f82680c5f3075657f82690"
    "c5f34d4626f0010606f580662c0548bf46f0005688b08de80f10059606964ff0807407940e4f0126"
    "3e604ff470067e670c4f3d606fea05067e6005eac51606ead506c7f80061c7f804616ff0060e7047"
    "00ff0020000003200d6619005ff36e3c14ed00e000e100e0eff30580103800f01f01400901228a40"
    "014941f82020704780e100e0"
)


def random_image(rng: random.Random, size: int) -> bytes:
    """Halfwords with a lean to 32-bit encodings; few branches leave the image."""
    halfwords: list[int] = []
    while len(halfwords) < size // 2:
        kind = rng.random()
        if kind < 0.4:
            halfwords.append(rng.randrange(0x0000, 0xE000))
        elif kind < 0.9:
            halfwords += [rng.randrange(0xE800, 0x1_0000), rng.getrandbits(16)]
        else:
            halfwords.append(rng.getrandbits(16))
    return b"".join(value.to_bytes(2, "little") for value in halfwords[: size // 2])


def put_guest(core: Core, rng: random.Random, table: Sequence[int]) -> None:
    """Fill flash and RAM, and reset into the handler; `table` are the 256 values that registers get."""
    core.poke(0, random_image(rng, FLASH_BYTES))
    core.poke(RAM, random_image(rng, RAM_BYTES))
    core.poke(SEED, rng.randbytes(4))
    core.poke(HANDLERS, HANDLER_CODE)
    core.poke(TABLE, words(table))
    recover = HANDLERS | 1
    handlers = (recover, DISABLE | 1, DISABLE | 1, DISABLE | 1, FIRST_CODE | 1, RAM + 0x800 | 1)
    interrupts = [rng.choice(handlers) for _ in range(VECTORS - SYSTEM_VECTORS)]
    core.poke(0, words([RAM + 0xFF00, *([recover] * (SYSTEM_VECTORS - 1)), *interrupts]))
    core.power_on(0)


def words(values: Sequence[int]) -> bytes:
    return b"".join(value.to_bytes(4, "little") for value in values)


def run_slice(core: Core, ticks: int, *, stop_on_newline: bool = False) -> None:
    """Run; what stopped for good is reset, as a debugger would. Random code may have rewritten all of the guest."""
    stop = core.run(core.now + ticks, stop_on_newline)
    assert stop in STOPS
    if stop in ("lockup", "deadlock", "fault"):
        core.power_on(0)
