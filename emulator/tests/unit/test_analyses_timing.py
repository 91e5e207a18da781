from __future__ import annotations

import numpy as np
import pytest
from record_builder import CLOCK_HZ, RecordBuilder, cycles

from tinysim.analyses.deadline import analyse_deadline, deadline_findings
from tinysim.analyses.load import analyse_load
from tinysim.analyses.stages import analyse_stages, stage_findings
from tinysim.analyses.timebase import merged, timebase
from tinysim.record import Record

BOOT = "TS boot app=tap odr=200 window=80 hop=40\n"


def test_time_follows_a_clock_that_changes() -> None:
    builder = RecordBuilder(2.0)
    builder.row("clock", cycle=0, time_ns=0, hz=64_000_000)
    builder.row("clock", cycle=64_000_000, time_ns=1_000_000_000, hz=1_000_000)
    clock = timebase(builder.build())
    np.testing.assert_allclose(clock.seconds([0, 32_000_000, 64_000_000, 64_500_000]), [0, 0.5, 1.0, 1.5])


def test_an_empty_record_has_a_clock_and_no_load() -> None:
    record = Record({}, {})
    assert timebase(record).elapsed_s == 0
    assert analyse_load(record).active_fraction == 0
    assert analyse_stages(record) == ()
    assert analyse_deadline(record) is None


def test_nested_spans_count_once() -> None:
    enter, leave = np.array([10, 12, 30], np.uint64), np.array([20, 14, 31], np.uint64)
    assert [part.tolist() for part in merged(enter, leave)] == [[10, 30], [20, 31]]


def test_stage_cycles_are_observed_values() -> None:
    builder = RecordBuilder()
    for number, length_us in enumerate([100, 300, 200, 1000]):
        builder.stage("inference", 0.1 * number, 0.1 * number + length_us * 1e-6)
    (stage,) = analyse_stages(builder.build())
    assert (stage.count, stage.min_cycles, stage.median_cycles, stage.p95_cycles, stage.max_cycles) == (
        4, 6_400, 12_800, 64_000, 64_000,
    )  # fmt: skip
    assert stage.total_cycles == 102_400
    assert stage.share_of_run == pytest.approx(102_400 / CLOCK_HZ)
    assert stage.max_s == pytest.approx(1e-3)


def test_a_stage_that_was_never_called_is_listed_empty() -> None:
    builder = RecordBuilder()
    builder.manifest["stages"] = [{"name": "inference", "symbol": "nn_invoke"}]
    (stage,) = analyse_stages(builder.build())
    assert (stage.count, stage.median_cycles) == (0, None)
    assert [finding.severity for finding in stage_findings((stage,))] == ["note"]


def test_a_stage_still_open_at_the_end_of_the_run_ends_there() -> None:
    builder = RecordBuilder(1.0)
    builder.stage("inference", 0.75, 0.0)
    (stage,) = analyse_stages(builder.build())
    assert stage.max_cycles == cycles(0.25)


def test_load_is_what_is_not_sleep() -> None:
    load = analyse_load(RecordBuilder(1.0).sleep(0.0, 0.5).sleep(0.75, 1.0).build())
    assert load.active_fraction == pytest.approx(0.25)
    assert load.peak_fraction == pytest.approx(1.0)
    assert load.sleeps == 2


def test_a_cpu_that_never_sleeps_is_fully_loaded() -> None:
    builder = RecordBuilder(1.0)
    builder.manifest["counters"]["cpu.instructions"] = CLOCK_HZ // 2
    load = analyse_load(builder.build())
    assert (load.active_fraction, load.peak_fraction, load.cycles_per_instruction) == (1.0, 1.0, 2.0)


def hops(*busy_ms: float) -> RecordBuilder:
    """One window of 200 ms after another: data ready, stage, line 2 ms later."""
    builder = RecordBuilder(0.2 * (len(busy_ms) + 1)).say(0.01, BOOT)
    builder.manifest["lines"] = ["led1", "accelerometer.Interrupt1"]
    for number, busy in enumerate(busy_ms):
        start_s = 0.2 * (number + 1)
        builder.row("line", id=1, cycle=cycles(start_s - 0.001), level=1)
        builder.row("line", id=1, cycle=cycles(start_s - 0.0005), level=0)
        builder.stage("inference", start_s, start_s + busy * 1e-3)
        builder.say(start_s + busy * 1e-3 + 0.004, f"TS win n={number} class=none\n")
    return builder


def test_the_worst_slack_is_the_hop_less_the_longest_window() -> None:
    deadline = analyse_deadline(hops(2.0, 5.0, 3.0).build())
    assert deadline is not None
    assert deadline.period_s == pytest.approx(0.2)
    assert deadline.worst_slack_s == pytest.approx(0.195)
    assert (deadline.worst_window, deadline.windows, deadline.missed) == ("window 1", 3, 0)
    assert deadline.worst_response_s == pytest.approx(0.010)
    assert deadline_findings(deadline) == []


def test_a_window_longer_than_its_hop_is_a_missed_deadline() -> None:
    deadline = analyse_deadline(hops(2.0, 210.0).build())
    (finding,) = deadline_findings(deadline)
    assert (finding.code, finding.severity, finding.where) == ("deadline-missed", "error", "window 1")


def test_a_budget_period_wins_over_the_boot_line() -> None:
    builder = hops(2.0, 5.0)
    builder.manifest["options"]["deadline_period_ms"] = 4
    deadline = analyse_deadline(builder.build())
    assert deadline is not None
    assert (deadline.period_source, deadline.missed) == ("budget", 1)


def test_nested_stages_are_not_added_twice() -> None:
    deadline = analyse_deadline(hops(5.0).stage("softmax", 0.201, 0.202).build())
    assert deadline is not None
    assert deadline.worst_busy_s == pytest.approx(0.005)


def test_without_stages_the_awake_cpu_counts_as_busy() -> None:
    builder = RecordBuilder(0.4).say(0.01, BOOT).say(0.2, "TS win n=0\n").say(0.4, "TS win n=1\n").sleep(0.22, 0.38)
    deadline = analyse_deadline(builder.build())
    assert deadline is not None
    assert deadline.busy_source.startswith("CPU awake")
    assert (deadline.worst_window, deadline.windows) == ("window 1", 1)
    assert deadline.worst_busy_s == pytest.approx(0.04, abs=0.002)


def test_without_window_lines_a_budget_is_judged_by_periods() -> None:
    builder = RecordBuilder(1.0).stage("inference", 0.25, 0.29).stage("inference", 0.55, 0.6)
    builder.manifest["options"]["deadline_period_ms"] = 100
    deadline = analyse_deadline(builder.build())
    assert deadline is not None
    assert (deadline.windows, deadline.worst_window) == (10, "period 5")
    assert deadline.worst_slack_s == pytest.approx(0.05)
