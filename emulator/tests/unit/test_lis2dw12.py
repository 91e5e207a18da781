"""The LIS2DW12, LED and button on the bench: rates, FIFO, pins, sample account (core/tests/test_lis2dw12.cc)."""

from __future__ import annotations

from pathlib import Path

import pytest
from device_program import build, check, names_in

SOURCES = ["src/parts/lis2dw12*.cc"]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("test_lis2dw12", SOURCES, tmp_path_factory.mktemp("lis2dw12"))


@pytest.mark.parametrize("name", names_in("test_lis2dw12"))
def test_on_the_bench(program: Path, name: str) -> None:
    check(program, name)
