"""Runs firmware/fixtures/stm32/timing_kernel: one kernel at many places, and what its cycles went into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tinysim.analyses.causes import Cycles, add
from tinysim.analyses.profile import instruction_rows
from tinysim.machine import Machine
from tinysim.record import PROFILE_CAUSES

IMAGE = Path(__file__).resolve().parents[3] / "firmware" / "prebuilt" / "stm32f4_discovery" / "timing_kernel.elf"
PHASE_S = 0.002
FLASH, SRAM1, SRAM2 = range(3)  # where the code is
ALONE, DMA_ON_SRAM1, DMA_ON_SRAM2 = range(3)
PREFETCH, INSTRUCTION_CACHE, DATA_CACHE = 1, 2, 4


@dataclass(frozen=True)
class Setting:
    """Where the kernel runs and beside what; its data are in SRAM1."""

    place: int = FLASH
    latency: int = 0
    switches: int = 0
    beside: int = ALONE


@dataclass(frozen=True)
class KernelRun:
    """`cycles` by the guest's own DWT, call included; `own`: of the kernel's instructions, by the profile.

    `stalls`: cycles by (slave, who waited, who held it), of both runs and what is around them.
    """

    cycles: int
    checksum: int
    own: Cycles
    stalls: Mapping[tuple[str, str, str], int]

    def cause(self, name: str) -> int:
        """Cycles of one of PROFILE_CAUSES."""
        return self.own.by_cause[PROFILE_CAUSES.index(name)]


def run_kernel(setting: Setting, *, profiled: bool = True) -> KernelRun:
    """One warm run of the kernel. Without the profile the engine takes its fast path where it can; `own` is empty."""
    with Machine("stm32f4_discovery") as machine:
        machine.load(IMAGE)
        machine.run_for(PHASE_S)
        write(machine, kernel_place=setting.place, kernel_latency=setting.latency)
        write(machine, kernel_switches=setting.switches, kernel_beside=setting.beside, kernel_go=1)
        machine.run_for(PHASE_S)
        if profiled:
            machine.start_profile()
        write(machine, kernel_go=2)
        machine.run_for(PHASE_S)
        begin = word(machine, "kernel_entry") & ~1
        end = begin + word(machine, "kernel_bytes")
        record = machine.record()
        rows = instruction_rows(record) if profiled else ()
        names, waiters = record.manifest["bus_slaves"], record.manifest["bus_masters"]
        columns = (record.arrays[f"bus.{name}"].tolist() for name in ("slave", "waiter", "holder", "cycles"))
        return KernelRun(
            cycles=word(machine, "kernel_cycles"),
            checksum=word(machine, "kernel_sum"),
            own=add(row.own for row in rows if begin <= row.address < end),
            stalls={(names[s], waiters[w], waiters[h]): cycles for s, w, h, cycles in zip(*columns, strict=True)},
        )


def write(machine: Machine, **variables: int) -> None:
    for name, value in variables.items():
        machine.write_memory(machine.symbol(name), value.to_bytes(4, "little"))


def word(machine: Machine, name: str) -> int:
    return int.from_bytes(machine.read_memory(machine.symbol(name), 4), "little")
