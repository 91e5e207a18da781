"""All at once: random code on device addresses, interrupts of all lines, pins, buttons, serial input, a random stream.

The host never crashes or hangs, and the run is repeated exactly by a second machine. TINYSIM_LONG=n: n rounds.
"""

from __future__ import annotations

import os
import random

import numpy as np
import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from fuzz_guest import RAM, RAM_BYTES, TICKS, put_guest, run_slice
from test_fuzz_devices import VALUES, blocks_of, random_offset, random_value

from tinysim._core import Machine as Core
from tinysim.engines.native import NativeEngine
from tinysim.platform import Platform, load_platform

ROUNDS = int(os.environ.get("TINYSIM_LONG") or 0) or 20
SLICES = 24
SYSTEM_CONTROL = (0xE000_E010, 0xE000_E100, 0xE000_E200, 0xE000_E400, 0xE000_ED00, 0xE000_ED90, 0xE000_EF00)
INTENSET, FIRST_IRQ = 0x304, 16
STREAM_SAMPLES = 64


@pytest.fixture(scope="module")
def platform() -> Platform:
    return load_platform("nrf52840")


def random_address(rng: random.Random, blocks: list[int]) -> int:
    """Registers of devices and of the core, places in RAM; small numbers and pointers as values."""
    kind = rng.random()
    if kind < 0.5:
        return rng.choice(blocks) + random_offset(rng)
    if kind < 0.6:
        return rng.choice(SYSTEM_CONTROL) + 4 * rng.randrange(16)
    return rng.choice((RAM + 4 * rng.randrange(0x4000), rng.choice(VALUES), rng.getrandbits(32)))


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
        block = rng.choice([at for at in blocks if at >> 28 == 4])
        core.bus_write(block + INTENSET, 0xFFFF_FFFF)
        for task in range(0, 0x40, 4):
            core.bus_write(block + task, 1)
    else:
        for _ in range(20):
            core.bus_write(rng.choice(blocks) + random_offset(rng) % 0x300, random_value(rng, blocks))


def play_round(platform: Platform, seed: int) -> Core:
    """One machine from power-on to the end."""
    rng = random.Random(seed)
    core = NativeEngine(platform)._core
    blocks = blocks_of(platform)
    play_noise(core, rng)
    put_guest(core, rng, [random_address(rng, blocks) for _ in range(256)])
    for _ in range(SLICES):
        disturb(core, rng, blocks)
        run_slice(core, rng.randrange(TICKS // 16, TICKS // 2), stop_on_newline=rng.random() < 0.3)
    core.settle()
    return core


def state_of(core: Core) -> tuple[object, ...]:
    return core.now, core.instructions, core.registers, core.peek(RAM, RAM_BYTES), core.gaps(), core.counters


def one_round(platform: Platform, seed: int) -> None:
    """As scripts/fuzz.py runs it, too."""
    assert state_of(play_round(platform, seed)) == state_of(play_round(platform, seed))


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_random_machine_runs_twice_the_same(platform: Platform, seed: int) -> None:
    one_round(platform, seed)


def test_code_runs_and_interrupts_come(platform: Platform) -> None:
    """A guest that locks up at once would test nothing."""
    cores = [play_round(platform, seed) for seed in range(9)]
    assert sorted(core.instructions for core in cores)[4] > 10_000
    assert len({int(number) for core in cores for number in core.exceptions()["number"] if number >= FIRST_IRQ}) > 10
