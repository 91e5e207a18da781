"""I2C1 calls I2C2 of the same chip on one wire: bytes both ways, NACK, overrun, time-out, lost arbitration, bus error.

Fixtures stm32/stm32_i2c_link.c (I2C v1, F407) and stm32l4/stm32l4_i2c_link.c (v2, L4R5). The blocks are joined by an
I2cJumper; arbitration is lost to a hand that pulls SDA, a bus error is its misplaced START.
"""

from __future__ import annotations

import re

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from i2c_fixtures import BOARDS, I2cBoard, numbers

FLAGS = ("nack", "berr", "arlo", "ovr", "timeout")
FAULTS = {"arlo": "sda_low", "berr": "misplaced_start"}
LIMIT_S, LINE_S = 0.1, 0.02

Lines = dict[str, dict[str, int]]


@pytest.fixture(scope="module", params=BOARDS, ids=lambda board: board.prefix)
def linked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lines, list[str]]:
    board: I2cBoard = request.param
    with board.joined_machine("i2c_link", tmp_path_factory.mktemp("joined")) as machine:
        for what, hand in FAULTS.items():
            machine.uart().wait_for(f"TS wait what={what}", timeout=LIMIT_S)
            machine.press(hand)
            machine.run_for(LINE_S)
            machine.release(hand)
        machine.run_for(LINE_S)
        assert machine.gaps == []
        record = machine.record()
    text = record.arrays[f"uart.{board.console}.byte"].tobytes().decode()
    lines = {tag: numbers(rest) for tag, rest in re.findall(r"^TS (\w+) ((?!what).*?)\r?$", text, flags=re.MULTILINE)}
    return lines, [each["text"] for each in record.manifest["warnings"]]


def test_bytes_arrive_both_ways(linked: tuple[Lines, list[str]]) -> None:
    got = linked[0]["bytes"]
    assert (got["wrote"], got["read"]) == (1, 1)
    assert (got["taken"], got["given"]) == (0x44332211, 0x88776655)


@pytest.mark.parametrize(
    ("line", "flag"),
    [("absent", "nack"), ("overrun", "ovr"), ("timeout", "timeout"), ("arlo", "arlo"), ("berr", "berr")],
)
def test_each_fault_sets_its_flag(linked: tuple[Lines, list[str]], line: str, flag: str) -> None:
    got = linked[0][line]
    assert {name for name in FLAGS if got[name]} == {flag}


def test_the_overrun_alone_is_a_finding(linked: tuple[Lines, list[str]]) -> None:
    (finding,) = [text for text in linked[1] if "i2c" in text]
    assert "OVR" in finding
