"""All at once: random code on device addresses, interrupts of all lines, pins, buttons, serial input, a random stream.

The host never crashes or hangs, and the run is repeated exactly by a second machine. TINYSIM_LONG=n: n rounds.
"""

from __future__ import annotations

import os
import random

import numpy as np
import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from test_fuzz_code import FLASH_BYTES, RAM, RAM_BYTES, STOPS, TICKS, random_image
from test_fuzz_devices import VALUES, blocks_of, random_offset, random_value

from tinysim._core import Machine as Core
from tinysim.engines.native import NativeEngine
from tinysim.platform import Platform, load_platform

ROUNDS = int(os.environ.get("TINYSIM_LONG") or 0) or 20
SLICES = 12
SYSTEM_CONTROL = (0xE000_E010, 0xE000_E100, 0xE000_E200, 0xE000_E400, 0xE000_ED00, 0xE000_ED90, 0xE000_EF00)
CODE, INTENSET = 0x200, 0x304
# Enables all interrupts: ldr r0, =0xE000E100; mvn r1, #0; str r1, [r0]; str r1, [r0, #4]; b over the literal.
ENABLE_ALL = b"".join(
    halfword.to_bytes(2, "little") for halfword in (0x4802, 0xF06F, 0x0100, 0x6001, 0x6041, 0xE001, 0xE100, 0xE000)
)
STREAM_SAMPLES = 64


@pytest.fixture(scope="module")
def platform() -> Platform:
    return load_platform("nrf52840")


def loaded_core(platform: Platform, rng: random.Random) -> Core:
    """Random code in flash and RAM behind a start that enables all interrupts; handlers are anywhere in it."""
    core = NativeEngine(platform)._core
    image = random_image(rng, FLASH_BYTES)
    core.poke(0, image)
    core.poke(RAM, random_image(rng, RAM_BYTES))
    core.poke(CODE, ENABLE_ALL)
    handlers = (CODE | 1, 0x400 | 1, 0x1000 | 1, RAM + 0x800 | 1)
    vectors = [RAM + 0xFF00, CODE | 1, *(rng.choice(handlers) for _ in range(62))]
    core.poke(0, b"".join(vector.to_bytes(4, "little") for vector in vectors))
    play_noise(core, rng)
    core.power_on(0)
    return core


def play_noise(core: Core, rng: random.Random) -> None:
    times = np.cumsum([rng.randrange(1, 4 * TICKS) for _ in range(STREAM_SAMPLES)], dtype=np.int64)
    values = np.array(
        [[rng.randrange(-(1 << 15), 1 << 15) for _ in range(3)] for _ in range(STREAM_SAMPLES)], dtype=np.int32
    )
    core.play("accelerometer", times, values, int(times[-1]) + TICKS)


def disturb(core: Core, rng: random.Random, blocks: list[int]) -> None:
    """What comes from outside between two slices."""
    kind = rng.randrange(5)
    if kind == 0:
        core.serial_write("uart0", rng.randbytes(rng.randrange(1, 40)))
    elif kind == 1:
        rng.choice((core.press, core.release))(f"button{rng.randrange(1, 5)}")
    elif kind == 2:
        core.drive(rng.choice(("gpio0", "gpio1")), rng.randrange(16), rng.random() < 0.5)
    elif kind == 3:
        core.bus_write(rng.choice([at for at in blocks if at >> 28 == 4]) + INTENSET, 0xFFFF_FFFF)
    else:
        for _ in range(20):
            core.bus_write(rng.choice(blocks) + random_offset(rng) % 0x300, random_value(rng, blocks))


def random_registers(rng: random.Random, blocks: list[int]) -> list[int]:
    """Bases in devices, in the core's own registers and in RAM; small numbers and pointers as values."""

    def one() -> int:
        kind = rng.random()
        if kind < 0.5:
            return rng.choice(blocks) + random_offset(rng)
        if kind < 0.6:
            return rng.choice(SYSTEM_CONTROL) + 4 * rng.randrange(16)
        return rng.choice((RAM + 4 * rng.randrange(0x4000), rng.choice(VALUES), rng.getrandbits(32)))

    return [one() for _ in range(13)]


def play_round(platform: Platform, seed: int) -> tuple[object, ...]:
    """One machine from power-on to the end; what it was like then."""
    rng = random.Random(seed)
    core = loaded_core(platform, rng)
    blocks = blocks_of(platform)
    for _ in range(SLICES):
        disturb(core, rng, blocks)
        if rng.random() < 0.7:
            core.registers = random_registers(rng, blocks)
        if rng.random() < 0.2:
            core.set_register(15, rng.choice((CODE + 16, 0x400, RAM + 0x100)))
        assert core.run(core.now + rng.randrange(TICKS // 8, TICKS), rng.random() < 0.3) in STOPS
    core.settle()
    return core.now, core.instructions, core.registers, core.peek(RAM, RAM_BYTES), core.gaps(), core.counters


def one_round(platform: Platform, seed: int) -> None:
    """As scripts/fuzz.py runs it, too."""
    assert play_round(platform, seed) == play_round(platform, seed)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_random_machine(platform: Platform, seed: int) -> None:
    one_round(platform, seed)
