"""`tinysim run --platform stm32f4` with the platform's own demo firmware."""

from __future__ import annotations

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from engine_command import STREAMS

from tinysim.cli import main


def test_the_demo_firmware_finds_the_taps_at_168_mhz(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--platform", "stm32f4", "--stream", str(STREAMS / "tap_demo.csv")]) == 0
    text = capsys.readouterr().out
    assert text.count("TS event ") == 9
    assert "9 of 9 labels found, 0 wrong class, 0 missed, 0 false" in text
    assert "stm32f4_discovery  cortex-m4 at 168 MHz" in text
    assert "0 gaps" in text
