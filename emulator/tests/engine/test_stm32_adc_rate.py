"""The ADC of the STM32F407 at 1 Msps by a timer and double-buffer DMA under CPU load: sample times to the cycle.

Fixture stm32/stm32_adc_rate.c (issue 5, acceptance 3).
"""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from adc_fixtures import F4_DISCOVERY, REFERENCE_MICROVOLTS, checksum, code_of
from prebuilt_firmware import numbers

from tinysim.analyses.timebase import timebase

CYCLES_PER_SAMPLE, SAMPLES = 168, 4096
SIGNALS = """
signal: Sensors.AnalogSignal @ adc1 1

adc1:
    recordConversions: true
"""
RAMP_NS, RAMPS = 20_000, 1000  # as steep as this, a cycle of 5.95 ns is more than a code


def ramp_at(time_ns: int) -> int:
    """The microvolts of the stream: up and down between 0 and VREF+."""
    ramp, rest_ns = divmod(time_ns, RAMP_NS)
    rise = REFERENCE_MICROVOLTS * rest_ns // RAMP_NS
    return rise if ramp % 2 == 0 else REFERENCE_MICROVOLTS - rise


def test_sample_times_are_exact_and_nothing_is_lost(tmp_path: Path) -> None:
    stream = tmp_path / "ramp.csv"
    rows = [f"{row * RAMP_NS},{(row % 2) * REFERENCE_MICROVOLTS}" for row in range(RAMPS + 1)]
    stream.write_text("\n".join(["t_ns,voltage_uv", *rows, ""]), encoding="utf-8")
    with F4_DISCOVERY.machine("adc_rate", tmp_path, SIGNALS) as machine:
        machine.attach_stream("signal", stream)
        line = numbers(machine.uart().wait_for("TS sampled .*", timeout=0.1).line)
        record = machine.record()
    assert record.manifest["warnings"] == []
    assert line["count"] == SAMPLES and line["overrun"] == 0 and line["rounds"] > 10
    cycles = record.arrays["level.cycle"].astype("int64")[:SAMPLES]
    codes = [int(value) for value in record.arrays["level.value"][:SAMPLES]]
    assert set((cycles[1:] - cycles[:-1]).tolist()) == {CYCLES_PER_SAMPLE}
    wanted = [code_of(ramp_at(int(time_ns))) for time_ns in timebase(record).nanoseconds(cycles)]
    assert max(abs(code - other) for code, other in zip(codes, wanted, strict=True)) <= 1
    assert line["sum"] == checksum(codes)
