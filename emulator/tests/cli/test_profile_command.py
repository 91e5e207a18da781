"""`tinysim profile` on the native engine: its views, its files, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tinysim.cli import main
from tinysim.firmware import load_firmware

HELLO = Path(__file__).resolve().parents[3] / "firmware" / "prebuilt" / "nrf52840dk" / "hello.elf"


def profile(*arguments: str, firmware: str = str(HELLO)) -> int:
    return main(["profile", firmware, "--platform", "nrf52840", "--for", "5ms", "--quiet", *arguments])


def test_the_functions_come_with_an_honest_head(capsys: pytest.CaptureFixture[str]) -> None:
    assert profile() == 0
    text = capsys.readouterr().out
    assert "simulated estimate" in text
    assert "board_start" in text
    assert "the parts sum to all 320,000 cycles of the run" in text


def test_an_unknown_function_is_refused_with_near_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert profile("--annotate", "board_strat") == 2
    assert "did you mean board_start" in capsys.readouterr().err


def test_a_function_is_annotated_by_instruction(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("capstone", reason="capstone is not installed")
    assert profile("--annotate", "board_start") == 0
    text = capsys.readouterr().out
    assert "push" in text
    assert "with callees" not in text


def test_firmware_without_symbols_is_profiled_by_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    segment = load_firmware(HELLO).segments[0]
    image = tmp_path / "hello.bin"
    image.write_bytes(segment.data)
    assert profile(firmware=f"{image}@{segment.address:#x}") == 0
    assert capsys.readouterr().out.count("the firmware has no symbols") == 1


def test_json_and_files_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("perfetto", reason="perfetto is not installed")
    speedscope, perfetto = tmp_path / "hello.json", tmp_path / "hello.pftrace"
    folder = tmp_path / "record"
    assert (
        profile("--json", "--tree", "--speedscope", str(speedscope), "--perfetto", str(perfetto), "-o", str(folder))
        == 0
    )
    data = json.loads(capsys.readouterr().out)
    assert data["numbers"]["is_exact"]
    assert data["cycles"]["total"] == data["tree"]["total"] == 320_000
    assert sum(json.loads(speedscope.read_text())["profiles"][0]["weights"]) == 320_000
    assert perfetto.stat().st_size > 1000
    assert (folder / "record.npz").is_file()


def test_two_profiles_are_equal(capsys: pytest.CaptureFixture[str]) -> None:
    texts = []
    for _ in range(2):
        profile("--tree", "--lines", "--json")
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]
