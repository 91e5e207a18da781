"""`sysbus Load..`: firmware, data and symbols from files, and the symbols by name and address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tinysim.monitor.errors import MonitorError
from tinysim.monitor.methods import methods
from tinysim.monitor.target import Target
from tinysim.monitor.values import File, integer
from tinysim.repl.complaints import nearest

if TYPE_CHECKING:
    from tinysim.firmware import Firmware

ADDRESS_BYTES = 8


def load_elf(here: Target, path: File, flag_1: bool | None = None, flag_2: bool | None = None) -> None:
    """Load an ELF; the CPU starts at its vector table. Renode's flags for virtual addresses have no meaning here."""
    _load(here, path)


def load_hex(here: Target, path: File) -> None:
    """Load an Intel HEX; the CPU starts at its vector table."""
    _load(here, path)


def _load(here: Target, path: File) -> None:
    found = here.session.find(path)
    here.do(lambda machine: machine.load(found))


def load_binary(here: Target, path: File, address: int) -> None:
    """Load raw bytes. The first image is the firmware, and the CPU starts at its vector table; others are data."""
    found = here.session.find(path)
    if here.machine.firmware is None:
        here.do(lambda machine: machine.load(found, address=address))
    else:
        content = found.read_bytes()
        here.do(lambda machine: machine.write_memory(address, content))


def load_symbols_from(here: Target, path: File) -> None:
    """Know the symbols of an ELF, too, without loading it."""
    from tinysim.firmware import load_firmware

    here.session.done.symbol_files.setdefault(here.owner, []).append(load_firmware(here.session.find(path)))


def _symbol_sources(here: Target) -> list[Firmware]:
    own = here.machine.firmware
    return [*([] if own is None else [own]), *here.session.done.symbol_files.get(here.owner, [])]


def get_symbol_address(here: Target, symbol: str) -> str:
    """The address of a symbol, without the Thumb bit."""
    sources = _symbol_sources(here)
    for source in sources:
        if symbol in source.symbol_addresses:
            return integer(source.symbol_addresses[symbol], ADDRESS_BYTES)
    near = nearest(symbol, [name for source in sources for name in source.symbol_addresses], 3)
    remedy = f"did you mean {', '.join(near)}?" if near else None
    raise MonitorError(f"Could not find any address for symbol: {symbol}", remedy=remedy)


def find_symbol_at(here: Target, address: int) -> str:
    """The function that an address belongs to; nothing where there is none."""
    for source in _symbol_sources(here):
        function = source.function_at(address)
        if function is not None:
            offset = (address & ~1) - function.address
            return f"{function.name}+0x{offset:X}" if offset else f"{function.name} (entry)"
    return ""


LOADING_METHODS = methods(
    LoadELF=load_elf, LoadSymbolsFrom=load_symbols_from, LoadBinary=load_binary, LoadHEX=load_hex,
    GetSymbolAddress=get_symbol_address, FindSymbolAt=find_symbol_at,
)  # fmt: skip
