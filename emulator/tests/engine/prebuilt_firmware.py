"""Firmware of firmware/prebuilt/ on its boards, and what it says: `TS <tag> name=number ...`, a line each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tinysim.record import Record

ROOT = Path(__file__).resolve().parents[3]
PREBUILT = ROOT / "firmware" / "prebuilt"


def prebuilt(board: str, name: str) -> Path:
    """The image `<board>/<name>.elf`; skips the test when it is not built."""
    image = PREBUILT / board / f"{name}.elf"
    if not image.exists():
        pytest.skip(f"{image.name} is not built: run make -C firmware prebuilt")
    return image


def board_with(board: str, entries: str, folder: Path) -> Path:
    """A platform file in a folder: a board, and further entries of a `.repl`."""
    wired = folder / f"{board}_wired.repl"
    wired.write_text(f'using "{ROOT / "platforms" / "boards" / board}.repl"\n{entries}', encoding="utf-8")
    return wired


def console_text(record: Record, uart: str) -> str:
    """What a UART has sent, with line feeds as the ends of lines."""
    return record.arrays[f"uart.{uart}.byte"].tobytes().decode().replace("\r\n", "\n")


def numbers(words: str) -> dict[str, int]:
    """The `name=number` words of a line; others are passed over."""
    return {name: int(value, 0) for name, value in re.findall(r"(\w+)=(-?(?:0x[0-9a-f]+|\d+))(?= |$)", words)}


def tagged_lines(text: str, tag: str) -> list[dict[str, int]]:
    """The numbers of all console lines with a tag; at least one."""
    found = re.findall(rf"^TS {tag} (.*)$", text, flags=re.MULTILINE)
    assert found, text
    return [numbers(words) for words in found]
