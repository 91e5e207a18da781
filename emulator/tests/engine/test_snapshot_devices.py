"""No device keeps anything from a snapshot: random register traffic, back again, and all goes as it went before.

TINYSIM_LONG=n: n rounds.
"""

from __future__ import annotations

import os
import random
from typing import Any

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from busy_devices import set_to_work
from test_fuzz_devices import BLOCK_BYTES, blocks_of, random_offset, random_value

from tinysim.engines.native import NativeEngine
from tinysim.platform import Platform, load_platform

ROUNDS = int(os.environ.get("TINYSIM_LONG") or 0) or 20
STEPS_TICKS = (0, 1, 31, 32, 512, 15_625, 512_000)
COMMON_OFFSETS = (*range(0x100, 0x180, 4), 0x200, 0x300)
FIRST_OWN_OFFSET = 0x400


@pytest.fixture(scope="module")
def platform() -> Platform:
    return load_platform("nrf52840")


def traffic(core: Any, rng: random.Random, blocks: list[int], writes: int) -> None:
    """Register accesses and host inputs on a few blocks, and time passing between them."""
    few = rng.sample(blocks, 6)
    for _ in range(writes):
        block, offset = rng.choice(few), random_offset(rng)
        if offset < (0x300 if block >> 28 == 5 else BLOCK_BYTES):
            core.bus_write(block + offset, random_value(rng, blocks))
        core.advance_ticks(rng.choice(STEPS_TICKS))
    core.serial_write("uart0", rng.randbytes(3))
    core.drive("gpio0", rng.randrange(32), rng.random() < 0.5)


def all_registers(core: Any, blocks: list[int]) -> list[int]:
    offsets = (*COMMON_OFFSETS, *range(FIRST_OWN_OFFSET, BLOCK_BYTES, 4))
    return [
        core.bus_read(block + offset)
        for block in blocks
        for offset in (range(0, 0x300, 4) if block >> 28 == 5 else offsets)
    ]


def future(core: Any, seed: int, blocks: list[int]) -> tuple[list[int], bytes]:
    """What time and more traffic make of the machine."""
    rng = random.Random(seed)
    seen = []
    for ticks in (40, 3_000, 90_000, 700_000, 5_120_000):
        core.advance_ticks(ticks)
        seen += all_registers(core, blocks)
    traffic(core, rng, blocks, 20)
    core.advance_ticks(512_000)
    return seen, bytes(core.snapshot())


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_the_future_is_the_same_after_a_restore(platform: Platform, seed: int) -> None:
    rng = random.Random(seed)
    blocks = blocks_of(platform)
    core, other = NativeEngine(platform)._core, NativeEngine(platform)._core
    set_to_work(core, rng, platform)
    traffic(core, rng, blocks, rng.choice((0, 5, 100)))
    snapshot = core.snapshot()
    expected = future(core, seed, blocks)
    for machine in (core, other):
        set_to_work(machine, rng, platform)
        traffic(machine, rng, blocks, 20)
    for machine in (core, other):
        machine.restore(snapshot)
        assert bytes(machine.snapshot()) == bytes(snapshot)
        assert future(machine, seed, blocks) == expected


def test_a_state_that_does_not_fit_changes_nothing(platform: Platform) -> None:
    core = NativeEngine(platform)._core
    traffic(core, random.Random(5), blocks_of(platform), 200)
    before = core.snapshot()
    flat = bytes(before)
    values_bytes = int.from_bytes(flat[:8], "little")
    cut = (values_bytes - 40).to_bytes(8, "little") + flat[8 : values_bytes - 32] + flat[8 + values_bytes :]
    with pytest.raises(ValueError, match=r"does not fit this machine: in 'record', it is cut short"):
        core.restore(type(before).from_bytes(cut))
    with pytest.raises(ValueError, match="cut short"):
        type(before).from_bytes(flat[:-1])
    assert bytes(core.snapshot()) == flat
