"""Random MPU regions against a model of our own in Python: who may load, store or execute where. DDI 0403 B3.5.

TINYSIM_LONG=n: n rounds. The firmware is case 1 of mpu_regions.c: regions 5 to 7 keep the fixture itself running.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass

import exception_fixtures
import pytest

ROUNDS = int(os.environ.get("TINYSIM_LONG") or 0) or 30
CASE_OF_THE_HOST, TABLE = 1, 0x2003_0100
FREE, FREE_BYTES = 0x2002_0000, 0x1_0000
REGIONS, PROBES = 5, 300
LOAD, STORE, CALL, LOAD_AS_USER, STORE_AS_USER = range(5)
READS = {"privileged": {1, 2, 3, 5, 6, 7}, "unprivileged": {2, 3, 6, 7}}
WRITES = {"privileged": {1, 2, 3}, "unprivileged": {3}}
BX_LR_TWICE = bytes.fromhex("7047 7047")


@dataclass(frozen=True)
class Region:
    """RBAR and RASR of a region, as the guest writes them."""

    rbar: int
    rasr: int

    def covers(self, address: int) -> bool:
        """Whether the region is enabled and `address` lies in an enabled part of it."""
        size = 2 << (self.rasr >> 1 & 31)
        begin = self.rbar // size * size
        if not self.rasr & 1 or size < 32 or not begin <= address < begin + size:
            return False
        part = (address - begin) * 8 // size
        return size < 256 or not self.rasr >> 8 >> part & 1


@dataclass(frozen=True)
class Probe:
    """One access of the guest to the first word of a 32-byte block."""

    address: int
    what: int
    unprivileged: bool

    @property
    def word(self) -> int:
        """As the fixture's table has it."""
        return self.address | self.what | self.unprivileged << 3

    @property
    def level(self) -> str:
        """The rights that count."""
        return "unprivileged" if self.unprivileged or self.what in (LOAD_AS_USER, STORE_AS_USER) else "privileged"


def is_allowed(control: int, regions: list[Region], probe: Probe) -> bool:
    """The model: the covering region with the highest number decides, else the background map if there is one."""
    if not control & 1:
        return True
    covering = [region for region in regions if region.covers(probe.address)]
    if not covering:
        return probe.level == "privileged" and bool(control & 4)
    access = covering[-1].rasr >> 24 & 7
    if probe.what in (STORE, STORE_AS_USER):
        return access in WRITES[probe.level]
    return access in READS[probe.level] and not (probe.what == CALL and covering[-1].rasr >> 28 & 1)


def random_region(rng: random.Random) -> Region:
    """Around the probed memory, of any size; the sub-regions of small ones are unpredictable and stay on."""
    bits = rng.choice((*range(5, 17), *range(7, 17), *range(17, 33)))
    disabled = rng.choice((0, rng.getrandbits(8))) if bits >= 8 else 0
    access = rng.choice((0, 1, 2, 3, 5, 6, 7))
    enabled = rng.random() < 0.9
    base = (FREE + rng.randrange(FREE_BYTES)) >> bits << bits
    return Region(base, rng.getrandbits(1) << 28 | access << 24 | disabled << 8 | (bits - 1) << 1 | enabled)


def random_probes(rng: random.Random, regions: list[Region]) -> list[Probe]:
    """Half of them near the edges of regions."""
    probes = []
    for _ in range(PROBES):
        region = rng.choice(regions)
        part_bytes = max((2 << (region.rasr >> 1 & 31)) // 8, 32)
        edge = region.rbar + part_bytes * rng.randrange(9) - rng.choice((0, 32))
        anywhere = FREE + rng.randrange(FREE_BYTES)
        address = (edge if rng.random() < 0.5 and FREE <= edge < FREE + FREE_BYTES else anywhere) & ~31
        probes.append(Probe(address, rng.randrange(5), rng.random() < 0.5))
    return probes


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_random_regions_allow_what_the_model_allows(seed: int) -> None:
    rng = random.Random(seed)
    regions = [random_region(rng) for _ in range(REGIONS)]
    control = rng.choice((0, 1, 1, 5, 5, 5))
    probes = random_probes(rng, regions)
    words = [control, *(word for region in regions for word in (region.rbar, region.rasr)), len(probes)]
    words += [probe.word for probe in probes]
    machine = exception_fixtures.loaded("mpu_regions", CASE_OF_THE_HOST)
    with machine:
        machine.write_memory(TABLE, b"".join(word.to_bytes(4, "little") for word in words))
        machine.write_memory(FREE, BX_LR_TWICE * (FREE_BYTES // 4))
        assert machine.run_for(exception_fixtures.LONGEST_S) == "deadlock"
        raw = machine.read_memory(TABLE + 4 * (2 + 2 * REGIONS), 4 * len(probes))
    seen = [int.from_bytes(raw[at : at + 4], "little") for at in range(0, len(raw), 4)]
    wrong = [
        (probe, answer)
        for probe, answer in zip(probes, seen, strict=True)
        if answer != is_allowed(control, regions, probe)
    ]
    assert not wrong, f"control {control}, regions {regions}"
