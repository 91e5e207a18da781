"""Each way from one STM32 timer to another, to a pin and to DMA.

Fixtures stm32/stm32_timer_paths.c and stm32l4/stm32l4_timer_paths.c. The record has the edge of a pin at its cycle.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from prebuilt_firmware import console_text, numbers
from timer_fixtures import BOARDS, TimerBoard

from tinysim.machine import Machine
from tinysim.record import Record

RUN_S, LAST_LINE = 0.2, "of=burst"
ROUNDED_US = 0.002  # of two times, in nanoseconds each
CAPTURED, LOST = 1 << 1, 1 << 9  # CC1IF, CC1OF


@dataclass(frozen=True)
class Run:
    board: TimerBoard
    record: Record
    text: str
    gaps: int

    def path(self, name: str) -> tuple[int, int]:
        """The two numbers of the line that the path printed."""
        found = re.search(rf"^TS path of={name} (.*)$", self.text, flags=re.MULTILINE)
        assert found is not None, self.text
        line = numbers(found[1])
        return line["first"], line["second"]

    def edges_us(self, pin: str) -> list[tuple[float, bool]]:
        """Times from the pin's first edge on, and levels."""
        arrays = self.record.arrays
        of_pin = arrays["line.id"] == self.record.manifest["lines"].index(pin)
        cycles, levels = arrays["line.cycle"][of_pin].tolist(), arrays["line.level"][of_pin].tolist()
        scale = 1e6 / self.board.cpu_hz
        return [(round((at - cycles[0]) * scale, 3), bool(level)) for at, level in zip(cycles, levels, strict=True)]


@pytest.fixture(scope="module", params=BOARDS, ids=lambda board: board.prefix)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    board: TimerBoard = request.param
    with board.machine("timer_paths", tmp_path_factory.mktemp("wired")) as machine:
        machine.run_for(RUN_S)
        record = machine.record()
        yield Run(board, record, console_text(record, board.console), len(machine.gaps))


def test_the_fixture_ends_without_a_gap_or_a_finding(run: Run) -> None:
    assert LAST_LINE in run.text
    assert run.gaps == 0
    assert run.record.manifest["warnings"] == []


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("reset", (50, 1)),  # the count of the master, TIF
        ("gated", (20 * 25 + 25, 1)),
        ("trigger", (70 - 25, 1)),  # and CEN is set
        ("clock", (12, 0)),
        ("etr", (6, 0)),
        ("overcapture", (CAPTURED | LOST, LOST)),
        ("one_pulse", (0, 1 << 3)),  # CEN is off, OPM stays
        ("encoder", (20, 0)),
        ("repetition", (5 * 4 * 100, 0)),
        ("break", (0, 330)),
        ("burst", (11 + 22 * 100 + 33 * 10_000, 44 + 55 * 100 + 66 * 10_000)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_path_between_timers_leaves_its_two_numbers(run: Run, path: str, wanted: tuple[int, int]) -> None:
    assert run.path(path) == wanted


def test_period_and_width_are_captured_to_the_clock(run: Run) -> None:
    period = run.board.timer_hz // 10_000
    assert run.path("capture") == (period, period // 4)


def near(time_us: float) -> object:
    return pytest.approx(time_us, abs=ROUNDED_US)


def test_pwm_on_a_pin_has_its_period_and_width(run: Run) -> None:
    edges = run.edges_us("pwm")[-20:-2]  # ahead of them: the path to ETR; behind: the output is switched off
    start = edges[0][0]
    wanted = [(100.0 * period + after, after == 0.0) for period in range(9) for after in (0.0, 40.0)]
    assert [(at - start, level) for at, level in edges] == [(near(at), level) for at, level in wanted]


def test_pwm_reaches_an_led_through_its_pin(run: Run) -> None:
    edges = run.edges_us("led2")
    start = edges[1][0]
    wanted = [(0.0, False), (75.0, True), (100.0, False), (175.0, True), (200.0, False)]
    assert [(at - start, level) for at, level in edges[1:6]] == [(near(at), level) for at, level in wanted]


def test_one_pulse_comes_once(run: Run) -> None:
    assert run.edges_us("main")[:2] == [(0.0, True), (near(30.0), False)]


def test_complementary_outputs_leave_a_dead_time_and_the_break_ends_them(run: Run) -> None:
    pulse_edges = 2
    main, other = run.edges_us("main")[pulse_edges:], run.edges_us("complement")
    start = main[1][0]  # the first fall; the rise is the write that switched the output on
    after = [(at - start, level) for at, level in main[1:5]]
    assert after == [(near(0.0), False), (near(76.5), True), (near(100.0), False), (near(176.5), True)]
    spans = list(zip(other[0::2], other[1::2], strict=True))
    assert [fall - rise for (rise, _), (fall, _) in spans[:3]] == [near(75.0 - 1.5)] * 3
    assert main[-1][1] is False and other[-1][1] is False


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.prefix)
def test_snapshots_on_the_way_lead_to_the_same_end(board: TimerBoard, tmp_path: Path) -> None:
    steps, step_s = 30, 0.0022

    def end(machine: Machine, done: int) -> tuple[list[int], list[int]]:
        machine.run_for(RUN_S / 2 - done * step_s)
        arrays = machine.record().arrays
        return arrays["line.cycle"].tolist(), arrays[f"uart.{board.console}.byte"].tolist()

    with board.machine("timer_paths", tmp_path) as machine:
        snapshots = []
        for _ in range(steps):
            machine.run_for(step_s)
            snapshots.append(machine.snapshot())
        wanted = end(machine, steps)
        for done, snapshot in enumerate(snapshots, start=1):
            machine.restore(snapshot)
            assert end(machine, done) == wanted
