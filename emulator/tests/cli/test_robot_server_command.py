"""The whole program as `renode-test` drives a Renode: start, port file, keywords, a failure, shut-down."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("robot", reason="robotframework is not installed")
pytest.importorskip("tinysim._core", reason="the native engine is not built")

from engine_command import HELLO

import tinysim

RENODE_OPTIONS = ["--hide-log", "--disable-xwt", "--robot-debug-on-error", "--config", "renode.cfg"]
PATIENCE_S = 60


def start(folder: Path, *options: str) -> subprocess.Popen[bytes]:
    """As tests/robot_tests_provider.py of Renode starts it; `folder` has its temporary files."""
    environment = {**os.environ, "TMPDIR": str(folder), "PYTHONPATH": str(Path(tinysim.__file__).parents[1])}
    program = [sys.executable, "-m", "tinysim.cli", "--disable-gui", "--robot-server-port", "0", *options]
    return subprocess.Popen(
        program, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=_heed_interrupts
    )


def _heed_interrupts() -> None:
    """A shell starts jobs in its background with SIGINT ignored, which children keep."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def port_of(process: subprocess.Popen[bytes], folder: Path) -> int:
    path = folder / f"renode-{process.pid}" / "robot_port"
    deadline = time.monotonic() + PATIENCE_S
    while not path.exists():
        assert process.poll() is None and time.monotonic() < deadline, process.communicate()
        time.sleep(0.05)
    return int(path.read_text())


@pytest.fixture
def process(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with start(tmp_path, *RENODE_OPTIONS) as one:
        yield one
        one.kill()


@pytest.fixture
def remote(process: subprocess.Popen[bytes], tmp_path: Path) -> xmlrpc.client.ServerProxy:
    return xmlrpc.client.ServerProxy(f"http://localhost:{port_of(process, tmp_path)}/")


def run(remote: xmlrpc.client.ServerProxy, name: str, *given: Any) -> Any:
    return remote.run_keyword(name, list(given))


def command(remote: xmlrpc.client.ServerProxy, text: str) -> Any:
    answer = run(remote, "ExecuteCommand", text)
    assert answer["status"] == "PASS", answer["error"]
    return answer["return"]


def test_a_suite_is_driven_from_set_up_to_stop(
    process: subprocess.Popen[bytes], remote: xmlrpc.client.ServerProxy, tmp_path: Path
) -> None:
    names: Any = remote.get_keyword_names()
    assert {"ExecuteCommand", "CreateTerminalTester", "WaitForLineOnUart", "StopRemoteServer"} <= set(names)
    assert run(remote, "SetDefaultUartTimeout", "8")["status"] == "PASS"
    assert run(remote, "ResetEmulation") == {"status": "PASS"}
    command(remote, 'mach create "board"')
    command(remote, "machine LoadPlatformDescription @platforms/boards/nrf52840dk.repl")
    command(remote, f"sysbus LoadELF @{HELLO}")
    assert run(remote, "CreateTerminalTester", "sysbus.uart0", "timeout=2")["return"] == 0
    line = run(remote, "WaitForLineOnUart", "content=ello", "pauseEmulation=true")["return"]
    assert "ello" in line["Line"] and line["Timestamp"] >= 0
    assert command(remote, "cpu IsHalted") == "False\n\n"
    failed = run(remote, "WaitForLineOnUart", "never printed", "timeout=0.1")
    assert failed["status"] == "FAIL" and "never printed" in failed["error"]
    assert "No such command or device: nonsense" in run(remote, "ExecuteCommand", "nonsense")["error"]
    assert run(remote, "StopRemoteServer") == {"status": "PASS"}
    assert process.wait(PATIENCE_S) == 0
    assert not (tmp_path / f"renode-{process.pid}").exists()
    assert process.communicate() == (b"", b"")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_quietly(tmp_path: Path, number: int) -> None:
    with start(tmp_path) as process:
        port = port_of(process, tmp_path)
        process.send_signal(number)
        try:
            out, err = process.communicate(timeout=PATIENCE_S)
        finally:
            process.kill()  # or leaving the block would wait for ever
        assert process.returncode == 0 and err == b""
        assert out.decode() == f"Robot Framework remote server is listening on port {port}\n"
    assert not list(Path(tempfile.gettempdir(), f"renode-{process.pid}").glob("*"))
    assert not (tmp_path / f"renode-{process.pid}").exists()


SUITE = """
*** Settings ***
Library    Remote    http://127.0.0.1:{port}/    WITH NAME    Renode

*** Test Cases ***
A Board Says Hello
    Set Default Uart Timeout    8
    Reset Emulation
    Execute Command    mach create
    Execute Command    machine LoadPlatformDescription @platforms/boards/nrf52840dk.repl
    Execute Command    sysbus LoadELF @{hello}
    Create Terminal Tester    sysbus.uart0    timeout=2    defaultPauseEmulation=true
    ${{line}}=    Wait For Line On Uart    h(el+)o    treatAsRegex=true
    Should Be Equal    ${{line.Groups}}[0]    ell
    Should Be True    ${{line}}[Timestamp] > 0
    ${{pc}}=    Execute Command    cpu PC
    Should Start With    ${{pc}}    0x
    Run Keyword And Expect Error    *No such command or device: nonsense*    Execute Command    nonsense
    Run Keyword And Expect Error    *Terminal tester failed!*    Wait For Line On Uart    never    0.1
"""


def test_robots_own_remote_library_drives_it(
    process: subprocess.Popen[bytes], remote: xmlrpc.client.ServerProxy, tmp_path: Path
) -> None:
    suite = tmp_path / "hello.robot"
    suite.write_text(SUITE.format(port=port_of(process, tmp_path), hello=HELLO))
    options = ["--output", "NONE", "--log", "NONE", "--report", "NONE"]
    done = subprocess.run(
        [sys.executable, "-m", "robot", *options, str(suite)], capture_output=True, timeout=PATIENCE_S
    )
    assert done.returncode == 0, done.stdout.decode()
    assert run(remote, "StopRemoteServer") == {"status": "PASS"}
