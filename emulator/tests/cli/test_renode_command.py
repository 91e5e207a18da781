"""`tinysim run --engine renode`, compare and doctor: exit codes and orphans with no Renode and with stand-ins."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")
sys.path.append(str(Path(__file__).resolve().parents[1] / "engine"))

from engine_command import FIRMWARE, HELLO, ROOT, SINGLE, TAP, run
from stand_in import StandIn, install

from tinysim.cli import main

CONSOLE = str(FIRMWARE / "console.elf")
TRACES = ROOT.parent / "shared" / "renode" / "trace"
START_LIMIT_S = 30.0


def on_renode(*arguments: str) -> int:
    return run(CONSOLE, "--engine", "renode", "--for", "50ms", *arguments)


@pytest.fixture
def no_renode(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TINYSIM_RENODE", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("no_renode")
@pytest.mark.parametrize("arguments", [["run", "--engine", "renode"], ["compare"]])
def test_without_a_renode_it_is_said_how_to_get_one(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*arguments, "--platform", "nrf52840", HELLO]) == 4
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert "no Renode is installed; get one: `pip install git+https://github.com/antmicro/renode-run`" in lines[0]


@pytest.mark.usefixtures("no_renode")
def test_doctor_says_that_there_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    assert "missing renode " in capsys.readouterr().out


def test_a_named_program_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TINYSIM_RENODE", "/nowhere/renode")
    assert on_renode() == 4
    assert "TINYSIM_RENODE=/nowhere/renode is not there" in capsys.readouterr().err


@pytest.mark.parametrize("version", ["1.14.0", "1.16.1"])
def test_doctor_prints_version_and_place(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in = install(tmp_path, monkeypatch, version=version)
    main(["doctor"])
    line = next(line for line in capsys.readouterr().out.splitlines() if " renode " in line)
    assert line.startswith(f"ok      renode              {version}")
    assert f"($TINYSIM_RENODE: {stand_in.program})" in line


def test_a_run_prints_lines_and_what_is_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch)
    assert on_renode("-o", str(tmp_path / "out")) == 0
    shown = capsys.readouterr().out
    assert "[   0.018000 s] model loaded in 12 ms" in shown
    assert "engine renode" in shown
    assert "absent    stage, exception, sleep, dma" in shown
    assert "CPU load" not in shown
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["absent"]


def test_json_has_null_for_what_rests_on_the_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch)
    assert on_renode("--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["load"], data["deadline"]) == (None, None)
    assert "sleep" in data["absent"]


def test_until_stops_at_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch)
    assert on_renode("--until", "model loaded") == 0
    assert "stopped: until (model loaded) after 0.018000 s" in capsys.readouterr().out


@pytest.mark.skipif(not TRACES.is_dir(), reason="the recordings of Renode are not beside the checkout")
def test_cycles_are_counted_from_the_trace_and_labelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch)
    monkeypatch.setenv("STAND_IN_TRACE", str(TRACES / "1.16.1" / "bin-pcopcode-mem.bin"))
    elf, out = str(TRACES / "trace.elf"), tmp_path / "out"
    assert (
        run(elf, "--engine", "renode", "--for", "1ms", "--cycles", "--stage", "tick=SysTick_Handler", "-o", str(out))
        == 0
    )
    shown = capsys.readouterr().out
    assert "timing model over Renode's trace: CPU timing without contention" in shown
    assert "for 271 instructions; Renode's own time for them: 0.004 ms" in shown
    assert "tick: 1 calls, " in shown
    counted = json.loads((out / "manifest.json").read_text())["trace_cycles"]
    assert (counted["instructions"], counted["complete"]) == (271, True)
    assert counted["stages"][0]["name"] == "tick"


def test_cycles_are_renodes_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(HELLO, "--cycles") == 2
    assert "--cycles: counts Renode's trace" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("mode", "version", "code"),
    [
        ("crash-start", "1.16.1", 4), ("crash-run", "1.14.0", 4), ("hang-start", "1.16.1", 4),
        ("hang-run", "1.16.1", 4), ("stubborn", "1.16.1", 4), ("fine", "1.12.0", 4), ("no-version", "1.16.1", 4),
        ("refuse-platform", "1.16.1", 1), ("abort", "1.16.1", 3),
    ],
)  # fmt: skip
def test_exit_codes_of_a_broken_one(
    mode: str,
    version: str,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    stand_in = install(tmp_path, monkeypatch, mode=mode, version=version, limit_s=2.0)
    assert on_renode() == code
    errors = [line for line in capsys.readouterr().err.splitlines() if line.startswith("tinysim: error: ")]
    assert len(errors) == 1
    assert stand_in.left() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_to_tinysim_leaves_no_orphan(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = install(tmp_path, monkeypatch, mode="hang-run", limit_s=60.0)
    command = [sys.executable, "-m", "tinysim.cli", "run", CONSOLE, "--platform", "nrf52840", "--engine", "renode"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    tinysim = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for_run(stand_in)
    tinysim.send_signal(number)
    if number == signal.SIGINT:  # the first one asks between two slices; the second one breaks off
        time.sleep(0.2)
        tinysim.send_signal(number)
    assert tinysim.wait(START_LIMIT_S) != 0
    assert stand_in.left() == []


def wait_for_run(stand_in: StandIn) -> None:
    """Until Renode has been told to run."""
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        if any("RunFor" in path.read_text() for path in stand_in.temporary.glob("*/commands.txt")):
            return
        time.sleep(0.05)
    raise AssertionError("Renode was never told to run")


# ---- compare ----


def test_an_engine_is_the_same_as_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", HELLO, "--platform", "nrf52840", "--engines", "native,native", "--for", "50ms"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].startswith("native 1 and native 2: ")
    assert shown[-1] == "the same"


def test_the_first_divergence_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch)
    assert main(["compare", HELLO, "--platform", "nrf52840", "--for", "50ms"]) == 1
    shown = capsys.readouterr().out
    assert "console  uart0, line 1" in shown
    assert "renode:     'boot: hello from console' at 0.000000 s" in shown
    assert shown.splitlines()[-1] == "they differ"


def test_other_than_two_engines_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", HELLO, "--platform", "nrf52840", "--engines", "native"]) == 2
    assert "'native' is not two engines" in capsys.readouterr().err


# ---- suites ----

SUITE = """*** Test Cases ***
It Boots
    Execute Command    mach create "board"
    Execute Command    machine LoadPlatformDescription @platforms/boards/nrf52840dk.repl
    Execute Command    sysbus LoadELF @{firmware}
    Create Terminal Tester    sysbus.uart0
    ${{found}}=    Wait For Line On Uart    model loaded in (\\\\d+) ms    treatAsRegex=true    timeout=1
    Should Be Equal    ${{found.Groups[0]}}    12
"""


def test_a_suite_runs_on_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("robot", reason="Robot Framework is not installed")
    stand_in = install(tmp_path, monkeypatch)
    (tmp_path / "boots.robot").write_text(SUITE.format(firmware=CONSOLE))
    command = [sys.executable, "-m", "tinysim.cli", "robot", "--engine", "renode", "-o", "out", "boots.robot"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert stand_in.left() == []


# ---- RESD on the native engine ----


def test_a_stream_as_resd_gives_the_run_of_its_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    resd = tmp_path / "tap.resd"
    assert main(["stream", "convert", SINGLE, str(resd)]) == 0
    assert "tap.resd: 800 samples of acceleration in micro_g" in capsys.readouterr().out
    summaries = []
    for stream in (SINGLE, str(resd)):
        assert run(TAP, "--stream", stream, "--for", "500ms", "--json", "--quiet") == 0
        summaries.append(json.loads(capsys.readouterr().out))
    assert summaries[0]["load"] == summaries[1]["load"]
    assert summaries[0]["samples"] == summaries[1]["samples"]


def test_only_resd_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stream", "convert", SINGLE, str(tmp_path / "tap.npy")]) == 2
    assert "only RESD is written" in capsys.readouterr().err
