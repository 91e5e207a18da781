"""`tinysim run` from end to end on the native engine: exit codes, one-line errors, JSON, records, Ctrl-C."""

from __future__ import annotations

import json
import os
import re
import signal
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tinysim.cli import main
from tinysim.record import ARRAYS, Record

ROOT = Path(__file__).resolve().parents[3]
FIRMWARE = ROOT / "firmware" / "prebuilt" / "nrf52840dk"
STREAMS = ROOT / "models" / "tap" / "data"
HELLO, TAP = str(FIRMWARE / "hello.elf"), str(FIRMWARE / "tap.elf")
SINGLE = str(STREAMS / "tap_single.csv")

ELF_HEADER = struct.Struct("<4s5B7xHHIIIIIHHHHHH")
PROGRAM_HEADER = struct.Struct("<IIIIIIII")
ARM, RISC_V = 40, 243


@pytest.fixture(autouse=True)
def in_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> int:
    return main(["run", "--platform", "nrf52840", *arguments])


def error_line(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on stderr, with nothing on stdout."""
    captured = capsys.readouterr()
    (line,) = captured.err.splitlines()
    assert captured.out == ""
    assert line.startswith("tinysim: error: ")
    return str(line)


def elf(machine: int, address: int) -> bytes:
    """An executable of one segment: a stack pointer, a reset vector, an endless loop."""
    content = struct.pack("<IIHH", 0x2000_1000, address + 9, 0xE7FE, 0xBF00)
    start = ELF_HEADER.size + PROGRAM_HEADER.size
    header = ELF_HEADER.pack(
        b"\x7fELF", 1, 1, 1, 0, 0, 2, machine, 1, address + 9, ELF_HEADER.size, 0, 0, ELF_HEADER.size, 32, 1, 40, 0, 0
    )
    return header + PROGRAM_HEADER.pack(1, start, address, address, len(content), len(content), 5, 4) + content


# ---- bad input ----


@pytest.mark.parametrize(
    ("firmware", "expected"),
    [
        ("missing.elf", "missing.elf: cannot be read: No such file or directory (check the name, or build"),
        ("header.elf", "header.elf: "),
        ("truncated.elf", "truncated.elf: "),
        ("empty.elf", "empty.elf: is empty (build the firmware again)"),
        ("riscv.elf", "riscv.elf: is an ELF for RISC-V (32-bit, little endian), not for 32-bit little-endian ARM"),
        ("stm32.elf", "stm32.elf: the segment 0x08000000-0x0800000B (12 bytes) lies outside the memories"),
        ("text.elf", "text.elf: is neither an ELF nor an Intel HEX file"),
        (".", "is a folder, not a firmware"),
    ],
)
def test_a_bad_firmware_is_one_line_and_exit_2(
    firmware: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = Path(HELLO).read_bytes()
    Path("header.elf").write_bytes(whole[:40])
    Path("truncated.elf").write_bytes(whole[:0x1100])
    Path("empty.elf").touch()
    Path("riscv.elf").write_bytes(elf(RISC_V, 0))
    Path("stm32.elf").write_bytes(elf(ARM, 0x0800_0000))
    Path("text.elf").write_text("hello\n")
    assert run(firmware) == 2
    line = error_line(capsys)
    assert expected in line
    assert re.search(r"\(.+\)$", line), "no remedy"


def test_the_same_image_inside_the_memory_map_runs() -> None:
    Path("flash.elf").write_bytes(elf(ARM, 0))
    assert run("flash.elf", "--for", "1ms", "--quiet") == 0


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "bad.csv: "),
        ("t_s,ax_g,ay_g,az_g\n", "bad.csv:1: the file ends after its header"),
        ("t_s,ax_g,ay_g,az_g\n0,0,0,1\n0.005,0,0\n", "bad.csv:3: 3 columns, expected 4"),
        ("t_s,ax_g,ay_g,az_g\n0,0,0,1\n0.005,0,nan,1\n", "bad.csv:3: "),
        ("t_s,ax_g,ay_g,az_g\n0,0,0,1\n0.005,0,0,1\n0.001,0,0,1\n", "bad.csv:4: "),
    ],
    ids=["empty", "header alone", "column missing", "not a number", "time goes back"],
)
def test_a_bad_stream_is_one_line_with_its_place_and_exit_2(
    content: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("bad.csv").write_text(content)
    assert run(TAP, "--stream", "bad.csv") == 2
    assert expected in error_line(capsys)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--platform", "nrf99"], "nrf99"),
        (["--platform", "missing.repl"], "missing.repl"),
        (["--stream", f"imu={SINGLE}"], "the platform has no sensor 'imu' (it has: accelerometer)"),
        (["--stream", "missing.csv"], "missing.csv: "),
        (["--uart", "uart7"], "the platform has no UART 'uart7' (it has: uart0, uart1)"),
        (["--stage", "inference=nn_invok"], "has no symbol 'nn_invok' (did you mean nn_invoke"),
        (["--uart-input", "missing"], "missing: cannot be read"),
        (["--svd", "missing.svd"], "missing.svd: "),
    ],
)
def test_unknown_names_are_one_line_and_exit_2(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(TAP, *arguments) == 2
    assert expected in error_line(capsys)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("odd: Wireless.Unknown @ sysbus 0x40001000\n", "board.repl:2:1: E04 odd: unknown type Wireless.Unknown"),
        (
            "extra: Memory.MappedMemory @ sysbus 0x20001000\n    size: 0x1000\n",
            "board.repl:2:1: E39 extra (0x20001000..0x20001FFF, board.repl:2:1) overlaps ram (0x20000000..0x2003FFFF, ",
        ),
        ("timer9: Timers.NRF52840_Timer @ sysbus 0x40008000\n", "overlaps timer0 (0x40008000..0x40008FFF, "),
        ("led9: Miscellaneous.LED @ nowhere 3\n", "board.repl:2:"),
        ("gpio0:\n    99 -> led1@0\n", "board.repl:"),
        ("what is this\n", "board.repl:2:"),
    ],
    ids=["unknown type", "memory overlaps", "device overlaps", "unknown parent", "no such pin", "syntax"],
)
def test_a_bad_platform_file_is_one_line_with_its_place_and_exit_2(
    text: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("board.repl").write_text(f'using "platforms/boards/nrf52840dk.repl"\n{text}')
    assert run(HELLO, "--platform", "board.repl", "--for", "1ms") == 2
    assert expected in error_line(capsys)


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
