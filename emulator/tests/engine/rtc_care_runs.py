"""One run of a fixture of fixtures/shared/rtc_care.inc: seconds as it measured them, and a tamper by PC13."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from low_power_runs import lines_of
from prebuilt_firmware import prebuilt

from tinysim.machine import Machine

UNTIL_ARMED_S, UNTIL_TAMPER_S, REST_S = 5.0, 2.0, 0.1
SECOND_S = 0.125  # as the fixture divides LSI
LSI_CYCLE_US, SECONDS_US, SHIFT_US = 31.25, 1_000_000, 62_500
PULSES, WINDOW_PULSES, MOST_MASKED, INSERTED = 32_000, 1 << 20, 511, 512
READING_US = 3


@dataclass(frozen=True)
class CareRun:
    """`again` are the lines of a second run from a snapshot before the tamper."""

    lines: dict[str, dict[str, int]]
    again: dict[str, dict[str, int]]
    gaps: int
    own_warnings: list[str]


def care_run(machine_name: str | Path, board: str, image: str, uart: str, button: str) -> CareRun:
    """Runs the board's prebuilt `image` on a machine whose `button` leads to PC13."""
    path = prebuilt(board, image)
    with Machine(str(machine_name)) as machine:
        machine.load(path)
        machine.run_for(UNTIL_ARMED_S)
        armed = machine.snapshot()
        lines = tamper(machine, uart, button)
        machine.release(button)
        machine.restore(armed)
        again = tamper(machine, uart, button)
        texts = [str(each["text"]) for each in machine.record().manifest["warnings"]]
        own = [text for text in texts if text.startswith(("rcc", "pwr", "rtc", "exti"))]
        return CareRun(lines, again, len(machine.gaps), own)


def tamper(machine: Machine, uart: str, button: str) -> dict[str, dict[str, int]]:
    machine.run_for(UNTIL_TAMPER_S)
    machine.press(button)
    machine.run_for(REST_S)
    return lines_of(machine, uart)


def check_seconds(run: CareRun) -> None:
    """8 seconds of 4000 LSI cycles: plain, with CALM 511, with CALP; and one that half a second delays."""
    second = run.lines["second"]
    assert abs(second["plain_us"] - SECONDS_US) <= READING_US
    assert abs(second["again_us"] - SECONDS_US) <= READING_US
    for key, cycles in (("masked_us", MOST_MASKED), ("inserted_us", -INSERTED)):
        wanted_us = SECONDS_US + cycles * PULSES / WINDOW_PULSES * LSI_CYCLE_US
        assert abs(second[key] - wanted_us) <= LSI_CYCLE_US + READING_US, key
    assert abs(second["shifted_us"] - (SECOND_S * 1e6 + SHIFT_US)) <= LSI_CYCLE_US + 4 * READING_US


def check_tamper(run: CareRun) -> None:
    """The pin wakes the CPU, its time is stamped, the backup registers are erased and can be written behind that."""
    assert run.lines["armed"]["backup"] == 0xCAFE
    tamper = run.lines["tamper"]
    assert (tamper["flag"], tamper["stamped"], tamper["backup"], tamper["again"]) == (1, 1, 0, 0xCAFE)
    assert tamper["stamp"] == tamper["time"] > 0x120040
    assert run.again == run.lines
    assert run.gaps == 0 and run.own_warnings == []
