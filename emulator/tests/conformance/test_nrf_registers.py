"""Every nRF block of the core against the vendor's SVD: registers, reset values, events, tasks, and honest gaps.

What a block does otherwise than the SVD on purpose stands in `nrf_register_exceptions.py`, with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from nrf_register_exceptions import GAPS, RESETS, UNDOCUMENTED
from register_probe import ask_lines
from svd_registers import Register, peripherals, svd_archive

COMMON_OFFSETS = {0x200, 0x300, 0x304, 0x308}  # SHORTS, INTEN, INTENSET, INTENCLR
SLOT_BYTES = 0x1000

pytestmark = pytest.mark.skipif(svd_archive() is None, reason="the SVD files of pyocd cannot be fetched")


@dataclass(frozen=True)
class Block:
    """A type of the .repl, one address and parameters that it stands at, and the SVD peripherals that it models."""

    type: str
    address: int
    svd: tuple[str, ...]
    parameters: tuple[str, ...] = ()
    absent: str = r"UNUSED"  # registers that the SVD lists and this instance lacks (PS: number of channels)
    absent_interrupts: int = 0
    absent_shorts: int = 0

    @property
    def registers(self) -> Iterable[tuple[str, Register]]:
        for name in self.svd:
            base, registers = peripherals()[name]
            for each in registers:
                if re.search(self.absent, each.name):
                    continue
                offset = base + each.offset - self.address
                yield name, Register(each.name, offset, each.access, each.reset, each.fields)


BLOCKS = [
    Block("Miscellaneous.NRF_CLOCK", 0x40000000, ("CLOCK", "POWER")),
    Block("Miscellaneous.NRF52840_FICR", 0x10000000, ("FICR",)),
    Block("Miscellaneous.NRF52840_UICR", 0x10001000, ("UICR",)),
    Block("MTD.NRF52840_NVMC", 0x4001E000, ("NVMC",)),
    Block("Miscellaneous.NRF52840_RNG", 0x4000D000, ("RNG",)),
    Block("Sensors.NRF52840_TEMP", 0x4000C000, ("TEMP",)),
    Block("Timers.NRF52840_Watchdog", 0x40010000, ("WDT",)),
    Block("UART.NRF52840_UART", 0x40002000, ("UART0", "UARTE0"), ("easyDMA=1",)),
    Block("I2C.NRF52840_TWI_TWIM", 0x40003000, ("TWI0", "TWIM0")),
    Block("GPIOPort.NRF52840_GPIO", 0x50000500, ("P0",)),
    Block("GPIOPort.NRF52840_GPIOTasksEvents", 0x40006000, ("GPIOTE",)),
    Block("Timers.NRF52840_Timer", 0x40008000, ("TIMER0",), ("numberOfEvents=4",), r"\[[45]\]", 3 << 20, 0x3030),
    Block("Timers.NRF52840_Timer", 0x4001A000, ("TIMER3",), ("numberOfEvents=6",)),
    Block("Timers.NRF52840_RTC", 0x4000B000, ("RTC0",), ("numberOfEvents=3",), r"\[3\]", 1 << 19),
    Block("Timers.NRF52840_RTC", 0x40011000, ("RTC1",), ("numberOfEvents=4",)),
    Block("Miscellaneous.NRF52840_EGU", 0x40014000, ("EGU0",)),
    Block("Miscellaneous.NRF52840_PPI", 0x4001F000, ("PPI",)),
]
each_block = pytest.mark.parametrize("block", BLOCKS, ids=lambda block: "+".join(block.svd))


def ask(block: Block, commands: Iterable[str]) -> list[tuple[int, bool]]:
    """Run commands on a fresh device; the answers as (value, is a gap). Skips when the type is not there yet."""
    lines = ask_lines(block.type, block.address, block.parameters, commands)
    return [(int(value), gap == "1") for value, gap in (line.split() for line in lines)]


def answers(block: Block, registers: list[Register], command: str) -> list[tuple[int, bool]]:
    return ask(block, [f"{command} {each.offset:#x}" for each in registers])


def is_event(register: Register) -> bool:
    return register.name.startswith("EVENTS_")


@each_block
def test_readable_registers_have_the_reset_value_of_the_svd(block: Block) -> None:
    named = [(name, each) for name, each in block.registers if each.readable]
    wrong = []
    for (name, each), (value, _) in zip(named, answers(block, [each for _, each in named], "r"), strict=True):
        wanted = RESETS.get((name, each.name), (each.reset, ""))[0]
        factory_word = name == "FICR" and each.reset == 0xFFFFFFFF
        if wanted is not None and value != wanted and not factory_word:
            wrong.append(f"{name}.{each.name} at {each.offset:#x} is {value:#x}, expected {wanted:#x}")
    assert wrong == []


@each_block
def test_readable_registers_are_modelled_or_named_gaps(block: Block) -> None:
    named = [(name, each) for name, each in block.registers if each.readable]
    got = answers(block, [each for _, each in named], "r")
    gaps = {f"{name}.{each.name}" for (name, each), (_, gap) in zip(named, got, strict=True) if gap}
    assert gaps == {gap for gap in GAPS if gap.partition(".")[0] in block.svd and not _is_task(gap)}


@each_block
def test_every_event_can_be_set_and_cleared(block: Block) -> None:
    events = [(name, each) for name, each in block.registers if is_event(each)]
    places = [f"{each.offset:#x}" for _, each in events]
    got = ask(block, [step for at in places for step in (f"w {at} 1", f"r {at}", f"w {at} 0")])[1::3]
    assert [f"{name}.{each.name}" for (name, each), (value, _) in zip(events, got, strict=True) if value != 1] == []


@each_block
def test_every_task_is_offered_to_the_ppi(block: Block) -> None:
    tasks = [(name, each) for name, each in block.registers if "TASKS_" in each.name]
    tasks = [(name, each) for name, each in tasks if each.offset < 0x100]
    got = [ask(block, [f"t {each.offset:#x}"])[0] for _, each in tasks]
    missing = {f"{name}.{each.name}" for (name, each), (value, _) in zip(tasks, got, strict=True) if value != 1}
    assert missing == {gap for gap in GAPS if gap.partition(".")[0] in block.svd and _is_task(gap)}


@each_block
def test_interrupt_enable_bits_are_those_of_the_svd(block: Block) -> None:
    enables = [each for _, each in block.registers if each.name == "INTENSET"]
    if not enables:
        pytest.skip("no interrupts")
    wanted = 0
    for each in enables:
        wanted |= each.fields & ~block.absent_interrupts
    got = ask(block, ["w 0x304 0xFFFFFFFF", "r 0x304", "w 0x308 0xFFFFFFFF", "r 0x308"])
    assert (f"{got[1][0]:#x}", got[3][0]) == (f"{wanted:#x}", 0)


@each_block
def test_shorts_are_those_of_the_svd(block: Block) -> None:
    shorts = [each.fields & ~block.absent_shorts for _, each in block.registers if each.name == "SHORTS"]
    if not shorts:
        pytest.skip("no SHORTS")
    wanted = 0
    for each in shorts:
        wanted |= each
    assert hex(ask(block, ["w 0x200 0xFFFFFFFF", "r 0x200"])[1][0]) == hex(wanted)


@each_block
def test_offsets_that_the_svd_does_not_know_are_gaps(block: Block) -> None:
    known = {each.offset for _, each in block.registers} | COMMON_OFFSETS
    for base, registers in peripherals().values():  # other modes of the slot, e.g. SPI beside TWI
        known |= {each.offset for each in registers if base == block.address}
    if "UICR" in block.svd:
        pytest.skip("UICR is memory throughout")
    size = 0x300 if "P0" in block.svd else SLOT_BYTES
    tasks = range(0 if {"P0", "FICR"} & set(block.svd) else 0x100)
    unknown = [offset for offset in range(0, size, 4) if offset not in known]
    got = ask(block, [f"w {offset:#x} 1" if offset in tasks else f"r {offset:#x}" for offset in unknown])
    pretended = [hex(offset) for offset, (_, gap) in zip(unknown, got, strict=True) if not gap]
    assert pretended == UNDOCUMENTED.get(block.svd[0], [])


def _is_task(name: str) -> bool:
    return ".TASKS_" in name
