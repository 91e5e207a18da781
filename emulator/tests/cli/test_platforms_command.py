"""`tinysim platforms` for a platform written for Renode: its folders, what has no model, --strict."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tinysim.cli import main

ROOT = Path(__file__).parents[1] / "data" / "repl_idioms"
NANO = str(ROOT / "platforms" / "boards" / "arduino_nano_33_ble.repl")


def test_a_platform_shows_what_has_no_model_and_where_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["platforms", NANO, "--repl-path", str(ROOT)]) == 0
    text = capsys.readouterr().out
    assert "without a model\n  radio: Wireless.NRF52840_Radio has no model (" in text
    assert "cpus/nrf52840.repl:22:1)" in text
    assert "lsm9ds1_imu: Sensors.LSM9DS1_IMU has no model" in text
    assert "to know\n" in text and "without MTD.NRF52840_NVMC it has no wait states and no cache" in text


def test_our_own_chip_stands_in_when_no_folder_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["platforms", NANO]) == 2
    assert "spi2 is declared nowhere" in capsys.readouterr().err


def test_strict_is_an_error_behind_the_listing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["platforms", NANO, "--repl-path", str(ROOT), "--strict"]) == 2
    captured = capsys.readouterr()
    assert "without a model" in captured.out
    assert "E04 radio: Wireless.NRF52840_Radio has no model" in captured.err


def test_a_folder_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["platforms", NANO, "--repl-path", "gone"]) == 2
    assert "gone: no such folder (check --repl-path)" in capsys.readouterr().err
