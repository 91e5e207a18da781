"""Two UARTs of one machine joined by a SerialCable of the platform file: bytes, breaks, and what cannot be joined."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tinysim.engines.native import NativeEngine
from tinysim.errors import InputError
from tinysim.platform import load_platform

BOARDS = Path(__file__).resolve().parents[3] / "platforms" / "boards"
USART2, USART3, RCC_APB1ENR = 0x4000_4400, 0x4000_4800, 0x4002_3840
SR, DR, BRR, CR1 = 0x00, 0x04, 0x08, 0x0C
UE, TE, RE, SBK = 1 << 13, 1 << 3, 1 << 2, 1
FE, RXNE = 1 << 1, 1 << 5
FRAME_TICKS = 4_032_000_000_000 // 100_000 * 10  # 100000 baud


def joined(folder: Path, board: str, first: str, second: str) -> NativeEngine:
    cable = f"cable: UART.SerialCable @ none\n    first: {first}\n    second: {second}\n"
    path = folder / "joined.repl"
    path.write_text(f'using "{BOARDS / board}.repl"\n\n{cable}', encoding="utf-8")
    return NativeEngine(load_platform(path))


def test_what_one_sends_the_other_hears(tmp_path: Path) -> None:
    core = joined(tmp_path, "stm32f4_discovery", "usart2", "usart3")._core
    core.bus_write(RCC_APB1ENR, 3 << 17)
    for uart in (USART2, USART3):
        core.bus_write(uart + BRR, 160)
        core.bus_write(uart + CR1, UE | TE | RE)
    core.advance_ticks(FRAME_TICKS)
    core.bus_write(USART2 + DR, ord("a"))
    core.bus_write(USART3 + DR, ord("b"))
    core.advance_ticks(FRAME_TICKS)
    assert [core.bus_read(uart + DR) for uart in (USART2, USART3)] == [ord("b"), ord("a")]
    core.bus_write(USART3 + CR1, UE | TE | RE | SBK)
    core.advance_ticks(2 * FRAME_TICKS)
    assert core.bus_read(USART2 + SR) & (RXNE | FE) == RXNE | FE


def test_uarts_without_such_a_model_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not two UARTs that can be joined"):
        joined(tmp_path, "nrf52840dk", "uart0", "uart0")
