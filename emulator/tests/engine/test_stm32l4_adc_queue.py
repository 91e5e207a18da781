"""The queue of contexts of the STM32L4R5's ADC under a timer's triggers (fixtures/stm32l4/stm32l4_adc_queue.c)."""

from __future__ import annotations

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from adc_fixtures import BOARDS, code_of
from prebuilt_firmware import console_text, tagged_lines

L4 = BOARDS[1]
MILLIVOLTS = {5: 500, 6: 600, 7: 700}
SIGNALS = "".join(
    f"\nsignal{channel}: Sensors.AnalogSignal @ adc1 {channel}\n    millivolts: {millivolts}\n"
    for channel, millivolts in MILLIVOLTS.items()
)
CODES = {channel: code_of(millivolts * 1000) for channel, millivolts in MILLIVOLTS.items()}
SEQUENCES = 6


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[str]]:
    with L4.machine("adc_queue", tmp_path_factory.mktemp("queue"), SIGNALS) as machine:
        machine.run_for(0.05)
        assert machine.gaps == []
        record = machine.record()
    return console_text(record, L4.console), [each["text"] for each in record.manifest["warnings"]]


def test_each_trigger_takes_the_next_context(ran: tuple[str, list[str]]) -> None:
    lines = tagged_lines(ran[0], "sequence")
    assert [(line["first"], line["second"]) for line in lines] == [(CODES[5], CODES[6]), (CODES[7], 0)] * (
        SEQUENCES // 2
    )


def test_with_jqm_triggers_behind_the_last_context_do_nothing(ran: tuple[str, list[str]]) -> None:
    (line,) = tagged_lines(ran[0], "queue")
    assert (line["taken"], line["left"]) == (SEQUENCES, 0)


def test_a_third_context_overflows_and_is_a_finding(ran: tuple[str, list[str]]) -> None:
    (line,) = tagged_lines(ran[0], "queue")
    assert line["overflow"] == 1
    (finding,) = ran[1]
    assert "JQOVF" in finding
