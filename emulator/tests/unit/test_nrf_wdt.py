"""The watchdog on the bench: time-out, requests, locks, resets, sleep (core/tests/test_nrf_wdt.cc)."""

from __future__ import annotations

from pathlib import Path

import pytest
from device_program import build, check, names_in

SOURCES = ["src/soc/nrf/wdt.cc"]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("test_nrf_wdt", SOURCES, tmp_path_factory.mktemp("nrf_wdt"))


@pytest.mark.parametrize("name", names_in("test_nrf_wdt"))
def test_on_the_bench(program: Path, name: str) -> None:
    check(program, name)
