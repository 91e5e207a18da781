"""Texts for Renode's Monitor and keywords, and from them: quoting, paths, named arguments, line feeds, numbers."""

from __future__ import annotations

import re
from pathlib import Path

from tinysim.errors import InputError
from tinysim.units import NANOSECONDS_PER_SECOND

# A text that looks like a named argument is taken as one, unless the parameter's name stands before it.
_NAMED = re.compile(r"^[a-zA-Z0-9_]+=.+", re.DOTALL)
_FIRST_PARAMETER = {"ExecuteCommand": "command", "WriteToUart": "content", "CreateTerminalTester": "uart"}
_KNOWN_NAMES = re.compile(r"^(timeout|testerId|pauseEmulation|defaultTimeout|machine|waitForEcho)=")
_PLAIN_PATH = re.compile(r"[\w./ +,:~=@%-]+")
_TIME = re.compile(r"(\d+):(\d\d):(\d\d)(?:\.(\d+))?")
_VIRTUAL = re.compile(r"virtual time: ([\d:.]+)", re.IGNORECASE)


def as_argument(keyword: str, text: str) -> str:
    """A text as a keyword takes it: what only looks like `name=value` gets the name of its parameter in front."""
    if _NAMED.match(text) and not _KNOWN_NAMES.match(text):
        return f"{_FIRST_PARAMETER.get(keyword, 'content')}={text}"
    return text


def quoted(text: str) -> str:
    """A text as a string of the Monitor. Raises InputError for line ends, which no string can have."""
    if "\n" in text or "\r" in text:
        raise InputError("a text for Renode's Monitor cannot have line ends")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def path_argument(path: Path) -> str:
    """A path as the Monitor takes it. Raises InputError for characters that it would take as its own."""
    if not _PLAIN_PATH.fullmatch(str(path)):
        raise InputError("Renode's Monitor cannot be given this path", path, remedy="set TMPDIR to a plain folder")
    return "@" + str(path).replace(" ", "\\ ")


def undoubled(text: str) -> str:
    """What the Monitor printed: ExecuteCommand doubles each line feed, or sends CR LF CR."""
    return text.replace("\r", "").replace("\n\n", "\n")


def one_line(text: str) -> str:
    """White space collapsed, for messages of one line."""
    return " ".join(text.split())


def seconds_text(time_ns: int) -> str:
    """A span as `emulation RunFor` takes it: a quoted decimal number of seconds, microseconds the finest."""
    microseconds = time_ns // 1000
    return f'"{microseconds // 1_000_000}.{microseconds % 1_000_000:06d}"'


def virtual_time_ns(current_time: str) -> int:
    """The virtual time in the answer of `currentTime`; 6 decimals in 1.14.0, 9 in 1.16.1. Raises ValueError."""
    found = _VIRTUAL.search(current_time)
    match = _TIME.fullmatch(found[1]) if found else None
    if match is None:
        raise ValueError(f"no virtual time in {one_line(current_time)!r:.80}")
    hours, minutes, seconds = (int(match[number]) for number in (1, 2, 3))
    fraction_ns = int((match[4] or "0").ljust(9, "0")[:9])
    return ((hours * 60 + minutes) * 60 + seconds) * NANOSECONDS_PER_SECOND + fraction_ns


def numbers_in(text: str) -> list[int]:
    """All hexadecimal numbers of an answer, such as that of ReadBytes."""
    return [int(number, 16) for number in re.findall(r"0x([0-9a-fA-F]+)", text)]
