"""`tinysim cycles`: report, JSON, exit codes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

sys.path.append(str(Path(__file__).resolve().parents[1] / "engine"))

from trace_files import FIRMWARE, Instruction, trace

from tinysim.cli import main
from tinysim.firmware import load_firmware

HELLO = FIRMWARE / "hello.elf"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """`b .` three times, where the firmware has one."""
    firmware = load_firmware(HELLO)
    for segment in firmware.segments:
        at = segment.data.find(b"\xfe\xe7")
        if at >= 0 and at % 2 == 0:
            path = tmp_path / "loop.trace"
            path.write_bytes(trace(5, [Instruction(segment.address + at, 0xE7FE)] * 3))
            return path
    pytest.skip("the firmware has no endless loop")


def cycles(path: Path, *arguments: str, firmware: Path = HELLO) -> int:
    return main(["cycles", str(path), "--firmware", str(firmware), "--platform", "nrf52840", *arguments])


def test_the_report_names_trace_model_causes_and_functions(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cycles(path) == 0
    said = capsys.readouterr().out
    for part in (
        "simulated estimate",
        "loop.trace, version 5",
        "3 instructions",
        "load/store",
        "function",
        "as after reset",
    ):
        assert part in said


def test_json_has_the_whole_count_and_goes_to_a_file_too(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cycles(path, "--json", "-o", str(path.with_suffix(".json")), "--clock", "16MHz") == 0
    said = capsys.readouterr().out
    content = json.loads(said)
    assert path.with_suffix(".json").read_text(encoding="utf-8") == said
    assert content["complete"] is True
    assert (
        content["total_cycles"] == sum(content["cycles"].values()) == sum(one["total"] for one in content["functions"])
    )
    assert content["time_s"] == pytest.approx(content["total_cycles"] / 16e6)
    assert content["provenance"]["platform"] == "nrf52840dk"


def test_a_cut_trace_is_reported_and_exits_2(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_bytes(path.read_bytes()[:-2])
    assert cycles(path) == 2
    captured = capsys.readouterr()
    assert "2 instructions" in captured.out and "INCOMPLETE" in captured.out
    assert "loop.trace:byte" in captured.err and "cut short" in captured.err


def test_caches_can_be_on_from_the_begin(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    totals = []
    for state in ("off", "on"):
        assert cycles(path, "--json", "--caches", state) == 0
        totals.append(json.loads(capsys.readouterr().out)["total_cycles"])
    assert totals[1] != totals[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--wait-states", "5"), "has no 5 wait states"),
        (("--clock", "fast"), "is no frequency"),
        (("--caches", "maybe"), "'maybe' is not one of"),
        (("-o", "/nowhere/at/all.json"), "cannot be written"),
    ],
)
def test_bad_options_are_one_line_and_exit_2(
    arguments: tuple[str, ...], said: str, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cycles(path, *arguments) == 2
    assert said in capsys.readouterr().err


def test_a_firmware_without_symbols_is_refused(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    image = tmp_path / "fw.hex"
    image.write_text(":0400000000400020" + "9C" + "\n:00000001FF\n")
    assert cycles(path, firmware=image) == 2
    assert "has no symbols" in capsys.readouterr().err
