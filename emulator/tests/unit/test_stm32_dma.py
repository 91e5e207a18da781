"""The STM32F4 and STM32L4 DMA on the bench: times, modes, errors, contention (core/tests/test_stm32*_dma*.cc)."""

from __future__ import annotations

from pathlib import Path

import pytest
from device_program import build, check, names_in

SOURCES = ["src/soc/stm32/dma*.cc", "src/soc/stm32/peripheral.cc", "src/bus/*.cc"]
PROGRAMS = ("test_stm32_dma_memory", "test_stm32_dma_requests", "test_stm32l4_dma")


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("stm32_dma")
    return {program: build(program, SOURCES, folder) for program in PROGRAMS}


@pytest.mark.parametrize(("program", "name"), [(program, name) for program in PROGRAMS for name in names_in(program)])
def test_on_the_bench(programs: dict[str, Path], program: str, name: str) -> None:
    check(programs[program], name)
