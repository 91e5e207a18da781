"""`tinysim robot`: suites of ours and of Renode's kind, exit codes, and what a failure names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("robot", reason="robotframework is not installed")
pytest.importorskip("tinysim._core", reason="the native engine is not built")

from engine_command import HELLO

MACHINE = f"""
    Execute Command    mach create
    Execute Command    machine LoadPlatformDescription @platforms/boards/nrf52840dk.repl
    Execute Command    sysbus LoadELF @{HELLO}
    Create Terminal Tester    sysbus.uart0
"""


def run(folder: Path, suite: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "suite.robot").write_text(suite, encoding="utf-8")
    command = [sys.executable, "-m", "tinysim.cli", "robot", "-o", "out", *options, "suite.robot"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_suite_for_renode_without_any_settings_runs(tmp_path: Path) -> None:
    done = run(tmp_path, f"*** Test Cases ***\nShould Say Hello{MACHINE}    Wait For Line On Uart    TS hello\n")
    assert done.returncode == 0, done.stdout
    assert "1 test, 1 passed, 0 failed" in done.stdout
    assert "virtual 0.0" in done.stdout
    assert (tmp_path / "out" / "junit.xml").is_file()
    assert (tmp_path / "out" / "log.html").is_file()


def test_a_failed_test_exits_with_1(tmp_path: Path) -> None:
    text = f"*** Test Cases ***\nShould Fail{MACHINE}    Wait For Line On Uart    never    timeout=0.1\n"
    done = run(tmp_path, text)
    assert done.returncode == 1
    assert "InvalidOperationException: Terminal tester failed!" in done.stdout


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "Execute Python    1+1",
            "KeywordException: Execute Python is not supported by tinysim: there is no IronPython",
        ),
        ("Wait For Miracle", "No keyword with name 'Wait For Miracle' found."),
        ("Execute Command    sysbus Levitate", "Levitate"),
    ],
)
def test_what_is_not_supported_is_named(tmp_path: Path, line: str, said: str) -> None:
    done = run(tmp_path, f"*** Test Cases ***\nShould Fail{MACHINE}    {line}\n")
    assert done.returncode == 1
    assert said in done.stdout


def test_robots_own_options_are_handed_on(tmp_path: Path) -> None:
    suite = "*** Test Cases ***\nOne\n    [Tags]    a\n    No Operation\nTwo\n    Fail\n"
    done = run(tmp_path, suite, "--include", "a", "--variable", "WORD:x")
    assert done.returncode == 0, done.stdout
    assert "1 test, 1 passed" in done.stdout


def test_a_suite_that_is_missing_exits_with_2(tmp_path: Path) -> None:
    done = run(tmp_path, "", "nothing.robot")
    assert done.returncode == 2


@pytest.mark.parametrize(("engine", "code", "said"), [("renode", 4, "renode"), ("qemu", 2, "unknown engine 'qemu'")])
def test_an_engine_that_is_not_there_is_refused_before_anything_runs(
    tmp_path: Path, engine: str, code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TINYSIM_RENODE", "/nowhere/renode")
    done = run(tmp_path, "*** Test Cases ***\nOne\n    No Operation\n", "--engine", engine)
    assert done.returncode == code
    assert done.stderr.startswith("tinysim: error: ")
    assert said in done.stderr
