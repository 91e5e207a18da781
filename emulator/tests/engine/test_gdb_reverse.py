"""Reverse execution: a real gdb and bare packets go back on the native engine, and the run stays what it was."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from gdb_client import BareClient, debug, needs_gdb
from tap_runs import FIRMWARE
from test_gdb import assert_same_run, board_with

from tinysim.gdb import history
from tinysim.machine import Machine

TIMER = FIRMWARE / "timer_ppi.elf"  # an interrupt each millisecond counts `paces`; a line each 100 ms
TASKS = FIRMWARE / "two_tasks.elf"  # a kernel that switches between two tasks
END_S = 0.25
RAM = 0x2000_0000
HALTED, NO_MORE = b"T05thread:1;", b"T05thread:1;replaylog:begin;"


def program(tmp_path: Path, *halfwords: int) -> Machine:
    """A machine that starts at 8 with these instructions."""
    path = tmp_path / "program.bin"
    path.write_bytes(struct.pack(f"<II{len(halfwords)}H", RAM + 0x1000, 9, *halfwords))
    board = Machine("nrf52840")
    board.load(path, address=0)
    return board


# ---- a real gdb ----


@needs_gdb
def test_a_whole_session_goes_back_across_the_write_that_triggered_and_ends_without_a_cycle_more() -> None:
    board = Machine("nrf52840")  # empty flash: gdb loads the firmware
    ended, said = debug(
        board, TIMER,
        "load", "monitor reset halt", "break line_begin", "continue", "backtrace", "up", "info locals", "delete",
        "watch paces", "continue", "continue", "reverse-stepi", "print paces", "stepi", "print paces",
        "reverse-continue", "reverse-continue", "print paces", "delete", "break main", "reverse-continue", "backtrace",
        "reverse-continue", "delete", "continue", end_s=END_S,
    )  # fmt: skip
    assert ended == "time"
    assert re.search(r"#1  0x[0-9a-f]+ in main \(\) at fixtures/timer_ppi\.c:\d+", said)
    assert re.search(r"^begin_us = \d+$", said, re.MULTILINE)
    changes = re.findall(r"Old value = (\d+)\nNew value = (\d+)\n", said)
    assert changes == [("100", "101"), ("101", "102"), ("102", "101"), ("101", "102"), ("102", "101"), ("101", "100")]
    assert re.findall(r"^\$\d = (\d+)$", said, re.MULTILINE) == ["101", "102", "100"]
    assert re.search(r"Breakpoint 3, main \(\) at .*\n.*\n#0  main \(\)", said)
    assert "tinysim: no more history: it begins where GDB began to run the CPU" in said
    assert "No more reverse-execution history" in said
    assert "exited normally" in said
    assert_same_run(board, TIMER, END_S)


@needs_gdb
def test_lines_and_functions_are_gone_through_backward_and_the_record_keeps_nothing_of_it() -> None:
    board = board_with(TIMER)
    ended, said = debug(
        board, TIMER, "break line_end", "continue", "delete", "reverse-finish", "reverse-next", "info line",
        "reverse-next", "reverse-step", "backtrace", "next", "next", "reverse-stepi 500", "continue", end_s=END_S,
    )  # fmt: skip
    assert ended == "time"
    assert "TIMER2_IRQHandler" not in said
    assert re.search(r"0x[0-9a-f]+ in main \(\) at fixtures/timer_ppi\.c:60", said)  # where line_end was called from
    assert re.search(r"#0  board_time_us \(\) .*\n#1  0x[0-9a-f]+ in main \(\) at fixtures/timer_ppi\.c:59", said)
    assert_same_run(board, TIMER, END_S)


@needs_gdb
def test_a_fault_is_followed_back_to_the_instruction_that_caused_it() -> None:
    elf = FIRMWARE / "fault_div.elf"
    _, said = debug(board_with(elf), elf, "break HardFault_Handler", "continue", "reverse-stepi", "x/i $pc")
    assert re.search(r"=> 0x[0-9a-f]+ <main\+\d+>:\t[us]div", said)


# ---- step by step ----


def state(client: BareClient) -> tuple[bytes, str]:
    return client.ask(b"g"), client.monitor("cycles")


def registers_only(client: BareClient) -> bytes:
    return client.ask(b"g")


@pytest.mark.parametrize("elf", [TIMER, TASKS], ids=["interrupts", "tasks"])
@pytest.mark.parametrize(("mode", "seen"), [("enter", state), ("skip", registers_only)])
def test_steps_back_meet_every_state_of_the_steps_forward(
    elf: Path, mode: str, seen: Callable[[BareClient], object]
) -> None:
    """Passing over an interrupt, a step back is behind its handler where the step forward was in front of it."""
    with BareClient(board_with(elf)) as client:
        client.monitor(f"interrupts {mode}")
        place = b"%x,2" % board_with(elf).symbol("board_sleep" if elf == TIMER else "main")
        client.ask(b"Z1," + place)
        client.ask(b"c")
        client.ask(b"z1," + place)
        states = [seen(client)]
        for _ in range(700):
            assert client.ask(b"s") == HALTED
            states.append(seen(client))
        for expected in reversed(states[:-1]):
            assert client.ask(b"bs") == HALTED
            assert seen(client) == expected


def test_the_history_ends_where_the_session_began_and_can_be_gone_forward_again(tmp_path: Path) -> None:
    with BareClient(program(tmp_path, 0x2001, 0x2002, 0x2003, 0xE7FE)) as client:  # movs r0 three times; b .
        assert client.ask(b"bc") == NO_MORE
        assert client.ask(b"s") == HALTED
        assert client.ask(b"bs") == HALTED
        assert client.ask(b"bs") == NO_MORE
        assert client.register(15) == 8
        assert client.ask(b"Z1,c,2") == b"OK"
        assert client.ask(b"c") == b"T05thread:1;hwbreak:;"
        assert client.register(0) == 2


def test_watched_accesses_are_met_backward_in_front_of_them(tmp_path: Path) -> None:
    """movs r1,#2; lsls r1,#28; movs r0,#1; str r0,[r1]; movs r0,#2; str r0,[r1]; ldr r2,[r1]; b ."""
    board = program(tmp_path, 0x2102, 0x0709, 0x2001, 0x6008, 0x2002, 0x6008, 0x680A, 0xE7FE)
    with BareClient(board) as client:
        client.ask(b"Z1,16,2")
        client.ask(b"c")
        client.ask(b"Z2,20000000,4")
        found = []
        while b"watch" in (reply := client.ask(b"bc")):
            assert client.ask(b"bs") == HALTED  # gdb's step over the access, in front of which we are
            found.append((client.register(15), client.ask(b"m20000000,1")))
        assert reply == NO_MORE
        assert found == [(0x12, b"01"), (0x0E, b"00")]
        assert b"watch" in client.ask(b"c")
        assert client.register(15) == 0x10


