"""The stand-in answers as the recorded Renodes did, request by request (../shared/renode): tests on it count."""

from __future__ import annotations

import json
import subprocess
import xmlrpc.client
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from stand_in import install

from tinysim.engines.renode_find import find_renode
from tinysim.engines.renode_process import RenodeProcess

RECORDINGS = Path(__file__).resolve().parents[4] / "shared" / "renode"
RESULT_KEYS = {
    "1.14.0": {"line", "timestamp", "groups"},
    "1.16.1": {"Line", "Timestamp", "Groups", "IsFailingString"},
}
VERSIONS = tuple(RESULT_KEYS)
PLATFORM = """
cpu: CPU.CortexM @ sysbus
uart0: UART.NRF52840_UART @ sysbus 0x40002000
uart1: UART.NRF52840_UART @ sysbus 0x40028000
gpio0: GPIOPort.NRF52840_GPIO @ sysbus 0x50000500
led: Miscellaneous.LED @ gpio0 13
"""
# Requests whose answers do not depend on what the guest did before.
ASKED = (
    '["ExecuteCommand"]', '["ExecuteCommand", "version"]', '["ExecuteCommand", ["version"], {}]',
    '["ExecuteCommand", ["version"]]', '["ExecuteCommand", ["echo \\"hi there\\""]]', '["NoSuchKeyword", ["a"]]',
    '["ExecuteCommand", []]', '["ExecuteCommand", ["a", "b", "c"]]', '["execute command", ["version"]]',
    '["Execute Command", ["version"]]', '["executecommand", ["version"]]', '["ExecuteCommand", "not a list"]',
    '["ExecuteCommand", ["sysbus LoadELF @missing.elf"]]', '["CreateTerminalTester", ["sysbus.uart0"]]',
    '["CreateTerminalTester", ["sysbus.uart0", "timeout=2"]]', '["CreateTerminalTester", ["sysbus.uart0", "nosuch=3"]]',
    '["CreateTerminalTester", []]', '["CreateLedTester", ["sysbus.gpio0.led"]]',
    '["AssertLedState", ["true", "0.1"]]', '["ExecuteCommand", ["emulation RunFor \\"0.001\\""]]',
    '["ExecuteCommand", ["emulation RunFor 0.01"]]', '["ExecuteCommand", ["nonsense command"]]',
    '["ExecuteCommand", ["cpu NoSuchMethod"]]',
)  # fmt: skip

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings of Renode are not beside the checkout")


def recorded(version: str) -> Iterator[tuple[list[Any], Any]]:
    """(parameters, answer or fault) of the first record of each request."""
    seen = set()
    for record in records(version):
        text = json.dumps(record.get("params"))
        if record.get("method") == "run_keyword" and text in ASKED and text not in seen:
            seen.add(text)
            yield record["params"], record.get("value", record.get("fault"))


def records(version: str) -> Iterator[dict[str, Any]]:
    """Of 1.14.0 the part with testers is a recording of its own, which comes first."""
    for name in (f"xmlrpc-{version}-testers.jsonl", f"xmlrpc-{version}.jsonl"):
        path = RECORDINGS / name
        if path.is_file():
            yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def plain(answer: Any) -> Any:
    """Without the traceback, and with the first machine's name as recorded."""
    return {key: value for key, value in answer.items() if key != "traceback"} if isinstance(answer, dict) else answer


@pytest.mark.parametrize("version", VERSIONS)
def test_it_answers_as_recorded(version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, version=version)
    process = RenodeProcess(find_renode())
    (tmp_path / "p.repl").write_text(PLATFORM)
    for command in ("mach create", "using sysbus", f"machine LoadPlatformDescription @{tmp_path}/p.repl"):
        process.execute(command)
    asked = 0
    for parameters, expected in recorded(version):
        try:
            answer = process._server.run_keyword(*parameters)
        except xmlrpc.client.Fault as fault:
            answer = {"faultCode": fault.faultCode, "faultString": fault.faultString}
        assert plain(answer) == plain(expected), parameters
        asked += 1
    process.close()
    assert asked == len(ASKED)


@pytest.mark.parametrize(("version", "keys"), list(RESULT_KEYS.items()))
def test_a_result_has_the_keys_of_its_version(
    version: str, keys: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = [
        record["value"]["return"]
        for record in records(version)
        if "WaitForLineOnUart" in str(record.get("params")) and isinstance(record.get("value", {}).get("return"), dict)
    ]
    assert all(set(result) == keys for result in results)
    install(tmp_path, monkeypatch, version=version)
    process = RenodeProcess(find_renode())
    (tmp_path / "p.repl").write_text(PLATFORM)
    (tmp_path / "fw.elf").write_bytes(b"\x7fELF")
    for command in (
        "mach create",
        f"machine LoadPlatformDescription @{tmp_path}/p.repl",
        f"sysbus LoadELF @{tmp_path}/fw.elf",
    ):
        process.execute(command)
    process.keyword("CreateTerminalTester", "sysbus.uart0")
    assert set(process.keyword("WaitForNextLineOnUart", "timeout=1")) == keys
    process.close()


@pytest.mark.parametrize("version", VERSIONS)
def test_its_version_text_is_that_of_the_recording(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = (RECORDINGS / "logs" / f"runs-{version}.jsonl").read_text().splitlines()
    said = next(record["io"] for record in map(json.loads, lines) if record["case"] == "version-option")
    stand_in = install(tmp_path, monkeypatch, version=version)
    done = subprocess.run([stand_in.program, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == "".join(text for _, _, text in said)
