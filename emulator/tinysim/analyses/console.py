"""Console lines with their time, and the `TS <tag> key=value ...` lines of our own firmware among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinysim.analyses.timebase import timebase
from tinysim.record import Record


@dataclass(frozen=True)
class ConsoleLine:
    """One line; `first_cycle` stamps its first byte, `cycle` and `time_s` its last."""

    uart: str
    first_cycle: int
    cycle: int
    time_s: float
    text: str


@dataclass(frozen=True)
class TsLine:
    """A parsed `TS` line; values are texts, as printed."""

    tag: str
    fields: dict[str, str]
    line: ConsoleLine

    def integer(self, key: str) -> int | None:
        """A field as a whole number, None when it is absent or no number."""
        try:
            return int(self.fields[key])
        except (KeyError, ValueError):
            return None


def console_lines(record: Record) -> list[ConsoleLine]:
    """All UARTs' lines in order of time; CR and NUL are dropped, an unfinished last line counts."""
    lines: list[ConsoleLine] = []
    for key in sorted(record.arrays):
        if key.startswith("uart.") and key.endswith(".byte"):
            lines += _lines_of(record, key.removeprefix("uart.").removesuffix(".byte"))
    return sorted(lines, key=lambda line: line.cycle)


def ts_lines(record: Record, tag: str | None = None) -> list[TsLine]:
    """The lines that start with `TS`, all or those of one tag."""
    parsed = (parse_ts(line) for line in console_lines(record))
    return [one for one in parsed if one is not None and tag in (None, one.tag)]


def parse_ts(line: ConsoleLine) -> TsLine | None:
    """`TS win n=17 class=single` into its tag and fields; None for any other line."""
    words = line.text.split()
    if len(words) < 2 or words[0] != "TS":
        return None
    pairs = (word.partition("=") for word in words[2:])
    return TsLine(words[1], {key: value for key, equals, value in pairs if equals}, line)


def _lines_of(record: Record, uart: str) -> list[ConsoleLine]:
    content = record.arrays[f"uart.{uart}.byte"].astype(np.uint8).tobytes()
    stamps = record.arrays[f"uart.{uart}.cycle"].astype(np.uint64)
    times_s = timebase(record).seconds(stamps)
    lines, start = [], 0
    while start < len(content):
        newline = content.find(b"\n", start)
        end = newline if newline >= 0 else len(content) - 1
        text = content[start : end + 1].translate(None, b"\r\n\0").decode("utf-8", "replace")
        if text or newline >= 0:
            lines.append(ConsoleLine(uart, int(stamps[start]), int(stamps[end]), float(times_s[end]), text))
        start = end + 1
    return lines
