"""Flash wait states, caches and the STM32 FLASH block on the bench (core/tests/test_art.cc and its like)."""

from __future__ import annotations

from pathlib import Path

import pytest
from device_program import build, check, names_in

TIMING = ["src/timing/stm32_flash.cc"]
SOURCES = {
    "test_art": [*TIMING, "src/timing/art.cc"],
    "test_l4_flash": [*TIMING, "src/timing/l4_flash.cc"],
    "test_nrf_icache": ["src/timing/nrf_flash.cc"],
    "test_stm32_flash": [
        *TIMING,
        "src/soc/stm32/flash*.cc",
        "src/soc/stm32/peripheral.cc",
        "src/bus/memory.cc",
    ],
}


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("flash_timing")
    return {program: build(program, sources, folder) for program, sources in SOURCES.items()}


@pytest.mark.parametrize(("program", "name"), [(program, name) for program in SOURCES for name in names_in(program)])
def test_on_the_bench(programs: dict[str, Path], program: str, name: str) -> None:
    check(programs[program], name)
