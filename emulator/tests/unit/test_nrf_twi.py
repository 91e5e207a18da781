"""TWI and TWIM on the bench: wire times, SHORTS, NACK, EasyDMA (core/tests/test_nrf_twi.cc)."""

from __future__ import annotations

from pathlib import Path

import pytest
from device_program import build, check, names_in

SOURCES = ["src/soc/nrf/twi*.cc", "src/soc/nrf/easy_dma.cc"]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("test_nrf_twi", SOURCES, tmp_path_factory.mktemp("nrf_twi"))


@pytest.mark.parametrize("name", names_in("test_nrf_twi"))
def test_on_the_bench(program: Path, name: str) -> None:
    check(program, name)
