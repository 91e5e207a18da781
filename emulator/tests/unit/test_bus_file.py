"""[bus] of a chip's .toml: slaves and masters, and what is refused by file and name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tinysim.engines.native_numbers import OF_DEVICES, check_section
from tinysim.errors import InputError
from tinysim.platform import load_platform
from tinysim.platform.bus_file import BusSlave
from tinysim.platform.chip_file import ChipFile, parse_chip_file

CHIPS = Path(__file__).resolve().parents[3] / "platforms" / "chips"
SLAVE = 'ram0 = { kind = "ram", at = [0x20000000, 0x800000], size = 0x2000, source = "PS", uncertainty = "V" }'
CLOCKS = '[clocks]\npclk_hz = { value = 16000000, unit = "Hz", source = "PS", uncertainty = "V" }\n'


def chip_with(bus: str) -> ChipFile:
    return parse_chip_file(f'[chip]\nname = "c"\n{CLOCKS}{bus}\n'.encode(), "c.toml")


def test_a_slave_has_all_its_address_ranges() -> None:
    assert chip_with(f"[bus.slaves]\n{SLAVE}").bus.slaves == (
        BusSlave(
            "ram0", "ram", ((0x2000_0000, 0x2000_1FFF), (0x80_0000, 0x80_1FFF)), 0, None, None, "PS", "V"
        ),
    )  # fmt: skip


def test_numbers_of_bus_are_parameters_and_slaves_are_not() -> None:
    text = '[bus]\nround_robin = { value = 1, unit = "flag", source = "RM", uncertainty = "V" }\n'
    chip = chip_with(f"{text}[bus.slaves]\n{SLAVE}")
    assert chip.integers("bus") == {"round_robin": 1}


def test_masters_have_a_priority() -> None:
    text = '[bus.masters]\nuart0 = { value = 5, unit = "priority", source = "PS", uncertainty = "V" }'
    assert chip_with(text).bus.masters == {"uart0": 5}


def slave(changes: str) -> str:
    return f"[bus.slaves]\n{SLAVE}\nx = {{ {changes} }}"


RAM = 'kind = "ram", at = [0x20002000], size = 0x2000'
SOURCED = 'source = "PS", uncertainty = "V"'


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (slave(f'{RAM}, uncertainty = "V"'), "bus.slaves.x"),
        (slave(f'{RAM}, source = " ", uncertainty = "V"'), "bus.slaves.x.source"),
        (slave(f'{RAM}, source = "PS", uncertainty = "sure"'), "bus.slaves.x.uncertainty"),
        (slave(f'kind = "rom", at = [0x20002000], size = 0x2000, {SOURCED}'), "bus.slaves.x.kind"),
        (slave(f'kind = "ram", at = [0x20001000], size = 0x2000, {SOURCED}'), "bus.slaves.x"),
        (slave(f'kind = "ram", at = [0x20002001], size = 0x2000, {SOURCED}'), "bus.slaves.x"),
        (slave(f'kind = "ram", at = [], size = 0x2000, {SOURCED}'), "bus.slaves.x.at"),
        (slave(f'kind = "ram", at = [0xFFFFF000], size = 0x2000, {SOURCED}'), "bus.slaves.x.at"),
        (slave(f'kind = "ram", at = [0x20002000], size = 0, {SOURCED}'), "bus.slaves.x.size"),
        (slave(f"{RAM}, {SOURCED}, block = -1"), "bus.slaves.x.block"),
        (slave(f'{RAM}, {SOURCED}, clock = "pclk_hz"'), "bus.slaves.x.clock"),
        (slave(f'{RAM}, {SOURCED}, behind = "ahb1"'), "bus.slaves.x"),
        (slave(f"{RAM}, {SOURCED}, port = 1"), "bus.slaves.x"),
        ("[bus.slaves]\nram0 = 3", "bus.slaves.ram0"),
        ('[bus.masters]\nuart0 = { value = 5, unit = "priority", uncertainty = "V" }', "bus.masters.uart0"),
        (
            '[bus.masters]\nuart0 = { value = 256, unit = "priority", source = "PS", uncertainty = "V" }',
            "bus.masters.uart0",
        ),
        ('[bus]\nround_robin = { value = 1, unit = "flag", uncertainty = "V" }', "bus.round_robin"),
        ("bus = 1", "bus"),
        ("[bus]\nslaves = 1", "bus.slaves"),
    ],
)
def test_a_bad_entry_is_refused_by_file_and_name(text: str, place: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_chip_file(f'{text}\n[chip]\nname = "c"\n{CLOCKS}'.encode(), "c.toml")
    assert (refused.value.file, refused.value.place) == ("c.toml", place)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("apb_bridge_cycles = { value = 1,", "apb_bridge_cycles = { value = 99,", "bus.apb_bridge_cycles"),
        ("easy_dma_beat_bytes = { value = 1,", "easy_dma_beat_bytes = { value = 0,", "bus.easy_dma_beat_bytes"),
        ("apb_waits_for_edge =", "apb_waits_for_hedge =", "bus.apb_waits_for_hedge"),
    ],
)
def test_the_engine_refuses_numbers_that_the_matrix_does_not_take(old: str, new: str, place: str) -> None:
    toml = (CHIPS / "nrf52840.toml").read_text(encoding="utf-8")
    assert old in toml
    chip = parse_chip_file(toml.replace(old, new).encode(), "c.toml", use=lambda _name, before: before)
    known = {
        name: (0, 16) for name in chip.integers("bus") if name not in ("easy_dma_beat_bytes", "apb_waits_for_hedge")
    }
    with pytest.raises(InputError) as refused:
        check_section(chip, "bus", {**known, **OF_DEVICES})
    assert (refused.value.file, refused.value.place) == ("c.toml", place)


@pytest.mark.parametrize("name", ["nrf52840", "stm32f407"])
def test_all_memories_and_devices_of_a_chip_have_a_slave(name: str) -> None:
    platform = load_platform(CHIPS / f"{name}.repl")
    ranges = [r for each in platform.chip.bus.slaves for r in each.ranges]
    for memory in platform.memories:
        for address in memory.addresses:
            covered = sum(
                max(0, min(last, address + memory.size - 1) - max(first, address) + 1) for first, last in ranges
            )
            assert covered == memory.size, f"{memory.name} at {address:#x}"
    for device in platform.devices:
        for registration in device.registrations:
            if registration.address < 0xE000_0000:
                assert any(first <= registration.address <= last for first, last in ranges), device.name
