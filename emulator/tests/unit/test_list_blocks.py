"""The table of chips and blocks in the README: every chip, every block, each in one column."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

core = pytest.importorskip("tinysim._core", reason="the native engine is not built")

ROOT = Path(__file__).resolve().parents[3]


def printed(*arguments: str) -> list[str]:
    command = [sys.executable, "scripts/list_blocks.py", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def test_every_chip_has_a_row_with_its_gaps() -> None:
    rows = {row.split(" | ")[0].removeprefix("| "): row for row in printed()[2:]}
    assert set(rows) == {path.stem for path in (ROOT / "platforms" / "chips").glob("*.toml")}
    without = [chip for chip, row in rows.items() if row.endswith("| none |")]
    assert not without, "say in the chip's .repl what is not modelled"


def test_every_type_of_the_registry_has_a_header_that_is_read() -> None:
    told = {line.split(" (")[0] for line in printed("--left-out")}
    assert told >= set(core.known_types())
