"""`tinysim run --engine renode --cycles` on the stand-in: the trace is counted while it grows, and nothing hangs."""

from __future__ import annotations

import _thread
import json
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")
sys.path.append(str(Path(__file__).resolve().parents[1] / "engine"))

from engine_command import TAP, run
from stand_in import StandIn, install
from trace_files import PLATFORM, record

from tinysim import Machine
from tinysim.cli.traced_cycles import CountBesideRun
from tinysim.errors import InputError
from tinysim.trace import count, source
from tinysim.trace.count import count_cycles

GIVE_UP_S = 600.0  # long beyond any test: one that waits for it hangs


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trace that the stand-in says is its guest's, some chunks long."""
    path = tmp_path_factory.mktemp("recorded") / "guest.trace"
    assert record(Path(TAP), path, "--for", "100ms") == 0
    assert path.stat().st_size > 6 * source.CHUNK_BYTES
    return path


@pytest.fixture
def gate(recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Renode has written half of its trace when it runs, and does not end the run before this file is there."""
    monkeypatch.setenv("STAND_IN_TRACE", str(recorded))
    monkeypatch.setenv("STAND_IN_GATE", str(tmp_path / "gate"))
    return tmp_path / "gate"


def cycles(*arguments: str, firmware: str = TAP) -> int:
    return run(firmware, "--engine", "renode", "--for", "1ms", "--quiet", "--cycles", *arguments)


def left_behind(stand_in: StandIn) -> list[str]:
    """Threads, open files and files on the disk that belong to a trace, and processes."""
    threads = [thread.name for thread in threading.enumerate() if thread.name.startswith("tinysim")]
    opened = [target for fd in Path("/proc/self/fd").glob("*") if "trace" in (target := target_of(fd))]
    files = [str(path) for path in stand_in.temporary.rglob("*trace*")]
    return [*threads, *opened, *files, *map(str, stand_in.left())]


def target_of(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except OSError:  # the one that listed the others
        return ""


@pytest.mark.parametrize("kept", [None, "kept.trace"])
def test_the_count_has_gone_on_before_the_run_ends(
    kept: str | None, gate: Path, recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = install(tmp_path, monkeypatch)

    def told(path: Path, ended: threading.Event | None) -> Generator[source.Piece]:
        for piece in source.pieces(path, ended):
            yield piece
            gate.touch()  # a piece is counted: only now the run can end

    monkeypatch.setattr(count, "pieces", told)
    arguments = ["-o", str(tmp_path / "out")]
    if kept is not None:
        (tmp_path / kept).write_text("a trace of an earlier run, say")
        arguments += ["--trace", str(tmp_path / kept)]
    assert cycles(*arguments) == 0
    counted = json.loads((tmp_path / "out" / "manifest.json").read_text())["trace_cycles"]
    behind = count_cycles(recorded, TAP, PLATFORM)
    assert (counted["cycles"], counted["complete"]) == (behind.total, True)
    assert counted["instructions"] == behind.counts["instructions"]
    assert kept is None or (tmp_path / kept).read_bytes() == recorded.read_bytes()
    assert left_behind(stand_in) == []


@pytest.mark.parametrize("kept", [(), ("--trace", "a"), ("--trace", "a.gz")], ids=["not kept", "plain", "packed"])
@pytest.mark.usefixtures("gate")
def test_a_crash_in_the_middle_is_told_and_leaves_nothing(
    kept: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in = install(tmp_path, monkeypatch, mode="crash-run")
    monkeypatch.chdir(tmp_path)
    assert cycles(*kept) == 4
    assert "emulation RunFor" in capsys.readouterr().err
    assert left_behind(stand_in) == []


def test_ctrl_c_in_a_run_that_does_not_answer_ends_at_once(
    gate: Path, recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = install(tmp_path, monkeypatch, limit_s=GIVE_UP_S)
    trace = tmp_path / "run.bin"

    def interrupt() -> None:
        while not any("RunFor" in path.read_text() for path in stand_in.temporary.glob("*/commands.txt")):
            time.sleep(0.01)
        _thread.interrupt_main()

    with (
        pytest.raises(KeyboardInterrupt),
        Machine("nrf52840dk", engine="renode") as machine,
        CountBesideRun(trace, TAP, PLATFORM) as counting,
    ):
        machine.load(TAP)
        with machine.trace(trace):
            counting.begin()
            threading.Thread(target=interrupt).start()
            machine.run_for(0.001)
    assert trace.read_bytes() == recorded.read_bytes()[: recorded.stat().st_size // 2]
    assert not gate.exists()
    assert left_behind(stand_in) == []


def test_what_the_count_refuses_is_told_at_the_end_of_the_run(
    gate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in = install(tmp_path, monkeypatch)
    gate.touch()
    image = tmp_path / "firmware.hex"
    image.write_text(":0400000000400020" + "9C" + "\n:00000001FF\n")
    assert cycles(firmware=str(image)) == 2
    assert "firmware.hex: has no symbols" in capsys.readouterr().err
    assert left_behind(stand_in) == []


def test_a_trace_that_never_appears_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(InputError, match=r"none\.trace: cannot be read: No such file"),
        CountBesideRun(tmp_path / "none.trace", TAP, PLATFORM) as counting,
    ):
        counting.begin()
        counting.result()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("tinysim-cycles")]


def test_an_abandoned_count_does_not_wait_for_its_trace(tmp_path: Path) -> None:
    with CountBesideRun(tmp_path / "none.trace", TAP, PLATFORM) as counting:
        counting.begin()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("tinysim-cycles")]
