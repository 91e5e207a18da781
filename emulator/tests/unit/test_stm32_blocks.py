"""STM32 blocks on the bench: clocks, pins, EXTI, USART, I2C, timers, watchdog and CRC (core/tests/test_stm32_*.cc)."""

from __future__ import annotations

from pathlib import Path

import pytest
from device_program import build, check, names_in

COMMON = ["src/soc/stm32/peripheral.cc", "src/soc/stm32/rcc.cc", "src/soc/stm32/rcc_clocks.cc"]
L4_CLOCKS = ["src/soc/stm32/rcc_l4.cc", "src/soc/stm32/rcc_l4_clocks.cc"]
L4_SMALL_BLOCKS = ("crc_l4", "exti", "gpio", "identity", "iwdg", "syscfg")
SOURCES = {
    "test_stm32_rcc": [],
    "test_stm32_gpio": [f"src/soc/stm32/{name}.cc" for name in ("gpio", "syscfg", "exti")],
    "test_stm32_i2c": ["src/soc/stm32/i2c_v1.cc", "src/soc/stm32/i2c_v1_wire.cc"],
    "test_stm32_i2c_receive": ["src/soc/stm32/i2c_v1.cc", "src/soc/stm32/i2c_v1_wire.cc"],
    "test_stm32_usart": ["src/soc/stm32/usart.cc", "src/soc/stm32/usart_wires.cc"],
    "test_stm32_usart_v2": ["src/soc/stm32/usart_v2.cc", "src/soc/stm32/usart_v2_wires.cc", *L4_CLOCKS],
    "test_stm32l4_rcc": ["src/soc/stm32/pwr_l4.cc", *L4_CLOCKS],
    "test_stm32l4_blocks": [f"src/soc/stm32/{name}.cc" for name in L4_SMALL_BLOCKS],
    "test_stm32_timer": [f"src/soc/stm32/{name}.cc" for name in ("timer", "iwdg", "crc")],
}
CASES = [(program, name) for program in SOURCES for name in names_in(program)]


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("stm32_blocks")
    return {program: build(program, [*COMMON, *sources], folder) for program, sources in SOURCES.items()}


@pytest.mark.parametrize(("program", "name"), CASES, ids=[name for _, name in CASES])
def test_on_the_bench(programs: dict[str, Path], program: str, name: str) -> None:
    check(programs[program], name)
