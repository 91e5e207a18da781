"""`tinysim run` from end to end on the native engine: exit codes, faults, JSON, records, Ctrl-C."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from engine_command import FIRMWARE, HELLO, ROOT, SINGLE, STREAMS, run

from tinysim.record import ARRAYS, Record


@pytest.fixture(autouse=True)
def in_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# ---- faults ----


@pytest.mark.parametrize(
    ("fixture", "flags", "line"),
    [
        ("fault_bus", "PRECISERR, BFARVALID, FORCED", 9),
        ("fault_div", "DIVBYZERO, FORCED", 11),
        ("fault_undefined", "UNDEFINSTR, FORCED", 4),
    ],
)
def test_a_fault_exits_3_with_function_and_line_and_keeps_the_record(
    fixture: str, flags: str, line: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(FIRMWARE / f"{fixture}.elf"), "-o", "out") == 3
    captured = capsys.readouterr()
    said = rf"tinysim: error: HardFault \({flags}\) at pc 0x[0-9A-F]{{8}} in main \({fixture}\.c:{line}\)"
    assert re.search(said, captured.err)
    assert re.search(r"^ +r0 0x[0-9A-F]{8} .*\n.*\n.*\n.* pc 0x", captured.out, re.MULTILINE)
    fault = Record.load("out").manifest["stop"]["fault"]
    assert (fault["function"], fault["source"]) == ("main", f"{fixture}.c:{line}")
    assert fault["address"] == (0x3000_0000 if fixture == "fault_bus" else None)


def test_a_lockup_exits_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(FIRMWARE / "lockup.elf")) == 3
    captured = capsys.readouterr()
    assert "stopped: lockup" in captured.out
    assert "in HardFault_Handler (lockup.c:6)" in captured.err


def test_a_deadlock_is_told_and_exits_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(FIRMWARE / "deadlock.elf")) == 0
    assert "the CPU sleeps and no event will ever wake it" in capsys.readouterr().out


# ---- good runs ----


def test_the_demo_stream_finds_its_taps_and_exits_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--stream", str(STREAMS / "tap_demo.csv"), "-o", "out") == 0
    captured = capsys.readouterr()
    assert "9 of 9 labels found, 0 wrong class, 0 missed, 0 false" in captured.out
    assert "0 lost in 0 overruns" in captured.out
    assert "not calibrated against silicon" in captured.out
    assert "calibrated against not" not in captured.out
    assert "real time" in captured.err


def test_two_runs_save_byte_identical_records() -> None:
    for folder in ("first", "second"):
        assert run("--stream", str(STREAMS / "tap_demo.csv"), "-o", folder, "--quiet") == 0
    for name in ("manifest.json", "record.npz"):
        assert Path("first", name).read_bytes() == Path("second", name).read_bytes(), name


def test_a_slow_firmware_loses_samples_and_exits_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(FIRMWARE / "tap_slow.elf"), "--stream", SINGLE, "--json") == 1
    samples = json.loads(capsys.readouterr().out)["samples"]
    (sensor,) = samples["sensors"]
    assert sensor["overruns"] > 0
    assert sensor["lost"] == samples["firmware"]["lost"] > 0
    assert samples["agrees"] is True


def test_a_saved_record_loads_again_with_the_same_summary(capsys: pytest.CaptureFixture[str]) -> None:
    from tinysim.analyses.summary import summarise
    from tinysim.reports.json_report import summary_as_json

    assert run("--stream", SINGLE, "-o", "out", "--json") == 0
    record = Record.load("out")
    assert summary_as_json(summarise(record)) == capsys.readouterr().out
    for name, values in record.arrays.items():
        expected = ARRAYS.get(name) or ("uint64" if name.endswith(".cycle") else "uint8")
        assert values.dtype == expected, name
    assert str(ROOT) not in Path("out", "manifest.json").read_text()


def documented_keys() -> dict[str, set[str]]:
    """Per top-level key of docs/json.md all names in backquotes of its row."""
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", (ROOT / "docs" / "json.md").read_text(), re.MULTILINE)
    return {key: set(re.findall(r"`(\w+)`", text)) for key, text in rows}


def keys_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys_in, value.values()))
    return set().union(*map(keys_in, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("firmware", ["tap", "fault_bus"])
def test_json_has_the_documented_keys_and_no_others(firmware: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(str(FIRMWARE / f"{firmware}.elf"), "--stream", SINGLE, "--json")
    data, documented = json.loads(capsys.readouterr().out), documented_keys()
    if data["stop"]["fault"]:
        del data["stop"]["fault"]["registers"]  # its keys are r0 to xpsr
    assert set(data) == set(documented)
    for key, value in data.items():
        assert keys_in(value) <= documented[key], key
    assert data["stop"]["reason"] in documented["stop"]
    assert data["provenance"]["nature"] == "simulated estimate"


def test_until_stops_with_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--stream", SINGLE, "--until", "TS event", "-o", "out") == 0
    *_, last = re.findall(r"^\[ *([\d.]+) s\] (.*)$", capsys.readouterr().out, re.MULTILINE)
    manifest = Record.load("out").manifest
    assert last[1].startswith("TS event n=1 class=single")
    assert manifest["stop"] == {"reason": "until", "detail": "TS event", "fault": None}
    assert manifest["virtual_time_ns"] / 1e9 == pytest.approx(float(last[0]), abs=2e-6)


def test_until_that_never_comes_exits_1() -> None:
    assert run("--stream", SINGLE, "--until", "class=double", "--quiet") == 1


def test_uart_input_reaches_the_firmware(capsys: pytest.CaptureFixture[str]) -> None:
    Path("keys").write_bytes(b"infer 10\r")
    assert run(HELLO, "--uart-input", "keys", "--for", "20ms", "--json", "-o", "out") == 0
    (uart,) = json.loads(capsys.readouterr().out)["dma"]
    assert uart["to_memory_bytes"] == len(b"infer 10\r")
    assert Record.load("out").manifest["options"]["uart_input"] == "keys"


def test_the_tap_application_ignores_uart_input(capsys: pytest.CaptureFixture[str]) -> None:
    Path("keys").write_bytes(bytes(range(256)))
    assert run("--stream", SINGLE, "--uart-input", "keys") == 0
    assert "1 of 1 labels found" in capsys.readouterr().out


def test_ctrl_c_ends_the_run_and_keeps_the_record() -> None:
    command = [sys.executable, "-m", "tinysim.cli", "run", str(FIRMWARE / "tap_slow.elf"), "--platform", "nrf52840"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "emulator")}
    with subprocess.Popen(
        [*command, "--for", "3600s", "-o", "out"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert "TS boot" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        said, complaint = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "interrupted" in said
    assert "Traceback" not in complaint
    record = Record.load("out")
    assert record.manifest["stop"]["reason"] == "interrupted"
    assert 0 < record.manifest["virtual_time_ns"] < 3600e9
    assert len(record.arrays["uart.uart0.byte"]) > 0
