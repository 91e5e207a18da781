"""tinysim on a real Renode, 1.14 or newer: run wherever one is found (`pytest -m renode`), else skipped and why.

A failure shows the commands sent, the platform file and Renode's whole log.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tinysim import Machine
from tinysim.cli import main
from tinysim.engines.renode_find import FoundRenode, find_renode
from tinysim.errors import TinysimError
from tinysim.platform.files import platform_directories

pytestmark = pytest.mark.renode

ROOT = Path(__file__).resolve().parents[3]
PREBUILT = ROOT / "firmware" / "prebuilt"
HELLO = PREBUILT / "nrf52840dk" / "hello.elf"
BOARDS = sorted(path.stem for folder in platform_directories() for path in (folder / "boards").glob("*.repl"))
RESD_SINCE = (1, 15)


@pytest.fixture(scope="module")
def renode() -> FoundRenode:
    try:
        return find_renode()
    except TinysimError as error:
        pytest.skip(str(error))


@pytest.fixture
def board(renode: FoundRenode) -> Iterator[Callable[..., Machine]]:
    """Makes machines on Renode; what they sent and what Renode said goes into a failure's report."""
    made: list[Machine] = []

    def make(platform: str = "nrf52840dk", firmware: Path | None = HELLO) -> Machine:
        machine = Machine(platform, engine="renode")
        made.append(machine)
        if firmware is not None:
            with explained(machine):
                machine.load(firmware)
        return machine

    yield make
    for machine in made:
        machine.close()


@contextmanager
def explained(machine: Machine) -> Iterator[None]:
    """Add the transcript to whatever goes wrong."""
    try:
        yield
    except BaseException as error:
        error.add_note(machine.engine.transcript())  # type: ignore[attr-defined]
        raise


def test_the_native_engine_and_renode_print_the_same(board: Callable[..., Machine]) -> None:
    machine = board()
    with explained(machine):
        machine.run_for(0.05)
        lines = [line.text for line in machine.uart().read_new()]
        with Machine("nrf52840dk") as native:
            native.load(HELLO)
            native.run_for(0.05)
            assert lines == [line.text for line in native.uart().read_new()]
        assert lines


def test_time_advances_exactly_as_asked(board: Callable[..., Machine]) -> None:
    machine = board()
    with explained(machine):
        for expected_s in (0.001, 0.002, 0.012):
            machine.run_for(expected_s - machine.time)
            assert machine.time == pytest.approx(expected_s, abs=2e-6)
        assert machine.record().manifest["counters"]["cpu.instructions"] > 0


def test_a_line_is_waited_for_and_stamped(board: Callable[..., Machine]) -> None:
    machine = board()
    with explained(machine):
        hit = machine.uart().wait_for(".+", timeout=1.0)
        assert 0 <= hit.time <= machine.time
        stamps = machine.record().arrays["uart.uart0.cycle"]
        assert (np.diff(stamps.astype(np.int64)) >= 0).all()


def test_memory_and_registers_are_read_and_written(board: Callable[..., Machine]) -> None:
    machine = board()
    with explained(machine):
        content = bytes(range(256)) * 20
        machine.write_memory(0x2003_0000, content)
        assert machine.read_memory(0x2003_0000, len(content)) == content
        machine.run_for(0.001)
        assert {"r0", "r12", "sp", "lr", "pc", "xpsr"} <= set(machine.registers)


def test_lights_are_seen_and_buttons_pressed(board: Callable[..., Machine]) -> None:
    machine = board()
    with explained(machine):
        machine.run_for(0.001)
        assert machine.led("led1").state in (True, False)
        machine.press("button1")
        machine.release("button1")


@pytest.mark.parametrize("name", BOARDS)
def test_a_platform_of_ours_is_taken(name: str, board: Callable[..., Machine]) -> None:
    machine = board(name, firmware=None)
    with explained(machine):
        assert machine.engine.uart_names()


def test_a_recording_is_played_by_the_accelerometer(
    renode: FoundRenode, board: Callable[..., Machine], tmp_path: Path
) -> None:
    if not renode.is_at_least(*RESD_SINCE):
        pytest.skip(f"Renode {renode.version_text} has no feeding by RESD")
    (tmp_path / "still.csv").write_text("t_ms,ax_g,ay_g,az_g\n0,0.25,0,1\n1000,0.25,0,1\n2000,0.25,0,1\n")
    machine = board()
    with explained(machine):
        machine.attach_stream("accelerometer", tmp_path / "still.csv")
        machine.run_for(0.01)


@pytest.fixture
def command(
    renode: FoundRenode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Runs `tinysim ...` and returns what it printed; an exit code other than 0 fails with all that is known."""

    def run(*arguments: str) -> str:
        monkeypatch.setenv("TINYSIM_RENODE_KEEP", "1")
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        monkeypatch.setattr("tempfile.tempdir", None)
        code = main(list(arguments))
        said = capsys.readouterr()
        kept = [
            path for path in sorted(tmp_path.glob("tinysim-renode-*/*")) if path.suffix in (".txt", ".repl", ".log")
        ]
        texts = "\n".join(f"---- {path.name} ----\n{path.read_text(errors='replace')}" for path in kept)
        assert code == 0, f"exit code {code}\n{said.out}\n{said.err}\n{texts}"
        return said.out

    return run


def test_a_trace_is_counted_by_the_timing_model(command: Callable[..., str]) -> None:
    arguments = (str(HELLO), "--platform", "nrf52840dk", "--engine", "renode", "--for", "2ms")
    assert "timing model over Renode's trace" in command("run", *arguments, "--cycles")


def test_compare_finds_no_difference(command: Callable[..., str]) -> None:
    assert "the same" in command("compare", str(HELLO), "--platform", "nrf52840dk", "--for", "50ms")


def test_nothing_of_it_is_left(
    renode: FoundRenode, board: Callable[..., Machine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    machine = board()
    with explained(machine):
        machine.run_for(0.001)
    machine.close()
    assert list(tmp_path.iterdir()) == []
    commands = (Path(f"/proc/{pid}/cmdline") for pid in os.listdir("/proc") if pid.isdecimal())
    assert not [path for path in commands if path.exists() and str(tmp_path).encode() in path.read_bytes()]
