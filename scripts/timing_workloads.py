"""The workloads of docs/timing.md with numbers of the chip replaced: mechanisms switched off, uncertain ones varied."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tinysim.machine import Machine
from tinysim.platform import Parameter, load_platform

ROOT = Path(__file__).resolve().parent.parent
CHIP = "nrf52840"
LIMIT_S = 60.0
TAP_S = 1.0
SECTIONS = ("timing", "flash", "bus", "dma")  # whose uncertain numbers are varied
RANGE = re.compile(r"^(?P<kind>[VRH])\b[^0-9]*?(?P<low>\d+)\.\.(?P<high>\d+)")


@dataclass(frozen=True)
class Workload:
    """An image and how much of it is run; `stage`: the mean of this function's spans is taken, else cycles awake.

    `usual` are numbers of the `chip` that it runs with unless they are varied.
    """

    title: str
    image: Path
    variables: Mapping[str, int] = field(default_factory=dict)
    stage: str | None = None
    chip: str = CHIP
    usual: Mapping[str, int] = field(default_factory=dict)

    def cycles(self, parameters: Mapping[str, int]) -> float:
        """CPU cycles awake, or of one stage."""
        with Machine(self.chip, parameters={**self.usual, **parameters}) as machine:
            machine.load(self.image)
            for name, value in self.variables.items():
                machine.write_memory(machine.symbol(name), value.to_bytes(4, "little"))
            if self.stage is None:
                machine.run_for(LIMIT_S)
                return float(machine.record().manifest["counters"]["cpu.active_cycles"])
            machine.attach_stream(None, ROOT / "models" / "tap" / "data" / "tap_demo.csv")
            machine.watch_stages({"stage": self.stage})
            machine.run_for(TAP_S)
            arrays = machine.record().arrays
            return float((arrays["stage.exit"] - arrays["stage.enter"]).mean())


# Their loops fit the instruction cache. It is left off, and no wait states stand for it, so that numbers can vary that.
CACHED = {"flash_wait_states": 0}


def bench(title: str, name: str, iterations: int) -> Workload:
    image = ROOT / "firmware/bench/prebuilt" / f"{name}.elf"
    return Workload(title, image, {"bench_iterations": iterations, "bench_cache": 0}, usual=CACHED)


CONVOLUTION = bench("int8 convolution", "convolution", 1)
TAP = Workload("tap inference", ROOT / "firmware/prebuilt/nrf52840dk/tap.elf", stage="nn_invoke")
F4 = "stm32f4"
F4_CONVOLUTION = Workload(
    CONVOLUTION.title, ROOT / "firmware/bench/prebuilt/stm32f407/convolution.elf", {"bench_iterations": 1}, chip=F4
)
F4_TAP = Workload(TAP.title, ROOT / "firmware/prebuilt/stm32f4_discovery/tap.elf", stage="nn_invoke", chip=F4)
VARIED = {CHIP: (CONVOLUTION, TAP), F4: (F4_CONVOLUTION, F4_TAP)}
WORKLOADS = (
    CONVOLUTION,
    bench("float FFT and mel", "features", 20),
    bench("branchy integer", "integer", 10),
    bench("interrupts", "interrupts", 5000),
    TAP,
)

# Title -> the numbers that leave the mechanism out.
MECHANISMS: dict[str, dict[str, int]] = {
    "fetch queue": {"fetch_queue": 0},
    "load pipelining": {"load_pipelining": 0},
    "address-generation stall": {"address_dependency": 0},
    "IT folding": {"it_folding": 0},
    "FP result latency": {"fp_result_latency": 0},
    "FP overlap": {"fp_overlap": 0},
    "NOP behind a load": {"no_operation_absorbed": 0},
    "half-rate System bus": {"system_bus_fetch": 1},
    "instruction cache": {"flash_wait_states": 2},
    "flash wait states": {"flash_wait_states": 0, "flash_data_wait_states": 0, "flash_cache_miss_wait_states": 0},
    "shared flash port": {"flash_port_shared": 0},
    "waits of the APB bridges": {
        "apb_read_cycles": 0,
        "apb_write_cycles": 0,
        "apb_bridge_cycles": 0,
        "apb_waits_for_edge": 0,
    },
    "posted register writes": {"apb_write_posted": 0},
}


def change(cycles: float, usual: float) -> str:
    return "0" if cycles == usual else f"{100 * (cycles - usual) / usual:+.2f} %"


def table(header: tuple[str, ...], rows: list[list[str]]) -> str:
    lines = [header, ("---", *("---:" for _ in header[1:])), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def mechanisms_table() -> str:
    """Cycles as modelled, and what they become in percent with one mechanism after the other left out."""
    usual = [workload.cycles({}) for workload in WORKLOADS]
    rows = [["**as modelled, cycles**", *(f"{cycles:,.0f}" for cycles in usual)]]
    for title, parameters in MECHANISMS.items():
        changed = [workload.cycles(parameters) for workload in WORKLOADS]
        settings = ", ".join(f"`{name}` = {value}" for name, value in parameters.items())
        rows.append([f"without {title} ({settings})", *map(change, changed, usual)])
    return table(("", *(workload.title for workload in WORKLOADS)), rows)


def uncertain_parameters(chip: str) -> Iterator[tuple[str, Parameter, str, tuple[int, int]]]:
    """The chip's numbers whose uncertainty states a range, of the sections that the timing model reads."""
    for full, parameter in load_platform(chip).chip.parameters.items():
        section, _, name = full.partition(".")
        found = RANGE.match(parameter.uncertainty)
        if section in SECTIONS and found and isinstance(parameter.value, int):
            yield name, parameter, found["kind"], (int(found["low"]), int(found["high"]))


def sensitivity_table(chip: str) -> str:
    """What an int8 inference costs more or less at both ends of each uncertain number."""
    workloads = VARIED[chip]
    usual = [workload.cycles({}) for workload in workloads]
    rows = []
    for name, parameter, kind, (low, high) in uncertain_parameters(chip):
        ends = [change(w.cycles({name: end}), u) for w, u in zip(workloads, usual, strict=True) for end in (low, high)]
        rows.append([f"`{name}`", str(parameter.value), f"{kind}: {low}..{high}", *ends])
    titles = [f"{workload.title}, {end}" for workload in workloads for end in ("low", "high")]
    return table(("number", "value", "range", *titles), rows)
