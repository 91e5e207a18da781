"""Streams of a voltage, for Sensors.AnalogSignal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tinysim.sensors import quantities_of
from tinysim.streams import quantities_in, read_recording


@pytest.mark.parametrize(
    ("header", "cells", "microvolts"),
    [("t_ms,voltage_mv", "0,1.5\n1,-2", [1500, -2000]), ("t_ms,u [V]", "0,3.3\n1,0", [3_300_000, 0])],
)
def test_columns_of_volts_are_read_in_microvolts(
    tmp_path: Path, header: str, cells: str, microvolts: list[int]
) -> None:
    path = tmp_path / "signal.csv"
    path.write_text(f"{header}\n{cells}\n", encoding="utf-8")
    recording = read_recording(path)
    assert (recording.quantity, recording.unit) == ("voltage", "microvolt")
    assert recording.values[:, 0].tolist() == microvolts
    assert quantities_in(path) == ("voltage",)


def test_an_analog_signal_plays_it() -> None:
    assert quantities_of("Sensors.AnalogSignal") == ("voltage",)
