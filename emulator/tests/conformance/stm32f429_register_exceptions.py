"""Where the core's blocks differ on purpose from the SVD of the STM32F429: "F429." and peripheral, register, reason.

What is the same as on the F407 is taken from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from stm32_register_exceptions import NAMES, RESETS, WRITES, Register

Reasoned = TypeVar("Reasoned")
# Peripheral compared -> the F407's of the same kind.
_SAME = {
    "RCC": "RCC",
    "PWR": "PWR",
    "SYSCFG": "SYSCFG",
    "GPIOK": "GPIOI",
    "UART7": "UART4",
    "FLASH": "FLASH",
    "DMA2": "DMA2",
}


def _as_on_the_f407(table: Mapping[Register, Reasoned]) -> dict[Register, Reasoned]:
    return {
        (f"F429.{ours}", register): reasoned
        for ours, theirs in _SAME.items()
        for (peripheral, register), reasoned in table.items()
        if peripheral == theirs
    }


_NO_CLOCK = "RM0090 30.1: UART7 has no CK, NACK, GTPR or flow control; the SVD has a USART's"
_REST = {
    "AHB1LPENR": (0x7EEF97FF, "RM0090 6.3.14: all gates are open in Sleep; the SVD has the F407's value"),
    "AHB2LPENR": (0xC1, "no CRYP and HASH, whose bits the SVD's reset value has"),
    "APB1LPENR": (0xF6FEC9FF, "RM0090 6.3.17: all gates are open in Sleep; the SVD has the F407's value"),
    "APB2LPENR": (0x04777F33, "RM0090 6.3.18: all gates are open in Sleep; the SVD has the F407's value"),
    "PLLI2SCFGR": (0x24003000, "RM0090 6.3.23: PLLI2SQ is 4; the SVD has the F407's value"),
}

F429_NAMES: dict[Register, tuple[str, str]] = {
    **_as_on_the_f407(NAMES),
    ("F429.UART7", "GTPR"): ("-", _NO_CLOCK),
}
F429_RESETS: dict[Register, tuple[int, str]] = {
    **_as_on_the_f407(RESETS),
    **{("F429.RCC", name): reasoned for name, reasoned in _REST.items()},
    ("F429.PWR", "CR"): (0xC000, "as the SVD has it"),
}
F429_WRITES: dict[Register, tuple[int | None, str]] = {
    **_as_on_the_f407(WRITES),
    ("F429.RCC", "CR"): (0x150D00F8, "HSION stays while SYSCLK comes from HSI; PLLSAION, which the SVD has not"),
    ("F429.RCC", "CIR"): (0x7F00, "RM0090 6.3.4: the clear bits read 0"),
    ("F429.RCC", "AHB1ENR"): (0x7EF417FF, "as the SVD has it"),
    ("F429.PWR", "CR"): (0xFEFF3, "RM0090 5.4.2: ADCDC1; CWUF and CSBF read 0"),
    ("F429.FLASH", "OPTCR1"): (0, "locked until OPTKEYR is written"),
    ("F429.UART7", "CR2"): (0x706F, _NO_CLOCK),
    ("F429.UART7", "CR3"): (0x08CF, _NO_CLOCK),
    ("F429.UART7", "GTPR"): (0, _NO_CLOCK),
}
