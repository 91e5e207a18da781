"""Values of the Monitor: how they are read from tokens, and the forms in which Renode prints them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from tinysim.monitor.errors import MonitorError
from tinysim.monitor.tokens import Token

_INTEGER = re.compile(r"[+-]?(0[xX][0-9A-Fa-f_]+|[0-9][0-9_]*)")
_FLOAT = re.compile(r"[+-]?[0-9]*\.[0-9]+([eE][+-]?[0-9]+)?")
_TIME = re.compile(r"(?:(?:(?P<hours>\d+):)?(?P<minutes>\d+):)?(?P<seconds>\d+(?:\.\d+)?)")
_RANGE = re.compile(r"<\s*([^\s<>,]+)\s*(,?)\s*([^\s<>,]+)\s*>")


@dataclass(frozen=True)
class Word:
    """Text without quotes: a name, or a value of an enumeration."""

    text: str


@dataclass(frozen=True)
class File:
    """What stood behind an @, as it stood there."""

    text: str


@dataclass(frozen=True)
class Range:
    """Addresses from `begin` up to and without `end`."""

    begin: int
    end: int


Value: TypeAlias = "int | float | bool | str | Word | File | Range | None"


def parse_word(text: str) -> Value:
    """A bare word: a number, true, false, null, or itself."""
    if _INTEGER.fullmatch(text):
        plain = text.replace("_", "")
        return int(plain, 16 if "x" in plain.lower() else 10)
    if _FLOAT.fullmatch(text):
        return float(text)
    return {"true": True, "True": True, "false": False, "False": False, "null": None}.get(text, Word(text))


def parse_range(text: str) -> Range:
    """`<begin size>` or `<begin, end>`, where the last address belongs to the range, as in Renode's Monitor."""
    found = _RANGE.fullmatch(text)
    assert found is not None  # the tokenizer has looked
    begin, second = (parse_word(found[group]) for group in (1, 3))
    if not isinstance(begin, int) or not isinstance(second, int):
        raise MonitorError(f"{text} is no range", remedy="write <begin size> or <begin, last>")
    return Range(begin, second + 1 if found[2] else begin + second)


def parse_time_s(text: str) -> float | None:
    """Seconds of `0.5`, `01:30.5` or `00:00:01.5`; None for anything else."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    return 3600 * int(found["hours"] or 0) + 60 * int(found["minutes"] or 0) + float(found["seconds"])


def literal(token: Token) -> Value:
    """The value of a token that stands for itself. Raises MonitorError for any other."""
    if token.kind in ("string", "long_string"):
        return token.text
    if token.kind == "path":
        return File(token.text)
    if token.kind == "range":
        return parse_range(token.text)
    if token.kind == "word":
        return parse_word(token.text)
    raise MonitorError(f"{token.text} is not expected here", remedy="only $variables are assigned to")


def show(value: Value) -> str:
    """A value as it would be typed."""
    if isinstance(value, bool) or value is None:
        return "null" if value is None else str(value)
    if isinstance(value, File):
        return f"@{value.text}"
    if isinstance(value, Range):
        return f"<0x{value.begin:X}, 0x{value.end - 1:X}>"
    return value.text if isinstance(value, Word) else f"0x{value:X}" if isinstance(value, int) else str(value)


def integer(value: int, size_bytes: int = 4) -> str:
    """An unsigned number of Renode's: `0x0000000B` for four bytes."""
    return f"0x{value:0{2 * size_bytes}X}"


def register(value: int) -> str:
    """A register: `0x2a2`."""
    return f"0x{value:x}"


def time_text(time_ns: int) -> str:
    """`00:00:00.044400000`."""
    seconds, rest_ns = divmod(time_ns, 1_000_000_000)
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}.{rest_ns:09}"
