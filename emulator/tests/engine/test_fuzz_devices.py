"""Random register traffic never crashes or hangs the host, whatever it does to the guest. TINYSIM_LONG=n: n rounds."""

from __future__ import annotations

import contextlib
import os
import random

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")
from tinysim.engines.native import NativeEngine
from tinysim.platform import Platform, load_platform

ROUNDS = int(os.environ.get("TINYSIM_LONG") or 0) or 30
WRITES = 400
RAM = 0x2000_0000
# Values that mean something to many registers: enables, small counts, RAM pointers, keys, event and task addresses.
VALUES = (
    0, 1, 2, 3, 4, 5, 6, 8, 9, 0x10, 0x20, 0xFF, 0xFFFF, 0xFFFF_FFFF, RAM, RAM + 0x3_FFF0, 0x6E52_4635, 0x0680_0000,
)  # fmt: skip
BLOCK_BYTES = 0x1000
STM32_BOARDS = ("stm32f429i_disc1", "nucleo_f446re", "b_l475e_iot01a", "nucleo_l4r5zi")
STM32_GATES = {"F4": range(0x30, 0x48, 4), "L4": range(0x48, 0x64, 4)}  # RCC's AHB1ENR to APB2ENR
PWR_DBP = 0x100
STM32_VALUES = (*VALUES, 0x7F, 0x7FFF, 0x0101_0101, 0x8000_0000, 0xCA, 0x53)
STM32_TICKS = (0, 1, 31, 50_000, 512_000, 5_000_000, 100_000_000, 4_000_000_000)  # up to a millisecond


def blocks_of(platform: Platform) -> list[int]:
    return [
        place.address for device in platform.devices for place in device.registrations if place.address < 0xE000_0000
    ]


def random_value(rng: random.Random, blocks: list[int]) -> int:
    kind = rng.random()
    if kind < 0.6:
        return rng.choice(VALUES)
    if kind < 0.8:
        return rng.choice(blocks) + rng.choice((0, 0x100)) + 4 * rng.randrange(32)
    return 1 << rng.randrange(32) if kind < 0.9 else rng.getrandbits(32)


def random_offset(rng: random.Random) -> int:
    kind = rng.random()
    if kind < 0.35:
        return 4 * rng.randrange(32)  # tasks
    if kind < 0.5:
        return rng.choice((0x200, 0x300, 0x304, 0x308, 0x500, 0x500, 0x504, 0x508, 0x510))
    return rng.choice((0x100, 0x400, 0x500, 0x500, 0x700, 0x800)) + 4 * rng.randrange(64)


@pytest.fixture(scope="module")
def platform() -> Platform:
    return load_platform("nrf52840")


def one_round(platform: Platform, seed: int) -> None:
    """As scripts/fuzz.py runs it, too."""
    rng = random.Random(seed)
    core = NativeEngine(platform)._core
    blocks = blocks_of(platform)
    few = rng.sample(blocks, 6)
    for _ in range(WRITES):
        block, offset = rng.choice(few), random_offset(rng)
        region_bytes = 0x300 if block >> 28 == 5 else BLOCK_BYTES
        if offset >= region_bytes:
            continue
        if rng.random() < 0.8:
            core.bus_write(block + offset, random_value(rng, blocks))
        else:
            core.bus_read(block + offset)
        core.advance_ticks(rng.choice((0, 1, 31, 32, 512, 15_625, 512_000)))


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_random_register_traffic_never_crashes_the_core(platform: Platform, seed: int) -> None:
    one_round(platform, seed)


def stm32_round(board: str, seed: int) -> None:
    """One in four blocks at most, with all gates of RCC open and the backup domain writable."""
    rng = random.Random(seed)
    platform = load_platform(board)
    core = NativeEngine(platform)._core
    places = {each.name: each.registrations[0].address for each in platform.devices if each.registrations}
    for offset in STM32_GATES["L4" if "_l4" in board else "F4"]:
        core.bus_write(places["rcc"] + offset, 0xFFFF_FFFF)
    core.bus_write(places["pwr"], PWR_DBP)
    blocks = blocks_of(platform)
    few = rng.sample(blocks, 4)
    for _ in range(WRITES):
        address = rng.choice(few) + 4 * rng.randrange(rng.choice((8, 16, 32, 64, 192)))
        bits = 1 << rng.randrange(32) | 1 << rng.randrange(32) | 1
        value = rng.choice((rng.choice(STM32_VALUES), random_value(rng, blocks), bits))
        with contextlib.suppress(ValueError):  # behind the end of a small block
            if rng.random() < 0.85:
                core.bus_write(address, value)
            else:
                core.bus_read(address)
        core.advance_ticks(rng.choice(STM32_TICKS))


@pytest.mark.parametrize("seed", range((ROUNDS + 4) // 5))
@pytest.mark.parametrize("board", STM32_BOARDS)
def test_random_register_traffic_of_an_stm32_never_crashes_the_core(board: str, seed: int) -> None:
    stm32_round(board, seed)
