"""SMBus between two I2C blocks of the STM32L4R5: PEC, a wrong one, an alert (fixtures/stm32l4/stm32l4_smbus.c)."""

from __future__ import annotations

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from i2c_fixtures import JOINED
from prebuilt_firmware import board_with, console_text, prebuilt, tagged_lines

from tinysim.machine import Machine

PLATFORM, CONSOLE = "nucleo_l4r5zi", "lpuart1"
WIRES = f"""{JOINED}
i2c2:
    Smba -> i2c1@4
"""
DEVICE, COMMAND = 0x30, 0x07
POLYNOMIAL = 0x107  # x^8 + x^2 + x + 1

Line = dict[str, int]


def packet_error_code(message: list[int]) -> int:
    """The remainder of the whole message, eight zeroes behind it, by long division (SMBus 3.0, 6.5.3)."""
    dividend = int.from_bytes(bytes(message), "big") << 8
    for place in range(dividend.bit_length() - 1, 7, -1):
        if dividend >> place & 1:
            dividend ^= POLYNOMIAL << place - 8
    return dividend


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> str:
    with Machine(board_with(PLATFORM, WIRES, tmp_path_factory.mktemp("smbus"))) as machine:
        machine.load(prebuilt(PLATFORM, "stm32l4_smbus"))
        machine.run_for(0.04)
        assert machine.gaps == [] and machine.record().manifest["warnings"] == []
        return console_text(machine.record(), CONSOLE)


def only(console: str, tag: str) -> Line:
    (line,) = tagged_lines(console, tag)
    return line


def test_a_written_word_carries_its_code_and_is_accepted(console: str) -> None:
    line = only(console, "write")
    code = packet_error_code([DEVICE << 1, COMMAND, 0x34, 0x12])
    assert line["bytes"] == code << 24 | 0x12_34_00 | COMMAND
    assert (line["nack"], line["device_pecerr"]) == (0, 0)


def test_a_read_words_code_covers_both_addresses(console: str) -> None:
    line = only(console, "read")
    code = packet_error_code([DEVICE << 1, COMMAND, DEVICE << 1 | 1, 0xCD, 0xAB])
    assert line["bytes"] == code << 16 | 0xABCD
    assert line["pecerr"] == 0


def test_a_wrong_code_is_not_acknowledged(console: str) -> None:
    line = only(console, "wrong")
    assert (line["nack"], line["device_pecerr"], line["pecerr"]) == (1, 1, 0)


def test_the_device_that_alerts_answers_the_response_address_with_its_own(console: str) -> None:
    line = only(console, "alert")
    assert (line["bytes"], line["nack"]) == (DEVICE << 1, 0)


def test_without_an_alert_nobody_answers(console: str) -> None:
    assert only(console, "quiet")["nack"] == 1