def test_a_breakpoint_in_an_old_stretch_is_found_when_snapshots_were_thinned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "CHECKPOINTS_AT_MOST", 4)
    board = board_with(TIMER)
    with BareClient(board, end_s=1.0) as client:
        place = b"%x,2" % board.symbol("main")
        client.ask(b"Z1," + place)
        client.ask(b"c")
        begin = state(client)
        client.ask(b"z1," + place)
        last = b"%x,2" % board.symbol("line_end")
        client.ask(b"Z1," + last)
        for _ in range(4):
            assert client.ask(b"c") == b"T05thread:1;hwbreak:;"
        end = state(client)
        assert client.ask(b"z1," + last) == b"OK"
        client.ask(b"Z1," + place)
        assert client.ask(b"bc") == b"T05thread:1;hwbreak:;"
        assert state(client) == begin
        client.ask(b"z1," + place)
        client.ask(b"Z1," + last)
        for _ in range(4):
            assert client.ask(b"c") == b"T05thread:1;hwbreak:;"
        assert state(client) == end


# ---- what came from outside ----


def test_what_gdb_changed_is_changed_again_when_the_run_comes_there_again(tmp_path: Path) -> None:
    count = program(tmp_path, 0x2000, 0x3001, 0x3001, 0x3001, 0x3001, 0xE7FE)  # movs r0,#0; adds r0,#1 ...
    with BareClient(count) as client:
        for _ in range(3):
            client.ask(b"s")
        assert client.register(0) == 2
        assert client.ask(b"P0=64000000") == b"OK"
        assert client.ask(b"M20000000,1:55") == b"OK"
        client.ask(b"s")
        assert client.register(0) == 101
        client.ask(b"bs")
        assert client.register(0) == 100
        client.ask(b"bs")
        assert (client.register(0), client.ask(b"m20000000,1")) == (1, b"00")
        client.ask(b"s")
        client.ask(b"s")
        assert (client.register(0), client.ask(b"m20000000,1")) == (101, b"55")
        client.ask(b"bs")
        client.ask(b"bs")
        client.ask(b"P0=0a000000")  # another past has another future
        client.ask(b"s")
        client.ask(b"s")
        assert (client.register(0), client.ask(b"m20000000,1")) == (12, b"00")
        client.ask(b"Z1,12,2")
        assert client.ask(b"c") == b"T05thread:1;hwbreak:;"
        assert client.register(0) == 13


