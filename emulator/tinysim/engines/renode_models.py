"""Our own C# models for Renode (platforms/models): which file makes which type, and its text for a Renode."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tinysim.errors import InputError
from tinysim.platform import platform_directories


@dataclass(frozen=True)
class Model:
    """A file of platforms/models: what its constructor takes, and what it gives ("#": numbered outputs).

    `stands_in_for` is Renode's own type that it replaces; empty where the type's name is ours alone.
    """

    stem: str
    stands_in_for: str = ""
    parameters: frozenset[str] = frozenset()
    outputs: frozenset[str] = frozenset({"IRQ"})


_BY_DMA = frozenset({"DmaReceive", "DmaTransmit"})
# By the type that a `.repl` names.
MODELS = {
    "Analog.NRF52840_SAADC": Model("NRF52840_SAADC"),
    "DMA.STM32F4_DMA": Model("STM32F4_DMA", "DMA.STM32DMA", outputs=frozenset({"#"})),
    "I2C.NRF52840_TWI_TWIM": Model("NRF52840_TWI_TWIM"),
    "I2C.STM32F4_I2C": Model("STM32F4_I2C", outputs=_BY_DMA | {"EventInterrupt", "ErrorInterrupt"}),
    "MTD.NRF52840_NVMC": Model("NRF52840_NVMC", parameters=frozenset({"flash"}), outputs=frozenset()),
    "Sound.NRF52840_PDM_DoubleBuffered": Model("NRF52840_PDM_DoubleBuffered", "Sound.NRF52840_PDM"),
    "Timers.NRF52840_Timer_Shorts": Model(
        "NRF52840_Timer_Shorts", "Timers.NRF52840_Timer", parameters=frozenset({"numberOfEvents"})
    ),
    "UART.STM32F4_USART": Model(
        "STM32F4_USART", "UART.STM32_UART", parameters=frozenset({"frequency"}), outputs=_BY_DMA | {"IRQ"}
    ),
}
FIRST_WITH_INTERFACE = (1, 15)  # before, constructors take the class Machine


def model_files(types: Iterable[str]) -> list[Path]:
    """Return the files that make those of the types that are ours, in the order of their names. Raises InputError."""
    return [_file_of(stem) for stem in sorted({MODELS[name].stem for name in types if name in MODELS})]


def _file_of(stem: str) -> Path:
    places = [folder / "models" / f"{stem}.cs" for folder in platform_directories()]
    found = next((path for path in places if path.is_file()), None)
    if found is None:
        remedy = "TINYSIM_RENODE_MODELS=none leaves our models out"
        raise InputError(f"the Renode model {stem}.cs is not installed", str(places[0]), remedy=remedy)
    return found


def model_text(path: Path, version: tuple[int, ...]) -> str:
    """Return a model as a Renode of this version compiles it: 1.14 calls IMachine Machine."""
    text = path.read_text(encoding="utf-8")
    return text if version >= FIRST_WITH_INTERFACE else re.sub(r"\bIMachine\b", "Machine", text)
