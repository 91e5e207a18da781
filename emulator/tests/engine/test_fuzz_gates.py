"""RCC's gates that open and close while blocks work never crash or hang the host. TINYSIM_LONG=n: n rounds."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from typing import Any

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")
from test_fuzz_devices import PWR_DBP, STM32_BOARDS, STM32_GATES

from tinysim.engines.native import NativeEngine
from tinysim.platform import Platform, load_platform

ROUNDS = int(os.environ.get("TINYSIM_LONG") or 0) or 12
STEPS = 250
RAM = 0x2000_0000
TICKS = (0, 0, 31, 5_000, 512_000, 5_000_000, 100_000_000, 4_000_000_000)  # up to a millisecond

Writes = Sequence[tuple[int, Sequence[int]]]  # register offset, the values to choose from; in this order

RTC: Writes = (
    (0x24, (0xCA,)), (0x24, (0x53,)), (0x0C, (0x80,)), (0x10, (0x3_0003,)), (0x0C, (0,)), (0x40, (1, 0x4800)),
)  # fmt: skip

WORK: dict[str, Writes] = {
    "STM32_Timer": [
        (0x28, (0, 3)), (0x2C, (9, 100, 5_000)), (0x34, (4, 50)), (0x18, (0, 0x68, 0x6868, 1, 0x0101)),
        (0x20, (0, 0x1111)), (0x04, (0, 0x20, 0x08)), (0x44, (0, 0x8C10)), (0x50, (0, 1, 2)), (0x0C, (0, 0x5F5F)),
        (0x08, (0, 4, 0x57)), (0x10, (0,)), (0x00, (1, 0x81, 0x61, 9)),
    ],
    "STM32_UART": [(0x08, (0x10, 0x8B)), (0x14, (0, 0xC0)), (0x0C, (0x200C, 0xA02C)), (0x04, (0x55, 0xAA))],
    "STM32F7_USART": [
        (0x0C, (0x10, 0x8B, 0x300)), (0x08, (0, 0xC0)), (0x14, (5,)), (0x00, (0x0D, 0x2000_040D)), (0x28, (0x55, 0xAA)),
    ],
    "STM32SPI": [
        (0x1C, (0, 0, 0xC00, 0xE00, 0xF00)), (0x20, (2, 0x102, 0x305)), (0x04, (0, 3, 0x700)),
        (0x00, (0x344, 0x37C, 0x744, 0x40)), (0x0C, (1, 2)), (0x0C, (3,)),
    ],
    "STM32F4_I2C": [
        (0x04, (16, 0x0710)), (0x1C, (80, 0x8010)), (0x08, (0x4032,)), (0x00, (1, 0x0B, 0x13, 0x23)),
        (0x00, (0x101, 0x109, 0x50B)), (0x10, (0x32, 0x33, 0x80)),
    ],
    "STM32F7_I2C": [
        (0x10, (0x0000_0204, 0x3042_0F13)), (0x08, (0x8032,)), (0x14, (0, 0x8001_8003, 0x9003)),
        (0x00, (1, 0xFF, 0x90_0001)), (0x04, (0x3_2032, 0x3_2432, 0x203_20BE)), (0x28, (1, 2)),
    ],
    "STM32_ADC": [
        (0x08, (1,)), (0x04, (0, 0x120)), (0x2C, (0, 0x10_0000)),
        (0x08, (0x4000_0103, 0x0100_0003, 0x4030_0103, 0x5010_0001)),
    ],
    "STM32_ADC_Common": [(0x04, (0, 0x80_0000, 6, 0x4007))],
    "STM32L4_ADC": [
        (0x08, (0x1000_0000,)), (0x30, (0x40, 0x41)), (0x4C, (0, 0x41, 0x141)),
        (0x0C, (0, 0x2000, 0x2003, 0x8000_0000)), (0x10, (0, 3)), (0x08, (0x1000_0001,)),
        (0x08, (0x1000_0005, 0x1000_000D, 0x9000_0000)),
    ],
    "STM32L4_ADC_Common": [(0x08, (0x1_0000, 0, 0x3_0000))],
    "STM32_DAC": [(0x08, (0x123,)), (0x00, (1, 0x1_0001, 0x1005, 0x10C5, 0x3D)), (0x04, (3,)), (0x08, (0x800,))],
    "STM32_RNG": [(0x00, (4, 0xC))],
    "STM32_SAI": [
        (0x08, (0x7,)), (0x0C, (0x1F,)), (0x10, (0x1_0000, 0xF_0300)), (0x04, (0x40, 0xE0, 0x41, 0x142)),
        (0x44, (1, 0x331)), (0x04, (0x1_0040, 0x1_00E1, 0x11_0042)), (0x1C, (0x55,)), (0x24, (0x1_0040, 0x1_0443)),
    ],
    "STM32_DFSDM": [
        (0x08, (0, 0xC3_F005, 0x41_1010)), (0x00, (0x8002_00A4, 0x8001_00E4, 0xC00F_0084)), (0x20, (0xE4, 0xA5)),
        (0x114, (0x6003_0001, 0xA03F_0003)), (0x104, (0xFF_FF7F, 0x1_0010)), (0x120, (0x1000_0003,)), (0x110, (1, 3)),
        (0x100, (0x1, 0x4000_0001)), (0x100, (0x6006_0001, 0x4002_0013)), (0x200, (0x100_0001, 0x2102_0001)),
    ],
    "STM32L0_LpTimer": [(0x0C, (0, 0xE00, 0x2)), (0x10, (1,)), (0x18, (99, 7)), (0x14, (5,)), (0x10, (5, 3))],
    "STM32DMA": [
        *((base + offset, values) for base in (0x10, 0x28, 0x58, 0x88) for offset, values in (
            (0x04, (8, 200)), (0x08, (0x4000_0024, RAM)), (0x0C, (RAM + 0x100,)),
            (0x00, (0x501, 0x1_2D11, 0xA000_0141, 0x81)),
        )),
    ],
    "STM32LDMA": [
        (0xA8, (0, 0x1111_1111)),
        *((base + offset, values) for base in (0x08, 0x1C, 0x30, 0x58) for offset, values in (
            (0x04, (8, 200)), (0x08, (0x4000_0024, RAM)), (0x0C, (RAM + 0x100,)), (0x00, (0x5A1, 0x21, 0x40E1, 0x1)),
        )),
    ],
    "STM32_DMAMUX": [
        (0x100, (0x1_0000 | 1 << 17, 0x13_0000 | 20)), (0x00, (1, 0x1_0201, 5, 10)), (0x04, (0x7_0002, 24)),
        (0x08, (11, 42)),
    ],
    "STM32F4_RTC": RTC,
    "STM32L4_RTC": RTC,
    "STM32_WindowWatchdog": [(0x04, (0x7F, 0x27F)), (0x00, (0x7F, 0xFF))],
}  # fmt: skip


def step(core: Any, rng: random.Random, places: dict[str, list[int]], gates: list[int]) -> None:
    """One of: a gate or all of a register's, a block set to work, another register of it, a byte for a receiver."""
    kind = rng.random()
    if kind < 0.35:
        gate, bits = rng.choice(gates), rng.choice((1 << rng.randrange(32), rng.getrandbits(32), 0xFFFF_FFFF))
        core.bus_write(gate, core.bus_read(gate) ^ bits if rng.random() < 0.7 else 0xFFFF_FFFF)
    elif kind < 0.5:
        for gate in gates:
            core.bus_write(gate, rng.choice((0, 0xFFFF_FFFF, 0xFFFF_FFFF)))
    elif kind < 0.8:
        block = rng.choice(sorted(places))
        base = rng.choice(places[block])
        for offset, values in WORK[block]:
            core.bus_write(base + offset, rng.choice(values))
            if rng.random() < 0.1:
                core.advance_ticks(rng.choice(TICKS))
    elif kind < 0.95:
        block = rng.choice(sorted(places))
        offset, values = rng.choice(WORK[block])
        base = rng.choice(places[block])
        if rng.random() < 0.5:
            core.bus_write(base + offset, rng.choice((*values, 1 << rng.randrange(32))))
        else:
            core.bus_read(base + offset)


