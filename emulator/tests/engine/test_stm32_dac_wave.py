"""The DAC of the STM32F407 by a timer and circular DMA: each point at its cycle, heard by the ADC, and an underrun.

Fixture stm32/stm32_dac_wave.c.
"""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from adc_fixtures import F4_DISCOVERY
from prebuilt_firmware import numbers

WAVE = [2048, 2831, 3495, 3939, 4095, 3939, 3495, 2831, 2048, 1264, 600, 156, 0, 156, 600, 1264]
POINT_CYCLES = 1680


def test_the_wave_comes_point_by_point_and_ends_in_an_underrun(tmp_path: Path) -> None:
    with F4_DISCOVERY.machine("dac_wave", tmp_path, "") as machine:
        line = numbers(machine.uart().wait_for("TS wave .*", timeout=0.1).line)
        record = machine.record()
        assert machine.gaps == []
    assert line == {"least": 0, "most": 4095, "underrun_before": 0, "underrun_after": 1}
    values = record.arrays["level.value"].tolist()
    cycles = record.arrays["level.cycle"].astype("int64")
    assert values[: 2 * len(WAVE)] == WAVE * 2
    assert set((cycles[1:40] - cycles[:39]).tolist()) == {POINT_CYCLES}
    assert [each["text"] for each in record.manifest["warnings"]] == [
        "dac: the DMA brought no value before the next trigger (SR.DMAUDR): the output repeats the last one"
    ]
