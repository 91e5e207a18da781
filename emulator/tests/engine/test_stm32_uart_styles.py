"""One exchange by HAL-style, LL-style and register-style drivers, each polled, by interrupts and by DMA: one outcome.

Fixtures stm32/stm32_uart_styles.c and stm32l4/stm32l4_uart_styles.c (issue 5, acceptance 4).
"""

from __future__ import annotations

from functools import lru_cache, reduce

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from prebuilt_firmware import numbers
from uart_fixtures import PORT, UartBoard, each_board

STYLES, WAYS = ("hal", "ll", "registers"), ("polled", "interrupts", "dma")
ANSWER = b"sixteen letters."
PART_BYTES, GOOD_BYTES = 5, 8
OK, TIMEOUT, ERROR = 0, 1, 2
LIMIT_S = 0.1


def checksum(content: bytes) -> int:
    """As the fixture has it."""
    return reduce(lambda total, byte: (total * 31 + byte) & 0xFFFF_FFFF, content, 0)


@lru_cache(maxsize=2)
def run(board: UartBoard) -> tuple[dict[tuple[str, str], list[dict[str, int]]], list[dict[str, str]]]:
    """The three exchanges of each style and way, and the findings."""
    found: dict[tuple[str, str], list[dict[str, int]]] = {}
    with board.machine("uart_styles") as machine:
        port, console = machine.uart(PORT), machine.uart()
        for style in STYLES:
            for way in WAYS:
                for request in ("all", "part", "bad"):
                    port.wait_for(f"^{request}$", timeout=LIMIT_S)
                    port.write(ANSWER[: {"all": len(ANSWER), "part": PART_BYTES, "bad": GOOD_BYTES}[request]])
                    if request == "bad":
                        port.write(b"!", fault="framing")
                    line = console.wait_for(f"TS exchange style={style} way={way} .*", timeout=LIMIT_S).line
                    found.setdefault((style, way), []).append(numbers(line))
        assert machine.gaps == []
        return found, machine.record().manifest["warnings"]


@each_board
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("style", STYLES)
def test_the_outcome_is_the_same(board: UartBoard, style: str, way: str) -> None:
    wanted = [
        {"outcome": OK, "count": len(ANSWER), "sum": checksum(ANSWER)},
        {"outcome": TIMEOUT, "count": PART_BYTES, "sum": checksum(ANSWER[:PART_BYTES])},
        {"outcome": ERROR, "count": GOOD_BYTES, "sum": checksum(ANSWER[:GOOD_BYTES])},
    ]
    assert run(board)[0][style, way] == wanted


@each_board
def test_no_driver_leaves_a_finding(board: UartBoard) -> None:
    assert run(board)[1] == []
