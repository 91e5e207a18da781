"""Every STM32F4 and STM32L4 block of the core against the vendor's SVD: names, offsets, reset values, write masks.

What a block has otherwise than the SVD on purpose stands in `stm32_register_exceptions.py` and, for the L4 by names
"L4.<peripheral>", in `stm32l4_register_exceptions.py`, with its reason. For an L4+ pyocd ships no SVD.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from register_probe import ask_lines
from stm32_register_exceptions import NAMES, RESETS, WRITES
from stm32f429_register_exceptions import F429_NAMES, F429_RESETS, F429_WRITES
from stm32l4_register_exceptions import L4_NAMES, L4_RESETS, L4_WRITES
from svd_registers import Register, peripherals, svd_archive

SVDS = {"F4": "STM32F41x.svd", "F429": "STM32F429x.svd", "L4": "STM32L4x5.svd", "L4x2": "STM32L4x2.svd"}
ALL_ONES = 0xFFFFFFFF

pytestmark = pytest.mark.skipif(svd_archive() is None, reason="the SVD files of pyocd cannot be fetched")


@dataclass(frozen=True)
class Block:
    """A type of the .repl, the SVD peripheral that it stands for, and its parameters."""

    type: str
    svd: str
    parameters: tuple[str, ...] = ()
    family: str = "F4"

    @property
    def name(self) -> str:
        return self.svd if self.family == "F4" else f"{self.family}.{self.svd}"

    @property
    def address(self) -> int:
        return peripherals(SVDS[self.family])[self.svd][0]

    @property
    def registers(self) -> tuple[Register, ...]:
        """One per offset: the input and output views of a compare register are one."""
        return tuple({each.offset: each for each in peripherals(SVDS[self.family])[self.svd][1]}.values())


PORT_A = ("modeResetValue=0xA8000000", "pullUpPullDownResetValue=0x64000000")
PORT_B = ("modeResetValue=0x280", "outputSpeedResetValue=0xC0", "pullUpPullDownResetValue=0x100")
BLOCKS = [
    Block("Miscellaneous.STM32F4_RCC", "RCC", ("hseFrequency=8000000",)),
    Block("Miscellaneous.STM32_PWR", "PWR"),
    Block("Miscellaneous.STM32_SYSCFG", "SYSCFG"),
    Block("IRQControllers.STM32F4_EXTI", "EXTI"),
    Block("GPIOPort.STM32_GPIOPort", "GPIOA", PORT_A),
    Block("GPIOPort.STM32_GPIOPort", "GPIOB", PORT_B),
    Block("GPIOPort.STM32_GPIOPort", "GPIOI"),
    Block("UART.STM32_UART", "USART2"),
    Block("UART.STM32_UART", "USART6"),
    Block("UART.STM32_UART", "UART4", ("synchronous=0",)),
    Block("I2C.STM32F4_I2C", "I2C1"),
    Block("I2C.STM32F4_I2C", "I2C3"),
    Block("SPI.STM32SPI", "SPI1"),
    Block("SPI.STM32SPI", "SPI2", ("i2s=1",)),
    Block("SPI.STM32SPI", "I2S2ext", ("i2s=1",)),
    Block("Analog.STM32_ADC", "ADC1"),
    Block("Analog.STM32_ADC_Common", "C_ADC"),
    Block("Analog.STM32_DAC", "DAC"),
    Block("Miscellaneous.STM32_DBGMCU", "DBG"),
    Block("CRC.STM32_CRC", "CRC"),
    Block("Timers.STM32_IndependentWatchdog", "IWDG"),
    Block("Timers.STM32_WindowWatchdog", "WWDG"),
    Block("Timers.STM32F4_RTC", "RTC"),
    Block("Miscellaneous.STM32_RNG", "RNG"),
    *(Block("Timers.STM32_Timer", f"TIM{n}", ("complements=3",)) for n in (1, 8)),
    *(Block("Timers.STM32_Timer", f"TIM{n}", ("initialLimit=0xFFFFFFFF",)) for n in (2, 5)),
    *(Block("Timers.STM32_Timer", f"TIM{n}") for n in (3, 4)),
    *(Block("Timers.STM32_Timer", f"TIM{n}", ("channels=0",)) for n in (6, 7)),
    *(Block("Timers.STM32_Timer", f"TIM{n}", ("channels=2",)) for n in (9, 12)),
    *(Block("Timers.STM32_Timer", f"TIM{n}", ("channels=1",)) for n in (10, 11, 13, 14)),
    Block("MTD.STM32F4_FlashController", "FLASH"),
    Block("DMA.STM32DMA", "DMA1"),
    Block("DMA.STM32DMA", "DMA2"),
]
F429_BLOCKS = [
    ("Miscellaneous.STM32F4_RCC", "RCC", ("hseFrequency=8000000", "series=429")),
    ("Miscellaneous.STM32_PWR", "PWR", ("series=429",)),
    ("Miscellaneous.STM32_SYSCFG", "SYSCFG", ("series=429",)),
    ("GPIOPort.STM32_GPIOPort", "GPIOK", ()),
    ("UART.STM32_UART", "UART7", ("synchronous=0",)),
    ("MTD.STM32F4_FlashController", "FLASH", ("series=429",)),
    ("DMA.STM32DMA", "DMA2", ()),
    ("I2C.STM32F4_I2C", "I2C1", ("noiseFilter=1",)),
]
L4_PORT_A = ("registerCount=12", "modeResetValue=0xABFFFFFF", "pullUpPullDownResetValue=0x64000000")
L4_PORT_C = ("registerCount=12", "modeResetValue=0xFFFFFFFF")
L4_BLOCKS = [
    ("Miscellaneous.STM32L4_RCC", "RCC", ("hseFrequency=8000000", "lseFrequency=32768")),
    ("Miscellaneous.STM32L4_PWR", "PWR", ()),
    ("Miscellaneous.STM32L4_SYSCFG", "SYSCFG", ()),
    ("IRQControllers.STM32L4_EXTI", "EXTI", ()),
    ("GPIOPort.STM32_GPIOPort", "GPIOA", L4_PORT_A),
    ("GPIOPort.STM32_GPIOPort", "GPIOC", L4_PORT_C),
    ("UART.STM32F7_USART", "USART1", ()),
    ("UART.STM32F7_USART", "UART4", ()),
    ("UART.STM32F7_USART", "LPUART1", ("lowPowerMode=1",)),
    ("I2C.STM32F7_I2C", "I2C1", ()),
    ("I2C.STM32F7_I2C", "I2C3", ()),
    ("SPI.STM32SPI", "SPI1", ("fifo=1",)),
    ("Sound.STM32_SAI", "SAI1", ()),
    ("Analog.STM32L4_ADC", "ADC1", ()),
    ("Analog.STM32L4_ADC_Common", "ADC123_Common", ()),
    ("Analog.STM32_DAC", "DAC1", ("sampleAndHold=1",)),
    ("Miscellaneous.STM32L4_DBGMCU", "DBGMCU", ()),
    ("CRC.STM32L4_CRC", "CRC", ()),
    ("Timers.STM32_IndependentWatchdog", "IWDG", ("windowOption=1",)),
    ("Timers.STM32_WindowWatchdog", "WWDG", ()),
    ("Timers.STM32L4_RTC", "RTC", ()),
    ("Miscellaneous.STM32_RNG", "RNG", ()),
    *(("Timers.STM32_Timer", f"TIM{n}", ("complements=3", "extended=1")) for n in (1, 8)),
    *(("Timers.STM32_Timer", f"TIM{n}", ("initialLimit=0xFFFFFFFF", "extended=1")) for n in (2, 5)),
    *(("Timers.STM32_Timer", f"TIM{n}", ("extended=1",)) for n in (3, 4)),
    *(("Timers.STM32_Timer", f"TIM{n}", ("channels=0", "extended=1")) for n in (6, 7)),
    ("Timers.STM32_Timer", "TIM15", ("channels=2", "complements=1", "extended=1")),
    *(("Timers.STM32_Timer", f"TIM{n}", ("channels=1", "complements=1", "extended=1")) for n in (16, 17)),
    *(("Timers.STM32L0_LpTimer", f"LPTIM{n}", ()) for n in (1, 2)),
    ("MTD.STM32L4_FlashController", "FLASH", ()),
    ("DMA.STM32LDMA", "DMA1", ()),
    ("DMA.STM32LDMA", "DMA2", ()),
]
BLOCKS += [Block(*each, family="F429") for each in F429_BLOCKS]
BLOCKS += [Block(*each, family="L4") for each in L4_BLOCKS]
BLOCKS.append(Block("Analog.STM32_DFSDM", "DFSDM", ("pulseSkipper=1",), "L4x2"))  # the L4x5 file has it wrong
ALL_NAMES = NAMES | F429_NAMES | L4_NAMES
ALL_RESETS = RESETS | F429_RESETS | L4_RESETS
ALL_WRITES = WRITES | F429_WRITES | L4_WRITES
each_block = pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)


def ask(block: Block, commands: Iterable[str]) -> list[int]:
    return [int(line.split()[0]) for line in ask_lines(block.type, block.address, block.parameters, commands)]


@each_block
def test_names_and_offsets_are_those_of_the_svd(block: Block) -> None:
    commands = [f"n {each.offset:#x}" for each in block.registers]
    got = ask_lines(block.type, block.address, block.parameters, commands)
    wanted = [re.sub(r"_(?:Output|Input)$", "", each.name) for each in block.registers]
    wrong = [
        f"{each.offset:#x} is {name}, expected {known}"
        for each, name, known in zip(block.registers, got, wanted, strict=True)
        if name != ALL_NAMES.get((block.name, known), (known, ""))[0]
    ]
    assert wrong == []


@each_block
def test_reset_values_are_those_of_the_svd(block: Block) -> None:
    registers = [each for each in block.registers if each.readable]
    wrong = []
    for each, value in zip(registers, ask(block, [f"r {each.offset:#x}" for each in registers]), strict=True):
        wanted = ALL_RESETS.get((block.name, each.name), (each.reset, ""))[0]
        if value != wanted:
            wrong.append(f"{each.name} at {each.offset:#x} is {value:#x}, expected {wanted:#x}")
    assert wrong == []


@each_block
def test_the_bits_that_can_be_written_are_those_of_the_svd(block: Block) -> None:
    wrong = []
    for each in (each for each in block.registers if each.readable):
        plain = 0 if each.access == "read-only" else each.fields & ~each.read_only
        wanted = ALL_WRITES.get((block.name, each.name), (plain, ""))[0]
        if wanted is None:
            continue
        place = f"{each.offset:#x}"
        ones = ask(block, [f"w {place} {ALL_ONES:#x}", f"r {place}"])[1]
        zeros = ask(block, [f"w {place} 0", f"r {place}"])[1]
        if ones & ~zeros != wanted:
            wrong.append(f"{each.name} at {place}: {ones & ~zeros:#x} can be written, expected {wanted:#x}")
    assert wrong == []