def gates_round(board: str, seed: int) -> None:
    """Eight kinds of blocks at most; now and then other bus clocks."""
    rng = random.Random(seed)
    platform: Platform = load_platform(board)
    core = NativeEngine(platform)._core
    named = {each.name: each.registrations[0].address for each in platform.devices if each.registrations}
    gates = [named["rcc"] + offset for offset in STM32_GATES["L4" if "_l4" in board else "F4"]]
    for gate in gates:
        core.bus_write(gate, 0xFFFF_FFFF)
    core.bus_write(named["pwr"], PWR_DBP)
    places: dict[str, list[int]] = {}
    for device in platform.devices:
        kind = device.type.split(".")[-1]
        if kind in WORK and device.registrations:
            places.setdefault(kind, []).append(device.registrations[0].address)
    places = {kind: places[kind] for kind in rng.sample(sorted(places), 8)}
    serials = [each.name for each in platform.devices if each.type.split(".")[-1] in ("STM32_UART", "STM32F7_USART")]
    for _ in range(STEPS):
        step(core, rng, places, gates)
        if rng.random() < 0.05:
            core.bus_write(named["rcc"] + 8, rng.choice((0, 0x80, 0xF0, 0x9400)))
        if rng.random() < 0.1:
            core.serial_write(rng.choice(serials), rng.randbytes(3))
        core.advance_ticks(rng.choice(TICKS))


@pytest.mark.parametrize("seed", range((ROUNDS + 3) // 4))
@pytest.mark.parametrize("board", STM32_BOARDS)
def test_gates_that_open_and_close_while_blocks_work_never_crash_the_core(board: str, seed: int) -> None:
    gates_round(board, seed)
