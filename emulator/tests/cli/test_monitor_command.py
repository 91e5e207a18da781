"""`tinysim monitor`: scripts, commands, piped input, exit codes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from engine_command import HELLO

from tinysim.cli import main

SCRIPT = f"""
:name: hello
$name?="board"
using sysbus
mach create $name
machine LoadPlatformDescription @platforms/boards/nrf52840dk.repl
showAnalyzer uart0
macro reset
\"\"\"
    sysbus LoadELF @{HELLO}
\"\"\"
runMacro $reset
"""


@pytest.fixture
def script(tmp_path: Path) -> str:
    path = tmp_path / "hello.resc"
    path.write_text(SCRIPT)
    return str(path)


def test_a_script_runs_and_shows_what_the_uart_sends(script: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["monitor", script, "--quit", "-e", 'emulation RunFor "0.5"', "-e", "emulation IsStarted"]) == 0
    shown = capsys.readouterr().out
    assert "hello" in shown.lower() and shown.endswith("False\n")


def test_a_mistake_in_a_script_is_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.resc"
    path.write_text('echo "before"\nmach creat\n')
    assert main(["monitor", str(path), "--quit"]) == 2
    captured = capsys.readouterr()
    assert f"{path}:2:1: Bad parameters for command mach creat" in captured.err
    assert main(["monitor", "no-such.resc", "--quit"]) == 2
    assert "File does not exist: no-such.resc" in capsys.readouterr().err


def test_piped_commands_go_on_behind_a_mistake_and_are_exit_code_2(
    script: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "sys.stdin", io.StringIO('nonsense\nmacro m """\necho "one"\n"""\nrunMacro $m\nquit\nversion\n')
    )
    assert main(["monitor", script]) == 2
    captured = capsys.readouterr()
    assert captured.out == "one\n"
    assert captured.err.startswith("error: No such command or device: nonsense")


def test_the_end_of_input_quits(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('echo "last"'))
    assert main(["monitor"]) == 0
    assert capsys.readouterr().out == "last\n"


def test_a_firmware_that_faults_is_exit_code_3(script: str, capsys: pytest.CaptureFixture[str]) -> None:
    commands = ["-e", "cpu PC 0xA0000000", "-e", 'emulation RunFor "0.01"']
    assert main(["monitor", script, "--quit", *commands]) == 3
    assert "[ERROR] board: stopped with 'fault'" in capsys.readouterr().out
