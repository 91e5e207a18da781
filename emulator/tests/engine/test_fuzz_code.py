"""Random code, also in RAM and writing over itself, never crashes or hangs the host. TINYSIM_LONG=n: n rounds."""

from __future__ import annotations

import os
import random

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from fuzz_guest import RAM, TICKS, put_guest, run_slice

from tinysim._core import Machine as Core
from tinysim.engines.native import NativeEngine
from tinysim.platform import Platform, load_platform

ROUNDS = int(os.environ.get("TINYSIM_LONG") or 0) or 40
SLICES = 4


@pytest.fixture(scope="module")
def platform() -> Platform:
    return load_platform("nrf52840")


def random_value(rng: random.Random) -> int:
    """A place in RAM or flash, a peripheral's base, or anything."""
    places = (RAM + rng.randrange(0x8000), RAM + rng.randrange(0x4_0000), rng.randrange(0x8000))
    return rng.choice((*places, 0x4000_0000 + 0x1000 * rng.randrange(64), rng.getrandbits(32)))


def one_round(platform: Platform, seed: int) -> Core:
    """As scripts/fuzz.py runs it, too."""
    rng = random.Random(seed)
    core = NativeEngine(platform)._core
    put_guest(core, rng, [random_value(rng) for _ in range(256)])
    for _ in range(SLICES):
        run_slice(core, TICKS)
    return core


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_random_code_never_crashes_the_core(platform: Platform, seed: int) -> None:
    one_round(platform, seed)


def test_the_random_code_is_executed(platform: Platform) -> None:
    """A guest that locks up at once would test nothing."""
    counts = sorted(one_round(platform, seed).instructions for seed in range(9))
    assert counts[4] > 10_000
