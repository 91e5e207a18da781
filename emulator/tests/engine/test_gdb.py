"""A real gdb debugs firmware on the native engine, and the run is the one that would have been without it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from gdb_client import PATIENCE_S, debug, gdb_process, needs_gdb
from tap_runs import FIRMWARE

from tinysim.machine import Machine

pytestmark = needs_gdb

TIMER = FIRMWARE / "timer_ppi.elf"  # an interrupt each millisecond counts `paces`; a line each 100 ms
END_S = 0.25


def board_with(firmware: Path) -> Machine:
    board = Machine("nrf52840")
    board.load(firmware)
    return board


def assert_same_run(debugged: Machine, firmware: Path, seconds: float) -> None:
    """Everything that is recorded is as in a run that nobody looked at."""
    alone = board_with(firmware)
    alone.run_for(seconds)
    expected, found = alone.record(), debugged.record()
    found.manifest["firmware"] = expected.manifest["firmware"]
    assert found.manifest == expected.manifest
    assert found.arrays.keys() == expected.arrays.keys()
    for name, values in expected.arrays.items():
        assert np.array_equal(found.arrays[name], values), name


# ---- a whole session ----


def test_load_break_backtrace_locals_watch_and_continue_to_the_end_without_a_cycle_more() -> None:
    board = Machine("nrf52840")  # empty flash: gdb loads the firmware
    ended, said = debug(
        board, TIMER,
        "load", "monitor reset halt", "break line_begin", "continue", "backtrace", "up", "info locals", "info source",
        "delete", "watch paces", "continue", "backtrace", "delete", "continue", end_s=END_S,
    )  # fmt: skip
    assert ended == "time"
    assert re.search(r"Loading section \.text, size 0x[0-9a-f]+ lma 0x100", said)
    assert re.search(r"Breakpoint 1, line_begin \(self=.*, tag=.* \"ppi\"\) at lib/line\.c:\d+", said)
    assert re.search(r"#1  0x[0-9a-f]+ in main \(\) at fixtures/timer_ppi\.c:\d+", said)
    assert re.search(r"^begin_us = \d+$", said, re.MULTILINE)
    assert re.search(r"Hardware watchpoint 2: paces\n\nOld value = 100\nNew value = 101\n", said)
    assert re.search(r"#0  (0x[0-9a-f]+ in )?TIMER2_IRQHandler .*\n#1  <signal handler called>\n#2 ", said)
    assert "exited normally" in said
    assert_same_run(board, TIMER, END_S)


def test_steps_by_instruction_and_by_line_keep_time_and_never_land_in_an_interrupt() -> None:
    board = board_with(TIMER)
    steps = ["next"] * 12
    ended, said = debug(
        board, TIMER, "break main", "continue", "stepi 3000", *steps, "tbreak timer_capture", "continue", "finish",
        *steps, "continue", end_s=END_S,
    )  # fmt: skip
    assert ended == "time"
    assert "TIMER2_IRQHandler" not in said
    assert_same_run(board, TIMER, END_S)


def test_a_step_can_be_made_to_enter_interrupts() -> None:
    _, said = debug(
        board_with(TIMER), TIMER, "break board_sleep", "continue", "delete", "monitor interrupts enter", "stepi 4", "bt"
    )
    assert "TIMER2_IRQHandler" in said
    assert "<signal handler called>" in said


def test_a_function_is_run_to_its_end() -> None:
    _, said = debug(board_with(TIMER), TIMER, "break timer_capture", "continue", "finish", "bt 1")
    assert re.search(r"^Value returned is \$1 = \d+$", said, re.MULTILINE)  # microseconds
    assert re.search(r"#0 .*board_time_us", said)


# ---- stops that are no breakpoints ----


@pytest.mark.parametrize(
    ("fixture", "signal", "words"),
    [
        ("fault_bus", "SIGSEGV", r"HardFault \(PRECISERR, BFARVALID, FORCED\) at pc .*, address 0x30000000"),
        ("fault_div", "SIGFPE", r"HardFault \(DIVBYZERO, FORCED\)"),
        ("fault_undefined", "SIGILL", r"HardFault \(UNDEFINSTR, FORCED\)"),
    ],
)
def test_a_fault_is_a_signal_with_words_and_a_backtrace_to_its_cause(fixture: str, signal: str, words: str) -> None:
    elf = FIRMWARE / f"{fixture}.elf"
    board = board_with(elf)
    ended, said = debug(board, elf, "continue", "backtrace")
    assert f"received signal {signal}" in said
    assert re.search(rf"tinysim: {words}", said)
    assert re.search(rf"<signal handler called>\n#\d .*main \(\) at fixtures/{fixture}\.c", said)
    assert ended == "detached"
    assert board.stop_reason == "fault"


def test_a_deadlock_is_told_in_words_and_can_be_looked_at() -> None:
    elf = FIRMWARE / "deadlock.elf"
    board = board_with(elf)
    _, said = debug(board, elf, "continue", "backtrace")
    assert "tinysim: the CPU sleeps and no event will ever wake it" in said
    assert re.search(r"#0 .*main \(\) at fixtures/deadlock.c:4", said)
    assert board.stop_reason == "deadlock"


# ---- looking and changing ----


def test_registers_of_all_kinds_are_read_and_written() -> None:
    board = board_with(TIMER)
    _, said = debug(
        board, TIMER, "break main", "continue", "set $r4 = 0x12345678", "set $s3 = 1.5", "set $d4 = 0.25",
        "print/x $r4", "print $s3", "print $d4", "print $msp == $sp", "print $control", "print/x $xpsr >> 24 & 1",
        "set $primask = 1", "print $primask", "set $primask = 0", "set $psp = 0x20001000", "print/x $psp", "stepi",
    )  # fmt: skip
    values = ["0x12345678", "1.5", "0.25", "1", "0", "0x1", "1", "0x20001000"]
    assert re.findall(r"^\$\d = (.*)$", said, re.MULTILINE) == values
    assert board.registers["r4"] == 0x1234_5678


def test_variables_are_changed_and_devices_are_left_alone() -> None:
    _, said = debug(
        board_with(TIMER), TIMER, "break main", "continue", "set var paces = 77", "print paces", "x/wx 0x40008504",
        "monitor devices on", "x/wx 0x40008508", "monitor gaps",
    )  # fmt: skip
    assert "$1 = 77" in said
    assert "Cannot access memory at address 0x40008504" in said
    assert re.search(r"0x40008508:\t0x0000000", said)
    assert "no accesses to anything that is not modelled" in said


def test_registers_of_the_core_are_looked_at_without_a_side_effect() -> None:
    board = board_with(TIMER)
    looks = ["x/wx 0xE000ED00", "x/wx 0xE000ED28", "x/wx 0xE000E100", "x/wx 0xE000E010", "x/bx 0xE000E400"]
    ended, said = debug(board, TIMER, "break main", "continue", *looks, "continue", end_s=END_S)
    assert re.search(r"0xe000ed00:\t0x410fc241", said)  # CPUID
    assert re.search(r"0xe000ed28:\t0x00000000", said)  # CFSR
    assert ended == "time"
    assert_same_run(board, TIMER, END_S)


def test_a_function_of_the_firmware_is_called() -> None:
    _, said = debug(board_with(TIMER), TIMER, "break line_begin", "continue", "print board_time_us()", "bt 1")
    assert re.search(r"^\$1 = 100\d\d\d$", said, re.MULTILINE)
    assert re.search(r"#0  line_begin", said)


# ---- the command line ----


@pytest.mark.skipif("TINYSIM_SANITIZED" in os.environ, reason="starts a Python of its own, without the sanitized core")
def test_the_command_line_waits_for_gdb_and_reports_the_run_afterwards(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tinysim.cli", "run", str(TIMER), "--platform", "nrf52840"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    run = subprocess.Popen(
        [*command, "--gdb", ":0", "--for", "0.25s", "-o", str(tmp_path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    try:
        assert run.stderr is not None
        waiting = re.search(r"waiting for gdb: target remote 127\.0\.0\.1:(\d+)", run.stderr.readline())
        assert waiting is not None
        gdb = gdb_process(int(waiting[1]), ["break line_end", "continue", "monitor time", "delete", "continue"], TIMER)
        said = gdb.communicate(timeout=PATIENCE_S)[0]
        shown, _ = run.communicate(timeout=PATIENCE_S)
    finally:
        run.kill()
    assert run.returncode == 0
    assert re.search(r"^0\.1\d+ s$", said, re.MULTILINE)
    assert "exited normally" in said
    assert re.search(r"\[ +0\.10\d+ s\] TS ppi events=100", shown)
    assert re.search(r"\[ +0\.20\d+ s\] TS ppi events=200", shown)
