"""SEGGER RTT on a guest that is a piece of memory: where the block is found, wrapping rings, nonsense in the block."""

from __future__ import annotations

import random

import pytest
from memory_guest import MEMORY_AT, MEMORY_BYTES, MemoryGuest

from tinysim.host.rtt import MARK, SEARCH_EVERY_NS, Rtt

BLOCK, UP_BYTES, DOWN_BYTES = MEMORY_AT + 256, MEMORY_AT + 1024, MEMORY_AT + 1536
SIZE = 16
RAM = [(MEMORY_AT, MEMORY_BYTES)]


def words(*values: int) -> bytes:
    return b"".join(value.to_bytes(4, "little") for value in values)


def guest_with_block(up: tuple[int, int] = (0, 0), down: tuple[int, int] = (0, 0)) -> MemoryGuest:
    """`up` and `down` are (write, read) offsets."""
    guest = MemoryGuest()
    block = MARK + words(1, 1) + words(0, UP_BYTES, SIZE, *up, 0) + words(0, DOWN_BYTES, SIZE, *down, 0)
    guest.write_memory(BLOCK, block)
    return guest


@pytest.mark.parametrize("symbol", [BLOCK, None])
def test_the_block_is_found_by_symbol_or_by_its_mark(symbol: int | None) -> None:
    guest = guest_with_block()
    rtt = Rtt(guest, symbol, RAM)
    rtt.poll()
    assert rtt.block == BLOCK


def test_ram_is_searched_again_while_there_is_no_block() -> None:
    guest = guest_with_block()
    block = guest.read_memory(BLOCK, 72)
    guest.write_memory(BLOCK, bytes(72))
    rtt = Rtt(guest, None, RAM)
    rtt.poll()
    guest.write_memory(BLOCK, block)
    rtt.poll()
    assert rtt.block is None, "not every millisecond"
    guest.now_ns += SEARCH_EVERY_NS
    rtt.poll()
    assert rtt.block == BLOCK


@pytest.mark.parametrize(("write", "read", "text"), [(5, 2, b"cde"), (3, 13, b"nopabc"), (0, 14, b"op"), (4, 4, b"")])
def test_up_text_is_taken_across_the_end_of_the_ring(write: int, read: int, text: bytes) -> None:
    guest = guest_with_block(up=(write, read))
    guest.write_memory(UP_BYTES, b"abcdefghijklmnop")
    Rtt(guest, BLOCK, RAM).poll()
    assert guest.said == text
    assert guest.read_memory(BLOCK + 24 + 16, 4) == words(write)


def test_down_bytes_wait_for_room() -> None:
    guest = guest_with_block(down=(10, 4))
    rtt = Rtt(guest, BLOCK, RAM)
    rtt.receive(b"0123456789ABCDEF")
    rtt.poll()
    assert guest.read_memory(DOWN_BYTES, SIZE) == b"678\0\0\0\0\0\0\0" + b"012345"
    assert guest.read_memory(BLOCK + 48 + 12, 4) == words(3)
    state = rtt.state()
    guest.write_memory(BLOCK + 48 + 16, words(3))
    rtt.poll()
    assert guest.read_memory(DOWN_BYTES + 3, 7) == b"9ABCDEF"
    rtt.restore(state)
    assert rtt.state() == state


def test_nonsense_is_left_alone() -> None:
    chance = random.Random(1)
    for _ in range(2000):
        guest = guest_with_block()
        at = BLOCK + 16 + 4 * chance.randrange(14)
        guest.write_memory(at, words(chance.choice((0, 1, 2, 15, 64, 1 << 20, 0x2000_0FF0, chance.getrandbits(32)))))
        rtt = Rtt(guest, chance.choice((BLOCK, None, 0, MEMORY_AT + MEMORY_BYTES - 16)), RAM)
        rtt.receive(b"input")
        rtt.poll()
        assert len(guest.said) <= 1 << 20
