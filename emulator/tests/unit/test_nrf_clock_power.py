"""CLOCK and POWER on the bench: start-up times, status, what survives a reset (core/tests/test_nrf_clock_power.cc)."""

from __future__ import annotations

from pathlib import Path

import pytest
from device_program import build, check, names_in

SOURCES = ["src/soc/nrf/clock_power.cc", "src/soc/nrf/oscillators.cc"]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("test_nrf_clock_power", SOURCES, tmp_path_factory.mktemp("nrf_clock_power"))


@pytest.mark.parametrize("name", names_in("test_nrf_clock_power"))
def test_on_the_bench(program: Path, name: str) -> None:
    check(program, name)
