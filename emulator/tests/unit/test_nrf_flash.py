"""FICR, UICR, NVMC and the ROM table's identity on the bench (core/tests/test_nrf_flash.cc)."""

from __future__ import annotations

from pathlib import Path

import pytest
from device_program import build, check, names_in

SOURCES = [
    "src/soc/nrf/ficr.cc",
    "src/soc/nrf/uicr.cc",
    "src/soc/nrf/nvmc.cc",
    "src/timing/nrf_flash.cc",
    "src/bus/memory.cc",
]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("test_nrf_flash", SOURCES, tmp_path_factory.mktemp("nrf_flash"))


@pytest.mark.parametrize("name", names_in("test_nrf_flash"))
def test_on_the_bench(program: Path, name: str) -> None:
    check(program, name)
