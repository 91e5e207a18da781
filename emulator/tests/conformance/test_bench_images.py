"""The benchmark images compute the same on tinysim and on Unicorn, and the interrupts change no result."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
sys.path.insert(0, str(SCRIPTS))
pytest.importorskip("unicorn", reason="unicorn is not installed (pip install tinysim[dev])")
from bench_unicorn import UnicornRun  # noqa: E402

SHORT = {"convolution": 1, "features": 3, "integer": 2, "interrupts": 300}
WITHOUT_INTERRUPTS = {"bench_without_interrupts": 1}
IMAGES = SCRIPTS.parent / "firmware" / "bench" / "prebuilt"


def native_run(image: str, parameters: dict[str, int]) -> tuple[int, int]:
    """Checksum and instructions of a short run that ends asleep in bench_done."""
    pytest.importorskip("tinysim._core", reason="the C++ core is not built")
    from tinysim.machine import Machine

    with Machine("nrf52840") as machine:
        machine.load(IMAGES / f"{image}.elf")
        for name, value in parameters.items():
            machine.write_memory(machine.symbol(name), value.to_bytes(4, "little"))
        assert machine.run_for(5.0) == "deadlock"
        checksum = int.from_bytes(machine.read_memory(machine.symbol("bench_checksum"), 4), "little")
        return checksum, machine.record().manifest["counters"]["cpu.instructions"]


@pytest.mark.parametrize("image", SHORT)
def test_short_run_gives_unicorns_checksum(image: str) -> None:
    parameters = {"bench_iterations": SHORT[image]}
    if image == "interrupts":
        parameters |= WITHOUT_INTERRUPTS
    expected, _ = UnicornRun(IMAGES / f"{image}.elf", parameters).run()
    assert native_run(image, parameters)[0] == expected


def test_interrupts_give_the_checksum_of_the_handler_called_in_a_loop() -> None:
    parameters = {"bench_iterations": SHORT["interrupts"]}
    expected, _ = UnicornRun(IMAGES / "interrupts.elf", parameters | WITHOUT_INTERRUPTS).run()
    assert native_run("interrupts", parameters)[0] == expected


@pytest.mark.parametrize("image", SHORT)
def test_the_instruction_count_is_unicorns(image: str) -> None:
    parameters = {"bench_iterations": SHORT[image]}
    expected = UnicornRun(IMAGES / f"{image}.elf", parameters).count_instructions()
    # Unicorn stops at the entry of bench_done; ours executes its few instructions up to the last WFI.
    assert 0 <= native_run(image, parameters)[1] - expected <= 4
