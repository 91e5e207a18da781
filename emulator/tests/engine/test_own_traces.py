"""`tinysim run --trace` and `tinysim cycles` on it: the count of code without exceptions equals the live run's."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from trace_files import FIRMWARE, PLATFORM, count, record

from tinysim.machine import Machine
from tinysim.trace.count import CycleCount

# Entry and return of an exception fetch code of their own, which the trace does not show.
TOLERANCE_PER_EXCEPTION = 4


class Traced:
    """A live run with its trace counted again."""

    def __init__(self, firmware: Path, path: Path, seconds: float) -> None:
        with Machine(PLATFORM) as machine:
            machine.load(firmware)
            with machine.trace(path) as recorder:
                machine.run_for(seconds)
            counters = machine.record().manifest["counters"]
        self.written = recorder.instructions
        self.active_cycles = counters["cpu.active_cycles"]
        self.instructions = counters["cpu.instructions"]
        self.counted: CycleCount = count(path, firmware)

    @property
    def awake(self) -> int:
        """Counted cycles without sleep."""
        return self.counted.total - self.counted.cycles["sleep"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.trace"


def skip_without_notes(traced: Traced) -> None:
    if traced.counted.counts["accesses"] == 0 or traced.counted.counts["skipped"] == 0:
        pytest.skip("the core does not write accesses and notes yet")


def test_the_trace_has_each_executed_instruction(path: Path) -> None:
    traced = Traced(FIRMWARE / "timing_benchmarks.elf", path, 0.01)
    assert traced.counted.problem is None
    assert abs(traced.written - traced.instructions) <= 1  # the one that the run's end cut
    assert traced.counted.counts["instructions"] == traced.written


@pytest.mark.parametrize("name", ["timing_benchmarks", "nn_kernels"])
def test_the_count_of_code_without_exceptions_equals_the_live_run(name: str, path: Path) -> None:
    traced = Traced(FIRMWARE / f"{name}.elf", path, 0.02)
    skip_without_notes(traced)
    if traced.counted.counts["exceptions"]:
        pytest.skip(f"{name} takes exceptions")
    assert traced.awake == pytest.approx(traced.active_cycles, abs=16)  # of the instruction that the end cut


@pytest.mark.parametrize("name", ["hello", "systick", "two_tasks", "exception_floats"])
def test_exceptions_are_counted_as_the_live_run_took_them(name: str, path: Path) -> None:
    traced = Traced(FIRMWARE / f"{name}.elf", path, 0.02)
    skip_without_notes(traced)
    exceptions = traced.counted.counts["exceptions"]
    assert traced.awake == pytest.approx(traced.active_cycles, abs=16 + TOLERANCE_PER_EXCEPTION * exceptions)


def test_a_name_in_gz_is_packed_and_equal_runs_give_equal_bytes(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one.trace.gz", "two.trace.gz", "plain.trace")]
    for file in files:
        assert record(FIRMWARE / "hello.elf", file, "--for", "2ms") == 0
    packed, again, plain = (file.read_bytes() for file in files)
    assert packed == again
    assert gzip.decompress(packed) == plain


def test_a_trace_that_cannot_be_made_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert record(FIRMWARE / "hello.elf", tmp_path / "none" / "run.trace", "--for", "1ms") == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_full_disk_is_told_and_not_swallowed(capsys: pytest.CaptureFixture[str]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    assert record(FIRMWARE / "hello.elf", Path("/dev/full"), "--for", "1ms") == 2
    assert "cannot be written: No space left" in capsys.readouterr().err
