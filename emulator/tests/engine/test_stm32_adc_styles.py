"""One sequence of ADC1 by HAL-, LL- and register-style drivers, each polled, by interrupts and by DMA: one outcome.

Fixtures stm32/stm32_adc_styles.c and stm32l4/stm32l4_adc_styles.c (issue 5, acceptance 4).
"""

from __future__ import annotations

import re

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from adc_fixtures import BOARDS, AdcBoard, checksum, code_of
from prebuilt_firmware import console_text, numbers

STYLES, WAYS = ("hal", "ll", "registers"), ("polled", "interrupts", "dma")
OK, TIMEOUT = 0, 1
MILLIVOLTS = {5: 500, 6: 1500, 7: 2500}
SEQUENCE = (5, 6, 7, 5)
SIGNALS = "".join(
    f"\nsignal{channel}: Sensors.AnalogSignal @ adc1 {channel}\n    millivolts: {millivolts}\n"
    for channel, millivolts in MILLIVOLTS.items()
)
RUN_S = 0.4

Converted = dict[tuple[str, str, str], dict[str, int]]


@pytest.fixture(scope="module", params=BOARDS, ids=lambda board: board.prefix)
def converted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Converted:
    board: AdcBoard = request.param
    with board.machine("adc_styles", tmp_path_factory.mktemp("signals"), SIGNALS) as machine:
        machine.run_for(RUN_S)
        record = machine.record()
        assert machine.gaps == []
    assert record.manifest["warnings"] == []
    text = console_text(record, board.console)
    lines = re.findall(r"^TS converted style=(\w+) way=(\w+) started=(\w+) (.*)$", text, flags=re.MULTILINE)
    return {(style, way, started): numbers(rest) for style, way, started, rest in lines}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("style", STYLES)
def test_the_outcome_is_the_same(converted: Converted, style: str, way: str) -> None:
    codes = [code_of(MILLIVOLTS[channel] * 1000) for channel in SEQUENCE]
    all_four = {"outcome": OK, "count": len(codes), "sum": checksum(codes)}
    assert [converted[style, way, started] for started in ("once", "never", "again")] == [
        all_four,
        {"outcome": TIMEOUT, "count": 0, "sum": 0},
        all_four,
    ]
