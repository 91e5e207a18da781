"""`tinysim run --platform stm32f4` and `stm32l4` with the platforms' own demo firmware."""

from __future__ import annotations

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from engine_command import STREAMS

from tinysim.cli import main


@pytest.mark.parametrize(
    ("platform", "banner"),
    [("stm32f4", "stm32f4_discovery  cortex-m4 at 168 MHz"), ("stm32l4", "nucleo_l4r5zi  cortex-m4 at 120 MHz")],
)
def test_the_demo_firmware_finds_the_taps(capsys: pytest.CaptureFixture[str], platform: str, banner: str) -> None:
    assert main(["run", "--platform", platform, "--stream", str(STREAMS / "tap_demo.csv")]) == 0
    text = capsys.readouterr().out
    assert text.count("TS event ") == 9
    assert "9 of 9 labels found, 0 wrong class, 0 missed, 0 false" in text
    assert banner in text
    assert "0 gaps" in text