def test_a_button_that_the_host_pressed_is_pressed_again(tmp_path: Path) -> None:
    """movs r3,#12; movs r1,#5; lsls r1,#28; str.w r3,[r1,#0x72c]; movs r2,#2; lsls r2,#28; loop: ldr.w r0,[r1,#0x510];
    str r0,[r2]; b loop"""
    board = program(
        tmp_path, 0x230C, 0x2105, 0x0709, 0xF8C1, 0x372C, 0x2202, 0x0712, 0xF8D1, 0x0510, 0x6010, 0xE7FB
    )  # fmt: skip
    with BareClient(board) as client:
        client.ask(b"Z1,1c,2")
        passes = []
        for turn in range(6):
            client.ask(b"c")
            client.ask(b"z1,1c,2")
            client.ask(b"s")
            client.ask(b"Z1,1c,2")
            passes.append((client.register(0), *state(client)))
            if turn == 2:
                board.press("button1")
        assert passes[2][0] != passes[3][0]
        client.ask(b"z1,1c,2")
        assert client.ask(b"bc") == NO_MORE
        client.ask(b"Z1,1c,2")
        for expected in passes:
            client.ask(b"c")
            client.ask(b"z1,1c,2")
            client.ask(b"s")
            client.ask(b"Z1,1c,2")
            assert (client.register(0), *state(client)) == expected


def test_semihosting_is_served_again_and_the_exit_code_reaches_gdb(tmp_path: Path) -> None:
    def board_in(folder: Path) -> Machine:
        folder.mkdir()
        board = board_with(FIRMWARE / "semihosting_calls.elf")
        board.host.serve_semihosting(folder, command_line="prog -v")
        board.uart("semihosting").write(b"abc\n")
        return board

    alone, board = board_in(tmp_path / "alone"), board_in(tmp_path / "debugged")
    assert alone.run_for(1.0) == "exit"
    with BareClient(board) as client:
        client.ask(b"Z1,%x,2" % board.symbol("main"))
        client.ask(b"c")
        for _ in range(400):
            client.ask(b"s")
        assert b"hwbreak" in client.ask(b"bc")
        assert client.ask(b"c") == b"W%02x" % (alone.host.exit_code or 0)
    assert (board.cycles, board.host.exit_code) == (alone.cycles, alone.host.exit_code)
    assert [line.text for line in board.uart("semihosting").read_new()] == [
        line.text for line in alone.uart("semihosting").read_new()
    ]
    for file in sorted((tmp_path / "alone").iterdir()):
        assert (tmp_path / "debugged" / file.name).read_bytes() == file.read_bytes()
