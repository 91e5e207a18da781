"""The fixtures of firmware/fixtures/exceptions: run them and read their lines `TS check name=... value=...`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tinysim.machine import Machine

ROOT = Path(__file__).resolve().parents[3]
PREBUILT = ROOT / "firmware" / "prebuilt" / "nrf52840dk"
CHOSEN_CASE = 0x2003_0000  # where a fixture with several cases looks which one to run
LONGEST_S = 2.0
# The facts on exceptions hold for memory without wait states.
ZERO_WAIT = {
    "flash_wait_states": 0,
    "flash_data_wait_states": 0,
    "flash_cache_miss_wait_states": 0,
}

_CHECK = re.compile(r"^TS check name=(\S+) value=0x([0-9a-f]{8})$", re.MULTILINE)


def parse_checks(text: str) -> dict[str, int]:
    """Name to value, in the order printed."""
    return {name: int(value, 16) for name, value in _CHECK.findall(text)}


def loaded(stem: str, case: int = 0) -> Machine:
    """A native machine with a fixture, not run yet."""
    machine = Machine("nrf52840", parameters=ZERO_WAIT)
    machine.load(PREBUILT / f"{stem}.elf")
    machine.write_memory(CHOSEN_CASE, case.to_bytes(4, "little"))
    return machine


def start(stem: str, case: int = 0) -> tuple[Machine, str]:
    """Run a fixture on the native engine to its end; the machine and why it stopped."""
    machine = loaded(stem, case)
    return machine, machine.run_for(LONGEST_S)


def checks_of(stem: str, case: int = 0) -> dict[str, int]:
    """All checks of a fixture, which must end by itself: asleep, with nothing to wake it."""
    machine, reason = start(stem, case)
    with machine:
        text = "\n".join(line.text for line in machine.uart().read_new())
        assert reason == "deadlock", f"{stem} stopped by {reason} after:\n{text[-500:]}"
    return parse_checks(text)
