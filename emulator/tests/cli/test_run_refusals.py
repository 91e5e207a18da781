"""Bad input to `tinysim run` on the native engine: one line with file, place and remedy, and exit code 2."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from engine_command import HELLO, SINGLE, TAP, run

ELF_HEADER = struct.Struct("<4s5B7xHHIIIIIHHHHHH")
PROGRAM_HEADER = struct.Struct("<IIIIIIII")
ARM, RISC_V = 40, 243


@pytest.fixture(autouse=True)
def in_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


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
        (
            "extra: Memory.MappedMemory @ sysbus 0x20001000\n    size: 0x1000\n",
            "board.repl:2:1: E39 extra (0x20001000..0x20001FFF, board.repl:2:1) overlaps ram (0x20000000..0x2003FFFF, ",
        ),
        (
            "timer9: Timers.NRF52840_Timer @ sysbus 0x40008000\n    numberOfEvents: 4\n",
            "overlaps timer0 (0x40008000..0x40008FFF, ",
        ),
        ("led9: Miscellaneous.LED @ nowhere 3\n", "board.repl:2:"),
        ("gpio0:\n    99 -> led1@0\n", "board.repl:"),
        ("what is this\n", "board.repl:2:"),
    ],
    ids=["memory overlaps", "device overlaps", "unknown parent", "no such pin", "syntax"],
)
def test_a_bad_platform_file_is_one_line_with_its_place_and_exit_2(
    text: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("board.repl").write_text(f'using "platforms/boards/nrf52840dk.repl"\n{text}')
    assert run(HELLO, "--platform", "board.repl", "--for", "1ms") == 2
    assert expected in error_line(capsys)


def test_a_type_without_model_is_told_and_with_strict_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("board.repl").write_text(
        'using "platforms/boards/nrf52840dk.repl"\nodd: Wireless.Unknown @ sysbus 0x40001000\n'
    )
    assert run(HELLO, "--platform", "board.repl", "--for", "1ms") == 0
    assert "tinysim: not modelled on this platform: odd (" in capsys.readouterr().err
    assert run(HELLO, "--platform", "board.repl", "--for", "1ms", "--strict") == 2
    assert "board.repl:2:1: E04 odd: Wireless.Unknown has no model" in error_line(capsys)
