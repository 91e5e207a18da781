"""One measurement by HAL-, LL- and register-style timer drivers, each polled, by interrupts and by DMA: one outcome.

Fixtures stm32/stm32_timer_styles.c and stm32l4/stm32l4_timer_styles.c (issue 5, acceptance 4).
"""

from __future__ import annotations

import re

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from prebuilt_firmware import console_text, numbers
from timer_fixtures import BOARDS, TimerBoard

STYLES, WAYS = ("hal", "ll", "registers"), ("polled", "interrupts", "dma")
OK, TIMEOUT = 0, 1
STAMPS = 5
RUN_S = 0.4

Measured = dict[tuple[str, str, str], dict[str, int]]


@pytest.fixture(scope="module", params=BOARDS, ids=lambda board: board.prefix)
def measured(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[TimerBoard, Measured]:
    board: TimerBoard = request.param
    with board.machine("timer_styles", tmp_path_factory.mktemp("wired")) as machine:
        machine.run_for(RUN_S)
        record = machine.record()
        assert machine.gaps == []
    assert record.manifest["warnings"] == []
    text = console_text(record, board.console)
    lines = re.findall(r"^TS measured style=(\w+) way=(\w+) source=(\w+) (.*)$", text, flags=re.MULTILINE)
    return board, {(style, way, source): numbers(rest) for style, way, source, rest in lines}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("style", STYLES)
def test_the_outcome_is_the_same(measured: tuple[TimerBoard, Measured], style: str, way: str) -> None:
    board, lines = measured
    period = board.timer_hz // 10_000
    assert [lines[style, way, source] for source in ("pwm", "one_pulse", "off")] == [
        {"outcome": OK, "count": STAMPS, "first": period, "all": period * (STAMPS - 1)},
        {"outcome": TIMEOUT, "count": 1, "first": 0, "all": 0},
        {"outcome": TIMEOUT, "count": 0, "first": 0, "all": 0},
    ]
