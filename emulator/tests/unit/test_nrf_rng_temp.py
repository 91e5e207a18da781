"""RNG and TEMP on the bench: times, repeatability, trim registers (core/tests/test_nrf_rng_temp.cc)."""

from __future__ import annotations

from pathlib import Path

import pytest
from device_program import build, check, names_in

SOURCES = ["src/soc/nrf/rng.cc", "src/soc/nrf/temp.cc"]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("test_nrf_rng_temp", SOURCES, tmp_path_factory.mktemp("nrf_rng_temp"))


@pytest.mark.parametrize("name", names_in("test_nrf_rng_temp"))
def test_on_the_bench(program: Path, name: str) -> None:
    check(program, name)
