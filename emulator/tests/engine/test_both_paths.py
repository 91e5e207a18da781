"""The fast and the exact path give the same count: images and random programs, each run both ways.

The normal run goes fast where nothing waits; the other is kept on the exact path. TINYSIM_LONG=n: n programs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from program_memory import put_program
from random_programs import Program, random_program

from tinysim._core import Machine as Core
from tinysim.engines.native import NativeEngine
from tinysim.machine import Machine
from tinysim.platform import Platform, load_platform

ROOT = Path(__file__).resolve().parents[3]
FIRMWARE = ROOT / "firmware"
STREAM = ROOT / "models" / "tap" / "data" / "tap_single.csv"
ICACHECNF = 0x4001_E540
PROGRAMS = int(os.environ.get("TINYSIM_LONG") or 0) or 60
ONE_S_IN_TICKS = 10**12  # more than any of the programs takes
IMAGES = sorted((*FIRMWARE.glob("prebuilt/*/*.elf"), *FIRMWARE.glob("bench/prebuilt/*.elf")))


@contextmanager
def machine_with(image: Path, *, exact: bool, cached: bool) -> Iterator[tuple[Machine, Core]]:
    with Machine("nrf52840" if image.parent.name == "prebuilt" else image.parent.name) as machine:
        machine.load(image)
        assert isinstance(machine._engine, NativeEngine)
        core = machine._engine._core
        if image.parent.name == "prebuilt":
            machine.write_memory(machine.symbol("bench_iterations"), (1).to_bytes(4, "little"))
        if cached:
            core.bus_write(ICACHECNF, 1)
        core.set_exact(exact)
        yield machine, core


def outcome(machine: Machine, core: Core) -> dict[str, Any]:
    """What a run left behind, and when each of it happened."""
    arrays = {name: array.tolist() for name, array in machine.record().arrays.items()}
    counts = {"cycles": machine.cycles, "active": core.active_cycles, "instructions": core.instructions}
    return arrays | counts | {"registers": machine.registers}


def images() -> list[Any]:
    """Each with the cache of nRF flash off and on; without it all code there is exact already."""
    found = []
    for image in IMAGES:
        for cached in (False, True) if image.parent.name in ("nrf52840dk", "prebuilt") else (False,):
            found.append(
                pytest.param(image, cached, id=f"{image.parent.name}-{image.stem}{'-cached' if cached else ''}")
            )
    return found


@pytest.mark.parametrize(("image", "cached"), images())
def test_an_image_takes_the_same_both_ways(image: Path, cached: bool) -> None:
    seconds = 0.3 if image.parent.name == "prebuilt" else 0.02
    both = []
    for exact in (False, True):
        with machine_with(image, exact=exact, cached=cached) as (machine, core):
            machine.run_for(seconds)
            both.append(outcome(machine, core))
    assert both[0] == both[1]


def test_the_tap_application_takes_the_same_both_ways() -> None:
    both = []
    for exact in (False, True):
        with machine_with(FIRMWARE / "prebuilt/nrf52840dk/tap.elf", exact=exact, cached=True) as (machine, core):
            machine.attach_stream("accelerometer", STREAM)
            machine.watch_stages({"inference": "nn_invoke", "decision": "tap_decide"})
            machine.run_for(1.0)
            both.append(outcome(machine, core))
    assert both[0] == both[1]
    assert both[0]["stage.id"].count(0) == 3


# ---- random programs ----


@dataclass(frozen=True)
class Place:
    """A chip with its flash and caches as the program sets them, and a device whose registers are at 0x540."""

    platform: str
    flash: int
    device: int
    settings: tuple[tuple[int, int], ...]


F4_DEVICE, F4_CLOCKS = 0x4000_0034 - 0x540, (0x4002_3840, 1)  # TIM2 CCR1; RCC_APB1ENR
F4_ART, L4_CLOCKS, L4_CACHES = (0x4002_3C00, 0x705), (0x4002_1058, 1), (0x4002_2000, 0x704)  # FLASH_ACR; RCC_APB1ENR1
# RBAR, RASR, CTRL: the flash is a read-only region of its own, the rest as without the MPU.
MPU_ON = ((0xE000_ED9C, 0x0800_0010), (0xE000_EDA0, 0x0600_0027), (0xE000_ED94, 5))
PLACES = {
    "nrf52840, I-cache on": Place("nrf52840", 0, 0x4000_8000, ((ICACHECNF, 1),)),
    "nrf52840, I-cache off": Place("nrf52840", 0, 0x4000_8000, ()),
    "stm32f4, 5 wait states, ART on": Place("stm32f4", 0x0800_0000, F4_DEVICE, (F4_ART, F4_CLOCKS)),
    "stm32f4, ART and MPU on": Place("stm32f4", 0x0800_0000, F4_DEVICE, (F4_ART, F4_CLOCKS, *MPU_ON)),
    "stm32l4, 4 wait states, caches on": Place("stm32l4", 0x0800_0000, F4_DEVICE, (L4_CACHES, L4_CLOCKS)),
    "stm32f4, 0 wait states": Place("stm32f4", 0x0800_0000, F4_DEVICE, (F4_CLOCKS,)),
}


@cache
def platform_of(name: str) -> Platform:
    return load_platform(name)


def core_with(place: Place, program: Program, *, exact: bool) -> Core:
    core = NativeEngine(platform_of(place.platform))._core
    put_program(core, replace(program, device=place.device, settings=place.settings), place.flash)
    core.stops_at_breakpoint = True
    core.set_exact(exact)
    return core


def state(core: Core) -> tuple[Any, ...]:
    return core.now, core.instructions, core.active_cycles, core.registers


@pytest.mark.parametrize("interrupts", [False, True], ids=["", "interrupts"])
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_a_random_program_takes_the_same_both_ways_and_step_by_step(place: Place, interrupts: bool) -> None:
    for seed in range(PROGRAMS):
        program = random_program(seed, interrupts=interrupts)
        fast, exact, stepped = (core_with(place, program, exact=how) for how in (False, True, False))
        for core in (fast, exact):
            assert core.run(core.now + ONE_S_IN_TICKS) == "breakpoint", f"seed {seed} does not end"
        assert state(fast) == state(exact), f"seed {seed}"
        while stepped.step() == "time":
            pass
        assert state(stepped) == state(fast), f"seed {seed}, step by step"


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_each_step_of_a_random_program_ends_at_the_same_time_both_ways(place: Place) -> None:
    for seed in range(PROGRAMS // 4):
        program = random_program(seed, interrupts=True)
        fast, exact = core_with(place, program, exact=False), core_with(place, program, exact=True)
        while True:
            reasons = fast.step(), exact.step()
            assert state(fast) == state(exact), f"seed {seed}, pc {fast.registers[15]:#x}"
            if reasons != ("time", "time"):
                break
