"""Random code, also in RAM and writing over itself, never crashes or hangs the host. TINYSIM_LONG=n: n rounds."""

from __future__ import annotations

import os
import random

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")
from tinysim.engines.native import NativeEngine
from tinysim.platform import Platform, load_platform

ROUNDS = int(os.environ.get("TINYSIM_LONG") or 0) or 40
FLASH_BYTES, RAM, RAM_BYTES = 0x8000, 0x2000_0000, 0x1_0000
STOPS = {"time", "deadlock", "lockup", "fault", "host"}
TICKS = 512_000  # a millisecond


@pytest.fixture(scope="module")
def platform() -> Platform:
    return load_platform("nrf52840")


def random_image(rng: random.Random, size: int) -> bytes:
    """Halfwords with a lean to 32-bit encodings; few branches leave the image."""
    halfwords: list[int] = []
    while len(halfwords) < size // 2:
        kind = rng.random()
        if kind < 0.4:
            halfwords.append(rng.randrange(0x0000, 0xE000))
        elif kind < 0.9:
            halfwords += [rng.randrange(0xE800, 0x1_0000), rng.getrandbits(16)]
        else:
            halfwords.append(rng.getrandbits(16))
    return b"".join(value.to_bytes(2, "little") for value in halfwords[: size // 2])


def one_round(platform: Platform, seed: int) -> None:
    """As scripts/fuzz.py runs it, too."""
    rng = random.Random(seed)
    core = NativeEngine(platform)._core
    core.poke(0, random_image(rng, FLASH_BYTES))
    core.poke(RAM, random_image(rng, RAM_BYTES))
    start = rng.choice((0x200, RAM + 0x100)) | 1
    vectors = [RAM + 0xFF00, *(rng.choice((start, 0x400 | 1, RAM + 0x800 | 1)) for _ in range(63))]
    core.poke(0, b"".join(vector.to_bytes(4, "little") for vector in vectors))
    core.power_on(0)
    for _ in range(4):
        core.registers = [
            rng.choice((RAM + rng.randrange(0x8000), 0x4000_0000 + 0x1000 * rng.randrange(64), rng.getrandbits(32)))
            for _ in range(13)
        ]
        assert core.run(core.now + TICKS) in STOPS


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_random_code(platform: Platform, seed: int) -> None:
    one_round(platform, seed)
