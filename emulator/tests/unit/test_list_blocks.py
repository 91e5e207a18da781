"""The table of chips and blocks in the README: every chip, every block, each in one column."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tinysim.platform import load_platform

core = pytest.importorskip("tinysim._core", reason="the native engine is not built")

ROOT = Path(__file__).resolve().parents[3]


def printed(*arguments: str) -> list[str]:
    command = [sys.executable, "scripts/list_blocks.py", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def test_every_chip_has_a_row_with_its_gaps() -> None:
    rows = {row.split(" | ")[0].removeprefix("| "): row for row in printed()[2:]}
    files = (ROOT / "platforms" / "chips").glob("*.toml")
    assert set(rows) == {path.stem for path in files if "\n[chip]\n" in path.read_text(encoding="utf-8")}
    without = [chip for chip, row in rows.items() if row.endswith("| none |")]
    assert not without, "say in the chip's .repl what is not modelled"


def blocks(cell: str) -> set[str]:
    """`spi1-3 and 5, rtc` -> spi1, spi2, spi3, spi5, rtc; a stem without index stands for itself."""
    found = set()
    for name in cell.lower().replace("timer", "tim").split(", "):
        stem = re.match(r"[a-z_ ]*[0-9]*[a-z_]+", name.split(" and ")[0])
        indexes = re.findall(r"(\d+)(?:-(\d+))?", name[stem.end() :] if stem else name)
        spans = [range(int(first), int(last or first) + 1) for first, last in indexes]
        head = stem[0] if stem else name
        found |= {f"{head}{index}" for span in spans for index in span} or {head}
    return found


def test_nothing_is_modelled_and_a_gap_at_once() -> None:
    for row in printed()[2:]:
        chip, *cells = row.strip("| ").split(" | ")
        whole, partly, gaps = map(blocks, cells)
        there = whole | partly
        stems = {re.sub(r"\d+$", "", name) for name in there}
        assert not (gaps & (there | stems)), f"{chip}: mend the list in the header of its .repl"


STM32 = [path.stem for path in (ROOT / "platforms" / "chips").glob("stm32*.toml")]


@pytest.mark.parametrize("chip", [stem for stem in STM32 if re.fullmatch(r"stm32(f4|l4)(?!7x)\w\w", stem)])
def test_each_named_range_without_a_model_is_listed_as_a_gap(chip: str) -> None:
    platform = load_platform(ROOT / "platforms" / "chips" / f"{chip}.repl")
    places = [registration.address for device in platform.devices for registration in device.registrations]
    row = next(row for row in printed() if row.startswith(f"| {chip} |"))
    listed = {re.sub(r"[0-9-]+$", "", name) for name in row.strip("| ").rsplit(" | ", 1)[1].split(", ")}
    ranges = [gap for gap in platform.chip.gap_ranges if "reserved" not in gap.name]
    named = {
        re.sub(r"[0-9]+$", "", name)
        for gap in ranges
        if not any(gap.begin <= place < gap.end for place in places)
        for name in gap.name.split(", ")
    }
    assert named <= listed


def test_every_type_of_the_registry_has_a_header_that_is_read() -> None:
    told = {line.split(" (")[0] for line in printed("--left-out")}
    assert told >= set(core.known_types())
