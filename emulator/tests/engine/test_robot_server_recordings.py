"""Conversations with two real Renodes (../shared/renode), held with our server: the same kinds of answers.

Compared are PASS, FAIL or the fault's number, whether a value comes, and its kind; texts and times are another CPU's.
"""

from __future__ import annotations

import json
import xmlrpc.client
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("robot", reason="robotframework is not installed")
pytest.importorskip("tinysim._core", reason="the native engine is not built")

from test_monitor_recordings import HOLE, OUR_PLATFORM, RECORDINGS, THEIR_PLATFORM

from tinysim.robot.library import TinysimLibrary
from tinysim.robot.server import KeywordServer

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="../shared/renode with the recordings is not there")

ADD_HOLE = f"machine LoadPlatformDescriptionFromString {HOLE}"
# Requests that are answered otherwise, by a part of their text, and why.
DIFFERENT = {
    '"mach"': "alone it lists the machines",
    '"path"': "alone it lists the folders",
    '"uart0", "3"': "the short name is enough",
    "endLineOption=Bogus": "is refused",
    '"qq"': "a failure, not a fault",
    '"TestIfUartIsIdle", ["0.5"]': "the firmware's timer comes later",
    "unhandled": "no model of ours logs in these words",
    "AddHook": "Python is refused",
    "ExecutePython": "Python is refused",
    "python": "Python is refused",
    "t.resc": "the script was not kept",
    '"Requires", ["re"]': "ours can be had again",
    "ExecutionMode": "one way of stepping",
    "defaultPauseEmulation": "not in 1.14.0",
    "binaryMode": "not in 1.14.0",
    '["sysbus.uart0", 2': "not in 1.14.0",
}
NOT_ASKED = ("foo: Nothing.LikeThis", "WaitForPause", "StopRemoteServer")


def requests(version: str, last: str) -> Iterator[tuple[str, list[Any], dict[str, Any]]]:
    """(text of the request, its parameters, the recorded answer), up to a note."""
    with (RECORDINGS / f"xmlrpc-{version}.jsonl").open(encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            if record.get("note") == last:
                return
            text = json.dumps(record.get("params"))
            is_ours = record.get("method") == "run_keyword" and not any(part in text for part in NOT_ASKED)
            if is_ours and ("value" in record or "fault" in record):
                yield text, record["params"], record.get("value") or record["fault"]


def ask(server: KeywordServer, parameters: list[Any]) -> dict[str, Any]:
    body = xmlrpc.client.dumps(tuple(parameters), "run_keyword").encode()
    try:
        answer: Any = xmlrpc.client.loads(server.answer(body))[0][0]
    except xmlrpc.client.Fault as fault:
        answer = {"faultCode": fault.faultCode, "faultString": fault.faultString}
    return dict(answer)


def kind(answer: dict[str, Any]) -> tuple[object, ...]:
    """What must be the same."""
    value = answer.get("return")
    return answer.get("status"), answer.get("faultCode"), type(value).__name__


@pytest.mark.parametrize(("version", "last"), [("1.16.1", "stm32f4"), ("1.14.0", "run without pausing")])
def test_a_recorded_conversation_is_answered_alike(
    version: str, last: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(RECORDINGS)
    library = TinysimLibrary()
    server = KeywordServer(library)
    alike, wrong = 0, []
    for text, parameters, theirs in requests(version, last):
        ours = json.loads(json.dumps(parameters).replace(THEIR_PLATFORM, OUR_PLATFORM).replace("@DIR@", str(tmp_path)))
        answer = ask(server, ours)
        if kind(answer) == kind(theirs):
            alike += 1
        elif not any(part in text for part in DIFFERENT):
            wrong.append(f"{text}: {answer}, theirs: {theirs}")
        if "gpio0: { 13 -> led@0 }" in text:
            ask(server, ["ExecuteCommand", [ADD_HOLE]])
    library.reset_emulation()
    assert wrong == []
    assert alike >= {"1.16.1": 200, "1.14.0": 70}[version]
