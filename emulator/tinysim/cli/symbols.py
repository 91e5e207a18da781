"""What a firmware's symbols and line table say, as the analyses of a profile want it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tinysim.analyses.annotation import AnnotatedLine, Disassembled, annotate
from tinysim.analyses.symbols import Symbols

if TYPE_CHECKING:
    from tinysim.analyses.profile import Profile
    from tinysim.firmware import Firmware
    from tinysim.record import Record

_NOT_IN_IMAGE = "(not in the image)"


def symbols_of(firmware: Firmware, record: Record) -> Symbols:
    """Names of functions, lines and interrupts."""
    ranges = zip(firmware.functions, firmware.function_ranges, strict=True)

    def line_of(address: int) -> tuple[str, int] | None:
        place = firmware.locate(address)
        return (place.file, place.line) if place.file and place.line else None

    return Symbols(
        functions=tuple((function.name, begin, end) for function, (begin, end) in ranges),
        line_of=line_of,
        irq_names={int(number): name for number, name in record.manifest.get("irq_names", {}).items()},
    )


def annotated(
    profile: Profile, firmware: Firmware, name: str, symbols: Symbols, source: Path | None
) -> tuple[AnnotatedLine, ...]:
    """The function of this name, instruction by instruction."""
    from tinysim.cli.disassembly import Code, Sources, disassemble

    begin, end = _range_of(profile, name, symbols)
    code = list(disassemble(Code(firmware), begin, end))
    known = {each.address for each in code}
    code += [
        Disassembled(row.address, _NOT_IN_IMAGE)
        for row in profile.instructions
        if begin <= row.address < end and row.address not in known
    ]
    code.sort(key=lambda each: each.address)
    return annotate(profile, code, symbols.line_of, Sources(firmware, source).text)


def _range_of(profile: Profile, name: str, symbols: Symbols) -> tuple[int, int]:
    for function, begin, end in symbols.functions:
        if function == name:
            return begin, end
    begin = next(row.address for row in profile.functions if row.name == name)
    above = [row.address for row in profile.functions if row.address > begin]
    last = max(row.address for row in profile.instructions) + 4
    return begin, min(above, default=last)
