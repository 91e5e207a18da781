"""A stream at 2 Mbaud beside a busy task: nothing is lost by circular DMA with a quick handler, and a slow one is told.

Fixtures stm32/stm32_uart_ring.c and stm32l4/stm32l4_uart_ring.c (issue 5, acceptance 3).
"""

from __future__ import annotations

from functools import lru_cache

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from prebuilt_firmware import console_text, numbers
from uart_fixtures import PORT, UartBoard, each_board

from tinysim.analyses.summary import summarise
from tinysim.record import Record

BYTES, COUNT = 256 * 24, 251
PHASES = ("ring", "ring_slow", "bytes", "bytes_slow")
QUICK = ("ring", "bytes")
LIMIT_S = 0.2
BYTE_S, SILENCE_S = 10 / 2_000_000, 0.004
SLOW_FUNCTIONS = ("on_byte", "wait_us", "board_time_us", "timer_now_us")  # where the handler lasts
CONSOLE_LINE_S = 90 * 10 / 115_200


@lru_cache(maxsize=2)
def run(board: UartBoard) -> tuple[dict[str, dict[str, int]], dict[str, float], Record]:
    """The numbers of each phase, the seconds that each lasted, and the record."""
    content = bytes(index % COUNT for index in range(BYTES))
    found, lasted = {}, {}
    with board.machine("uart_ring") as machine:
        for phase in PHASES:
            begin_s = machine.uart().wait_for(f"TS ready phase={phase}$", timeout=LIMIT_S).time
            machine.uart(PORT).write(content)
            end = machine.uart().wait_for(f"TS {phase} .*", timeout=LIMIT_S)
            found[phase], lasted[phase] = numbers(end.line), end.time - begin_s
        machine.uart().wait_for("TS done", timeout=LIMIT_S)
        assert machine.gaps == []
        return found, lasted, machine.record()


@each_board
@pytest.mark.parametrize("phase", QUICK)
def test_a_quick_handler_loses_nothing_while_the_task_works(board: UartBoard, phase: str) -> None:
    got = run(board)[0][phase]
    assert (got["received"], got["wrong"], got["late_halves"], got["overruns"]) == (BYTES, 0, 0, 0)
    assert got["turns"] > 20


@each_board
@pytest.mark.parametrize("phase", QUICK)
def test_the_bytes_come_at_line_rate(board: UartBoard, phase: str) -> None:
    lasted_s = run(board)[1][phase]
    assert 0 <= lasted_s - BYTES * BYTE_S - SILENCE_S <= CONSOLE_LINE_S


@each_board
def test_a_handler_longer_than_half_a_ring_is_overtaken_and_the_guest_says_so(board: UartBoard) -> None:
    found, _, record = run(board)
    assert found["ring_slow"]["late_halves"] > 0
    assert found["ring_slow"]["wrong"] > 0
    assert "TS error what=uart_ring_overwritten" in console_text(record, board.console)


@each_board
def test_an_interrupt_longer_than_a_byte_overruns_the_receiver_and_it_is_reported(board: UartBoard) -> None:
    found, _, record = run(board)
    assert found["bytes_slow"]["overruns"] > 0 and found["bytes_slow"]["wrong"] > 0
    assert record.manifest["counters"][f"{PORT}.overruns"] >= found["bytes_slow"]["overruns"]
    (warning,) = record.manifest["warnings"]
    assert PORT in warning["text"] and "ORE" in warning["text"]
    (finding,) = (each for each in summarise(record).findings if each.code == "warning")
    assert finding.message == warning["text"]
    assert finding.where.split()[0] in SLOW_FUNCTIONS


@each_board
def test_snapshots_in_the_middle_of_the_stream_lead_to_the_same_end(board: UartBoard) -> None:
    content = bytes(index % COUNT for index in range(1024))
    with board.machine("uart_ring") as machine:
        machine.uart().wait_for("TS ready phase=ring", timeout=LIMIT_S)
        machine.uart(PORT).write(content)
        machine.run_for(0.001_237)
        state = machine.snapshot()
        ends = []
        for _ in range(2):
            end = machine.uart().wait_for("TS ring .*", timeout=LIMIT_S)
            ends.append((end.cycles, end.line))
            machine.restore(state)
        assert ends[0] == ends[1]
