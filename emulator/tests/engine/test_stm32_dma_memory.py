"""DMA2 beside the CPU on the STM32F407: contention by bank, CCM, a text by DMA1 (fixtures/stm32/stm32_dma_memory.c).

The figures are AN4031's (docs/timing.md): an item takes each port tPA or tMA 1, tPAC or tMAC 1, tBMA 1 and one cycle of
data, 4 HCLK cycles; the two ports work side by side, so that an SRAM is taken twice in these 4 cycles, for one cycle
each. Round robin lets the CPU wait for one transfer, never more.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from prebuilt_firmware import console_text, prebuilt, tagged_lines

from tinysim.machine import Machine
from tinysim.record import Record

BOARD, FIXTURE = "stm32f4_discovery", "stm32_dma_memory"
ITEMS, READS = 1000, 1600
PORT_CYCLES, TRANSFERS_OF_AN_ITEM, WAIT_CYCLES = 1 + 1 + 1 + 1, 2, 1
POLL_CYCLES = 60


@dataclass(frozen=True)
class Run:
    record: Record
    text: str

    def line(self, tag: str) -> dict[str, int]:
        """The numbers of the console line `TS <tag> ...`."""
        return tagged_lines(self.text, tag)[0]

    def stall_cycles(self, slave: str, waiter: str, holder: str) -> int:
        manifest, arrays = self.record.manifest, self.record.arrays
        wanted = (
            manifest["bus_slaves"].index(slave),
            *(manifest["bus_masters"].index(name) for name in (waiter, holder)),
        )
        rows = zip(arrays["bus.slave"], arrays["bus.waiter"], arrays["bus.holder"], arrays["bus.cycles"], strict=True)
        return sum(int(cycles) for *who, cycles in rows if tuple(who) == wanted)


@pytest.fixture(scope="module")
def run() -> Run:
    with Machine(BOARD) as machine:
        machine.load(prebuilt(BOARD, FIXTURE))
        machine.run_for(0.04)
        record = machine.record()
    return Run(record, console_text(record, "usart2"))


def test_a_copy_within_one_sram_takes_four_to_five_cycles_an_item_and_enable_falls(run: Run) -> None:
    copy = run.line("copy")
    # In one SRAM the ports also meet each other: one cycle more, at the most.
    assert PORT_CYCLES * ITEMS <= copy["cycles"] <= (PORT_CYCLES + WAIT_CYCLES) * ITEMS + POLL_CYCLES
    assert copy["enabled"] == 0


def test_all_items_arrive(run: Run) -> None:
    assert {run.line(tag)["last"] for tag in ("same", "other", "ccm_data")} == {ITEMS - 1}


def test_in_the_same_sram_the_cpu_waits_up_to_one_cycle_a_transfer(run: Run) -> None:
    same = run.line("same")
    transfers = TRANSFERS_OF_AN_ITEM * same["together"] // PORT_CYCLES
    assert 0.5 * READS < same["together"] - same["alone"] <= WAIT_CYCLES * transfers


def test_in_another_bank_and_in_ccm_no_one_waits_for_the_bus(run: Run) -> None:
    same, other, ccm = (run.line(tag) for tag in ("same", "other", "ccm_data"))
    assert ccm["together"] == ccm["alone"]
    assert other["together"] - other["alone"] < (same["together"] - same["alone"]) / 10
    assert run.stall_cycles("sram2", "cpu data", "dma2 peripheral") == 0
    assert run.stall_cycles("sram2", "cpu data", "dma2 memory") == 0


def test_stalls_are_counted_on_both_sides(run: Run) -> None:
    cpu = sum(run.stall_cycles("sram1", "cpu data", f"dma2 {port}") for port in ("peripheral", "memory"))
    assert cpu >= run.line("same")["together"] - run.line("same")["alone"]
    assert run.stall_cycles("sram1", "dma2 peripheral", "cpu data") > 0


def test_ccm_as_target_is_a_transfer_error_and_a_finding(run: Run) -> None:
    assert run.line("ccm") == {"teif": 1, "enabled": 0}
    assert any("M0AR 0x10000000" in warning["text"] for warning in run.record.manifest["warnings"])


def test_a_text_goes_out_by_dma1_and_each_half_is_a_transfer(run: Run) -> None:
    assert "TS text by=dma\n" in run.text
    assert run.text.endswith("TS done\n")
    masters = run.record.manifest["dma_masters"]
    of_uart = run.record.arrays["dma.master"] == masters.index("dma1 stream 6")
    assert run.record.arrays["dma.bytes"][of_uart].sum() == len("TS text by=dma\n")
    assert not run.record.arrays["dma.to_memory"][of_uart].any()


def test_snapshots_in_the_middle_of_a_copy_lead_to_the_same_end() -> None:
    first_copy_s, step_s, steps = 0.0023, 0.000_004, 40

    def rest(machine: Machine, done: int) -> tuple[list[int], list[int]]:
        for _ in range(steps - done):
            machine.run_for(step_s)
        machine.run_for(0.001)
        arrays = machine.record().arrays
        return arrays["dma.end"].tolist(), arrays["bus.cycles"].tolist()

    with Machine(BOARD) as machine:
        machine.load(prebuilt(BOARD, FIXTURE))
        machine.run_for(first_copy_s)
        snapshots = []
        for _ in range(steps):
            machine.run_for(step_s)
            snapshots.append(machine.snapshot())
        wanted = rest(machine, steps)
        assert len(wanted[0]) >= 4
        for done, snapshot in enumerate(snapshots, start=1):
            machine.restore(snapshot)
            assert rest(machine, done) == wanted
