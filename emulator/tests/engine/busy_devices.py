"""Sets every block of the nRF52840 to work with random parameters, so that a snapshot finds all of them in motion."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from tinysim.platform import Platform

RAM = 0x2000_0000
COUNTS = (3, 7, 20, 100, 900, 5_000, 0xFFF0)
EVENT_COMPARE, EVENT_UART_DONE, EVENT_CHANNEL = 0x140, 0x11C, 0x100
RATES_BAUD, RATES_SCL = (0x01D6_0000, 0x1000_0000), (0x0198_0000, 0x0640_0000)

Writes = Sequence[tuple[int, Sequence[int]]]  # register offset, the values to choose from; in this order

WORK: dict[str, Writes] = {
    "NRF_CLOCK": [(0x518, (0, 1, 2)), (0x00, (0, 1)), (0x08, (1,)), (0x538, (1, 4)), (0x14, (0, 1))],
    "NRF52840_Timer": [
        (0x504, (0, 0, 2)), (0x508, (0, 1, 3)), (0x510, (0, 1, 4, 9)),
        *((0x540 + 4 * channel, COUNTS) for channel in range(4)),
        (0x200, (0, 1, 0x201, 4)), (0x304, (0x0F_0000,)), (0x00, (1,)), (0x08, (0, 1)),
    ],
    "NRF52840_RTC": [
        (0x508, (0, 1, 3)), *((0x540 + 4 * channel, COUNTS) for channel in range(3)),
        (0x344, (0xF_0003, 0x1_0000)), (0x304, (0xF_0003, 0)), (0x00, (1,)),
    ],
    "NRF52840_UART": [
        (0x50C, (6,)), (0x514, (8,)), (0x524, RATES_BAUD), (0x500, (4, 8)),
        (0x534, (RAM,)), (0x538, (5, 40)), (0x544, (RAM + 64,)), (0x548, (3, 50)),
        (0x00, (1,)), (0x08, (1,)), (0x51C, (0x55,)), (0x51C, (0xAA,)), (0x04, (0, 0, 1)),
    ],
    "NRF52840_TWI_TWIM": [
        (0x508, (26,)), (0x50C, (27,)), (0x588, (0x18, 0x19, 0x33)), (0x524, RATES_SCL), (0x500, (5, 6)),
        (0x544, (RAM + 128,)), (0x548, (1, 6)), (0x534, (RAM + 256,)), (0x538, (1, 7)),
        (0x200, (0, 0x80, 0x1000)), (0x08, (0, 1)), (0x00, (0, 1)), (0x51C, (0x28,)),
    ],
    "NRF52840_GPIO": [
        *((0x200 + 4 * pin, (0, 1, 0xC, 0x2_0000, 0x3_000C, 3)) for pin in range(32)), (0x04, (0, 0x5555_5555)),
    ],
    "NRF52840_GPIOTasksEvents": [
        *((0x510 + 4 * channel, [mode | pin << 8 | 3 << 16 for mode in (1, 3) for pin in (2, 13, 37)])
          for channel in range(8)),
        (0x304, (0x8000_00FF,)), (0x00, (1,)), (0x04, (1,)),
    ],
    "NRF52840_EGU": [(0x304, (0xFFFF,)), (0x04, (0, 1))],
    "NRF52840_RNG": [(0x504, (0, 1)), (0x304, (1,)), (0x00, (1,))],
    "NRF52840_TEMP": [(0x524, (0x111, 0x222)), (0x00, (1,))],
    "NRF52840_Watchdog": [
        (0x504, (0x20, 0x8000)), (0x508, (3,)), (0x304, (0, 1)), (0x00, (1,)), (0x600, (0x6E52_4635,)),
    ],
    "NRF52840_NVMC": [(0x504, (1, 2)), (0x540, (0, 1)), (0x51C, (3,)), (0x518, (0x8_0000,))],
}  # fmt: skip


def set_to_work(core: Any, rng: random.Random, platform: Platform) -> None:
    """Start all blocks in random order, and wire some of their events to tasks of others."""
    devices = [
        (device.type.split(".")[-1], device.registrations) for device in platform.devices if device.registrations
    ]
    rng.shuffle(devices)
    places: dict[str, list[int]] = {}
    for kind, registrations in devices:
        base = registrations[0].address
        places.setdefault(kind, []).append(base)
        for offset, values in WORK.get(kind, ()):
            core.bus_write(base + offset, rng.choice(values))
        core.advance_ticks(rng.choice((0, 13, 512, 15_625)))
    timers, clocks, pins = (places[f"NRF52840_{kind}"] for kind in ("Timer", "RTC", "GPIOTasksEvents"))
    events = [base + EVENT_COMPARE + 4 * channel for base in timers + clocks for channel in range(3)]
    events += [base + EVENT_CHANNEL for base in pins] + [base + EVENT_UART_DONE for base in places["NRF52840_UART"]]
    tasks = [base + 4 * task for base in timers for task in (0, 2, 3, 16, 17)] + [base + 8 for base in clocks]
    tasks += [base + 4 * channel for base in pins + places["NRF52840_EGU"] for channel in range(8)]
    for ppi in places["NRF52840_PPI"]:
        for channel in range(20):
            core.bus_write(ppi + 0x510 + 8 * channel, rng.choice(events))
            core.bus_write(ppi + 0x514 + 8 * channel, rng.choice(tasks))
        core.bus_write(ppi + 0x504, 0xF_FFFF)
    core.serial_write("uart0", rng.randbytes(20))
