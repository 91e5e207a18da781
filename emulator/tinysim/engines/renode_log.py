"""Renode's log as gaps and warnings. Its time stamps are wall-clock time: a line has the virtual time of being read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tinysim.engines.base import Gap

_LINE = re.compile(r"^\d\d:\d\d:\d\d\.\d+ \[(WARNING|ERROR)\] (.*?)(?: \((\d+)\))?$")
_UNHANDLED = re.compile(
    r"\[cpu: 0x([0-9A-Fa-f]+)\] (Read|Write)\w* (?:from|to) (?:non existing peripheral|an unimplemented register)"
    r".*?\b0x([0-9A-Fa-f]+)"
)
_PC = re.compile(r"\[cpu: 0x([0-9A-Fa-f]+)\]|\[PC=0x([0-9A-Fa-f]+)\]")


@dataclass(frozen=True)
class LogWarning:
    """`pc` 0: the log does not say it."""

    time_ns: int
    text: str
    pc: int


class RenodeLog:
    """Reads on where it stopped; a line that is not finished stays for the next time."""

    def __init__(self, path: Path) -> None:
        self._path, self._read = path, 0
        self.warnings: list[LogWarning] = []
        self._gaps: dict[tuple[int, str], Gap] = {}

    @property
    def gaps(self) -> list[Gap]:
        return list(self._gaps.values())

    def read(self, now_ns: int) -> None:
        """Take in what was written since the last call."""
        for level, text, count in self._new_lines():
            unhandled = _UNHANDLED.search(text)
            if unhandled:
                self._note_gap(unhandled, count)
            else:
                pc = _PC.search(text)
                place = int(next(filter(None, pc.groups())), 16) if pc else 0
                self.warnings.append(LogWarning(now_ns, f"{level}: {text}", place))

    def _new_lines(self) -> Iterator[tuple[str, str, int]]:
        with self._path.open("rb") as file:
            file.seek(self._read)
            content = file.read()
        content = content[: content.rfind(b"\n") + 1]
        self._read += len(content)
        for line in content.decode("utf-8", "replace").splitlines():
            if match := _LINE.match(line.strip()):
                yield match[1].lower(), match[2], int(match[3] or 1)

    def _note_gap(self, match: re.Match[str], count: int) -> None:
        access: Literal["read", "write"] = "read" if match[2] == "Read" else "write"
        address = int(match[3], 16)
        known = self._gaps.get((address, access))
        pc, before = (known.pc, known.count) if known else (int(match[1], 16), 0)
        self._gaps[address, access] = Gap(address, pc, access, before + count)
