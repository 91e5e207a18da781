"""The platform files of all STM32 against the vendor's SVD: addresses, interrupts, clock gates, names of interrupts.

For F401, F411, F446 and the L4+ pyocd ships no SVD: their blocks are compared with those of the same name in the SVD of
the family, whose addresses, interrupts and gates they share; what differs on purpose stands below with its reason.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from register_probe import ask_lines
from svd_registers import bit_names, interrupts, peripherals, svd_archive

from tinysim.platform import Platform, load_platform

CHIPS = Path(__file__).resolve().parents[3] / "platforms" / "chips"
F407, F429, L4 = "STM32F41x.svd", "STM32F429x.svd", "STM32L4x5.svd"
SVD_OF = {
    "stm32f401": F429,
    "stm32f407": F407,
    "stm32f411": F429,
    "stm32f429": F429,
    "stm32f446": F429,
    "stm32l475": L4,
    "stm32l476": L4,
    "stm32l4r5": L4,
}
STEMS = {"gpioPort": "GPIO", "timer": "TIM", "lptimer": "LPTIM", "flash_controller": "FLASH", "dbgmcu": "DBG"}
STEMS |= {"dmamux": "DMAMUX1"}
# The SVD's name of a gate, where it is not the block's name and EN: another block's, or another spelling.
GATES = {f"ADC{number}EN": "ADCEN" for number in ("COMMON", 1, 2, 3)} | {
    "I2S2EXTEN": "SPI2EN",
    "I2S3EXTEN": "SPI3EN",
    "DFSDM1EN": "DFSDMEN",
}
SPELLINGS = {"SP3EN": "SPI3EN", "SPI4ENR": "SPI4EN", "SPI5ENR": "SPI5EN", "SPI6ENR": "SPI6EN", "UART7ENR": "UART7EN"}
SPELLINGS |= {"UART8ENR": "UART8EN"}
# Interrupts: the SVD's spelling -> ours, and by chip what another has in the place of the one that the SVD describes.
INTERRUPTS = {"RTC_ALARM": "RTC_Alarm", "SDMMC": "SDMMC1", "LCD_TFT": "LTDC", "LCD_TFT_1": "LTDC_ER"}
INTERRUPTS |= {f"DFSDM{index}": f"DFSDM1_FLT{index}" for index in (0, 2, 3)}
OTHER_INTERRUPTS = {
    "stm32l475": {79: "AES"},  # RM0351 13.3; the SVD has RNG, which is 80
    "stm32l476": {79: "AES"},
    "stm32l4r5": {79: "AES", 18: "ADC1", 71: "OCTOSPI1", 76: "OCTOSPI2", 78: "DSI"},  # RM0432 15.3
}

pytestmark = pytest.mark.skipif(svd_archive() is None, reason="the SVD files of pyocd cannot be fetched")
each_chip = pytest.mark.parametrize("chip", SVD_OF)


def platform_of(chip: str) -> Platform:
    return load_platform(CHIPS / f"{chip}.repl")


def svd_name(name: str) -> str:
    """`gpioPortA` -> `GPIOA`, `timer2` -> `TIM2`, `usart1` -> `USART1`."""
    stem, index = re.fullmatch(r"(.*?)(\d*|(?<=gpioPort)[A-K])", name).groups()  # type: ignore[union-attr]
    return STEMS.get(stem, stem.upper()) + index


@each_chip
def test_blocks_stand_where_the_svd_has_them(chip: str) -> None:
    known = peripherals(SVD_OF[chip])
    wrong, found = [], 0
    for device in platform_of(chip).devices:
        name = svd_name(device.name)
        if name not in known or not device.registrations:
            continue
        found += 1
        if device.registrations[0].address != known[name][0]:
            wrong.append(f"{device.name} at {device.registrations[0].address:#x}, {name} at {known[name][0]:#x}")
    assert wrong == [] and found > 20


@each_chip
def test_each_clock_gate_is_the_bit_that_the_svd_names(chip: str) -> None:
    bits = bit_names(SVD_OF[chip], "RCC")
    wrong = []
    for device in platform_of(chip).devices:
        gate = device.parameters.get("gate")
        if not isinstance(gate, int):
            continue
        wanted = f"{svd_name(device.name)}EN"
        name = bits.get((gate >> 8, gate & 31), wanted)
        if SPELLINGS.get(name, name) not in (wanted, GATES.get(wanted)):
            wrong.append(f"{device.name}: {gate:#x} is {name}")
    assert wrong == []


@each_chip
def test_each_clock_gate_can_be_opened(chip: str) -> None:
    platform = platform_of(chip)
    rcc = platform.device("rcc")
    parameters = [f"{name}={int(value)}" for name, value in rcc.parameters.items() if isinstance(value, int)]
    gates = {device.name: gate for device in platform.devices if isinstance(gate := device.parameters.get("gate"), int)}
    places = sorted({gate >> 8 for gate in gates.values()})
    commands = [line for place in places for line in (f"w {place} {0xFFFFFFFF:#x}", f"r {place}")]
    answers = ask_lines(rcc.type, rcc.registrations[0].address, parameters, commands)[1::2]
    opened = {place: int(answer.split()[0]) for place, answer in zip(places, answers, strict=True)}
    assert [name for name, gate in gates.items() if not opened[gate >> 8] >> (gate & 31) & 1] == []


@each_chip
def test_interrupts_have_the_names_and_the_blocks_of_the_svd(chip: str) -> None:
    platform, known = platform_of(chip), dict(interrupts(SVD_OF[chip]))
    names = platform.chip.irq_names
    assert max(names) < platform.chip.integer("core.nvic_irq_count")
    known |= OTHER_INTERRUPTS.get(chip, {})
    wrong = []
    for number, name in names.items():
        wanted = known.get(number, name)
        if name != INTERRUPTS.get(wanted, wanted) and wanted not in name.split("_"):
            wrong.append(f"{number} is {name}, in the SVD {wanted}")
    assert wrong == []


@each_chip
def test_each_block_has_its_own_interrupt(chip: str) -> None:
    """The interrupt of `timer2` has TIM2 in its name; EXTI and what ORs several lines have others' names."""
    platform = platform_of(chip)
    names = platform.chip.irq_names
    wrong = []
    for wire in platform.connections:
        if wire.target != "nvic" or wire.source == "exti" or wire.source.startswith("nvicInput"):
            continue
        if svd_name(wire.source) not in names.get(wire.input, "").split("_"):
            wrong.append(f"{wire.source} -> nvic@{wire.input}, which is {names.get(wire.input)}")
    assert wrong == []
