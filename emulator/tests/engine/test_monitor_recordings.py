"""What two real Monitors answered (../shared/renode), asked again: the same, or different for a reason given here.

The firmware of the recordings reads addresses where nothing is, which faults here: a memory takes their place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tinysim.emulation import Emulation
from tinysim.monitor.errors import MonitorError
from tinysim.monitor.interpreter import Monitor

RECORDINGS = Path(__file__).resolve().parents[4] / "shared" / "renode"
VERSIONS = ("1.14.0", "1.16.1")
THEIR_PLATFORM, OUR_PLATFORM = "@nrf52840-local.repl", "@platforms/cpus/nrf52840.repl"
HOLE = '"hole: Memory.MappedMemory @ sysbus 0x4FFFF000 { size: 0x1000 }"'

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/renode with the recordings is not there")

# Commands that are answered otherwise, by how they begin, and why.
DIFFERENT = {
    "version": "says which program answers",
    "help": "lists our commands",
    "path": "alone it lists the folders",
    "mach": "alone it lists the machines",
    "peripherals": "our chip has blocks that Renode's has not",
    "logLevel": "one backend",
    "currentTime": "no host time: the same run prints the same",
    "emulation GetTimeSourceInfo": "no host time",
    "machine ElapsedVirtualTime": "no host time",
    "cpu PerformanceInMips": "the clock tree's 64 MHz, and it cannot be set",
    "sysbus.uart0": "lists our methods",
    "cpu ExecutedInstructions": "other cycles per instruction",
    "cpu Step": "other cycles per instruction",
    "cpu ExecutionMode": "not listed with its values",
    "cpu AddHook": "Python is refused",
    "python": "Python is refused",
    "cpu GetRegistersValues": "other registers at the end of the table",
}
NOT_ASKED = ("'foo: Nothing.LikeThis @ sysbus 0x0'",)  # a type without model is a gap here, and would stay
AT_RESET = {"cpu PC": "the registers stand at the vector table before the start", "sysbus.cpu SP": "as PC"}
BY_VERSION = {
    "1.14.0": {
        "sysbus GetSymbolAddress": "1.16.1's words",
        "cpu GetRegister": "not in 1.14.0",
        "sysbus ReadQuadWord": "reads 0 there",
        "emulation RunFor": "1.16.1's words",
        "include": "1.16.1's words",
        "cpu PC": "the firmware stood elsewhere",
    },
    "1.16.1": {"sysbus LoadELF @missing.elf": "we say that the file is missing"},
}
# Failures that are worded otherwise: ours says where, and what would be right.
OTHER_WORDS = ("Error E", "Error while loading", "Cannot convert type", "Wrong machine number")


def answers(version: str, first: str, last: str) -> Iterator[tuple[str, list[str], dict[str, Any]]]:
    """(keyword, arguments, answer) between two notes of a recording."""
    inside = False
    with (RECORDINGS / f"xmlrpc-{version}.jsonl").open(encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            inside = (inside or record.get("note") == first) and record.get("note") != last
            if inside and record.get("method") == "run_keyword" and isinstance(record.get("value"), dict):
                keyword, arguments = record["params"][:2]
                yield keyword, arguments, record["value"]


def replay(monitor: Monitor, version: str, first: str, last: str, different: dict[str, str]) -> tuple[int, list[str]]:
    """How many commands answer alike, and those that should and do not."""
    alike, wrong = 0, list[str]()
    for keyword, arguments, theirs in answers(version, first, last):
        if keyword == "ResetEmulation":
            monitor.reset()
        if keyword != "ExecuteCommand" or any(part in arguments[0] for part in NOT_ASKED):
            continue
        command, *machine = [text.replace(THEIR_PLATFORM, OUR_PLATFORM) for text in arguments]
        try:
            ours = monitor.execute(command, *machine).replace("\n", "\n\n")
            problem = None if theirs["status"] == "PASS" and ours == theirs["return"] else f"{command}: {ours!r}"
        except MonitorError as error:
            problem = _worded_otherwise(command, error, theirs)
        if problem is None:
            alike += 1
        elif not any(f"{command} ".startswith(f"{begin} ") for begin in {**different, **BY_VERSION[version]}):
            wrong.append(f"{problem}, theirs: {theirs.get('return', theirs.get('error'))!r}")
    return alike, wrong


def _worded_otherwise(command: str, error: MonitorError, theirs: dict[str, Any]) -> str | None:
    if theirs["status"] == "PASS":
        return f"{command}: {error}"
    said = re.split(
        r"(?:executing command|execute command|error when executing command) '[\s\S]*?':? ?'?", theirs["error"]
    )[-1]
    first_line = said.removeprefix("KeywordException: ").strip().split("\n")[0].rstrip(' .^"')
    if any(words in theirs["error"] for words in OTHER_WORDS) or first_line in str(error):
        return None
    return f"{command}: {error}"


@pytest.fixture
def monitor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Monitor]:
    monkeypatch.chdir(RECORDINGS)
    one = Monitor(Emulation())
    yield one
    one.reset()


@pytest.mark.parametrize("version", VERSIONS)
def test_setting_up_is_answered_as_by_renode(monitor: Monitor, version: str) -> None:
    alike, wrong = replay(monitor, version, "discovery", "run without pausing", DIFFERENT | AT_RESET)
    assert wrong == []
    assert alike >= 40


@pytest.mark.parametrize("version", VERSIONS)
def test_cpu_bus_and_errors_are_answered_as_by_renode(monitor: Monitor, version: str) -> None:
    monitor.execute(f"mach create; machine LoadPlatformDescription {OUR_PLATFORM}")
    monitor.execute(f"machine LoadPlatformDescriptionFromString {HOLE}")
    monitor.execute('sysbus LoadELF @fw/console.elf; emulation RunFor "0.2"')
    alike, wrong = replay(monitor, version, "cpu and bus", "misc", DIFFERENT)
    assert wrong == []
    assert alike >= 25
