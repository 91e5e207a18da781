"""Each error of a serial line as the firmware sees it: flags in its interrupt, after silence, and once cleared.

Fixtures stm32/stm32_uart_errors.c and stm32l4/stm32l4_uart_errors.c.
"""

from __future__ import annotations

from functools import lru_cache

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from prebuilt_firmware import numbers
from uart_fixtures import PORT, UartBoard, each_board

from tinysim.console import Uart
from tinysim.errors import InputError
from tinysim.machine import Machine

PE, FE, NE, ORE, IDLE, RXNE, RTOF = 1, 2, 4, 8, 16, 32, 1 << 11
STEPS = ("clean", "parity", "framing", "noise", "break", "overrun", "rate")
LIMIT_S = 0.1


def send(port: Uart, step: str) -> None:
    if step == "clean":
        port.write(b"a")
    elif step == "overrun":
        port.write(b"ab")
    elif step == "rate":
        port.write(b"a", baud_hz=57_600)
    else:
        port.write(b"a", fault=step)


@lru_cache(maxsize=2)
def run(board: UartBoard) -> dict[str, dict[str, int]]:
    """The numbers of each step's line."""
    found = {}
    with board.machine("uart_errors") as machine:
        for step in STEPS:
            machine.uart().wait_for(f"TS next step={step}$", timeout=LIMIT_S)
            send(machine.uart(PORT), step)
            found[step] = numbers(machine.uart().wait_for(f"TS {step} .*", timeout=LIMIT_S).line)
        assert machine.gaps == []
        return found


@each_board
@pytest.mark.parametrize(
    ("step", "flag", "byte"),
    [
        ("clean", 0, ord("a")),
        ("parity", PE, ord("a")),
        ("framing", FE, ord("a")),
        ("noise", NE, ord("a")),
        ("break", FE, 0),
    ],
)
def test_the_flag_comes_with_the_byte_and_its_interrupt(board: UartBoard, step: str, flag: int, byte: int) -> None:
    got = run(board)[step]
    assert got["interrupt"] == RXNE | flag
    assert got["byte"] == byte


@each_board
def test_a_second_byte_overruns_and_the_first_stays(board: UartBoard) -> None:
    got = run(board)["overrun"]
    assert got["interrupt"] == RXNE
    assert got["status"] & (ORE | RXNE) == ORE | RXNE
    assert got["byte"] == ord("a")


@each_board
def test_a_sender_at_half_the_rate_is_heard_wrong(board: UartBoard) -> None:
    got = run(board)["rate"]
    assert got["byte"] != ord("a")


@each_board
@pytest.mark.parametrize("step", STEPS)
def test_silence_is_told_and_all_flags_can_be_cleared(board: UartBoard, step: str) -> None:
    got = run(board)[step]
    silence = IDLE | (RTOF if board.prefix == "stm32l4" else 0)
    assert got["status"] & silence == silence
    assert got["left"] == 0


def test_an_unknown_fault_and_a_uart_without_faults_are_refused() -> None:
    with Machine("stm32f4") as machine, pytest.raises(InputError, match="no fault 'sparks'"):
        machine.uart(PORT).write(b"a", fault="sparks")
    with Machine("nrf52840dk") as machine, pytest.raises(InputError, match="neither line faults"):
        machine.uart("uart0").write(b"a", fault="noise")
