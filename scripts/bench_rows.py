"""What `make bench` measures: images, chips, what runs beside the CPU, and the ratio to Unicorn that is wanted.

The wanted ratios are for code in flash with its cache on: DMA idle, beside one paced stream, beside an endless copy.
Polling a register has no counterpart in Unicorn, which has no device: there a number of MIPS is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

IMAGES = Path(__file__).resolve().parent.parent / "firmware" / "bench" / "prebuilt"
NRF52840, STM32F407 = "nrf52840", "stm32f4_discovery"
IDLE, PACED, COPY = 1.2, 0.6, 0.3
POLLING_MIPS = 40.0
INT8, FLOAT, BRANCHY = "int8 convolution", "float FFT and mel", "branchy integer"
NAMES = {INT8: "convolution", FLOAT: "features", BRANCHY: "integer"}


@dataclass(frozen=True)
class Workload:
    """A row: an image with the variables it starts with; `share` of its iterations are run, as some rows are slow.

    `wanted` is the least ratio to Unicorn and `wanted_mips` the least speed, None where none is set; `exact`: each
    instruction by the exact model.
    """

    title: str
    name: str
    platform: str = NRF52840
    setting: str = ""
    variables: dict[str, int] = field(default_factory=dict)
    wanted: float | None = None
    wanted_mips: float | None = None
    share: float = 1.0
    exact: bool = False
    on_unicorn: bool = True

    @property
    def chip(self) -> str:
        """The folder of its images, but for the nRF52840's."""
        return NRF52840 if self.platform == NRF52840 else "stm32f407"

    @property
    def image(self) -> Path:
        return (IMAGES if self.platform == NRF52840 else IMAGES / self.chip) / f"{self.name}.elf"

    def native_parameters(self, iterations: int) -> dict[str, int]:
        return self.variables | {"bench_iterations": iterations}

    def unicorn_parameters(self, iterations: int) -> dict[str, int]:
        """Without what Unicorn has no model of: clocks, caches, DMA."""
        kept = {name: value for name, value in self.variables.items() if name == "bench_without_interrupts"}
        no_clock = {} if self.platform == NRF52840 else {"bench_clock": 0}
        return kept | no_clock | {"bench_iterations": iterations}


def _on_stm32(title: str, setting: str, dma: int, wanted: float | None, share: float) -> Workload:
    wanted = None if title == FLOAT else wanted
    return Workload(title, NAMES[title], STM32F407, setting, {"bench_dma": dma}, wanted, share=share)


WORKLOADS = (
    Workload(INT8, "convolution", wanted=IDLE),
    Workload(FLOAT, "features"),
    Workload(BRANCHY, "integer", wanted=IDLE),
    Workload("interrupts and WFI", "interrupts", on_unicorn=False),
    Workload("handler in a loop", "interrupts", variables={"bench_without_interrupts": 1}),
    *(_on_stm32(title, "DMA idle", 0, IDLE, 1.0) for title in NAMES),
    *(_on_stm32(title, "paced DMA", 1, PACED, 1.0) for title in NAMES),
    *(_on_stm32(title, "copying DMA", 2, COPY, 0.25) for title in NAMES),
    Workload("polling a register", "polling", STM32F407, wanted_mips=POLLING_MIPS, on_unicorn=False),
    Workload(INT8, "convolution", NRF52840, "cache off", {"bench_cache": 0}, share=0.25),
    Workload(INT8, "convolution", STM32F407, "exact mode", share=0.25, exact=True),
)
