"""Devices, parts, bus, flash, profile and trace formats on the bench: each TEST of each program in core/tests."""

from __future__ import annotations

import subprocess

import pytest
from core_programs import SOURCES, names_in, program

PROGRAMS = sorted(path.stem for path in SOURCES.glob("test_*.cc") if names_in(path.stem))  # test_fp has its own way


@pytest.mark.parametrize(("stem", "name"), [(stem, name) for stem in PROGRAMS for name in names_in(stem)])
def test_each_test_on_the_bench_passes(stem: str, name: str) -> None:
    result = subprocess.run([program(stem), name], check=False, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stdout + result.stderr
