"""The exception fixtures on qemu's mps2-an386 (also a Cortex-M4F): an oracle that is not ours, check by check."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import exception_fixtures
import pytest
from children import plain_environment

LONGEST_S = 30
# -icount: virtual time by instructions, so that SysTick does not depend on the host.
QEMU = (
    "qemu-system-arm", "-M", "mps2-an386", "-nographic", "-monitor", "none", "-serial", "none",
    "-icount", "shift=5,sleep=off", "-semihosting", "-kernel",
)  # fmt: skip

# Where the two differ for a known reason.
BOARD = {
    "implemented_priority_bits": "the machine implements eight priority bits",
    "implemented_system_priority_bits": "the machine implements eight priority bits",
    "basepri_unimplemented_bits": "the machine implements eight priority bits",
    "basepri_unimplemented_masks_nothing": "the machine implements eight priority bits",
    "clock_source_without_reference": "the machine has a reference clock",
    "calibration_noref": "the machine has a reference clock",
    "64_periods_of_1000_cycles": "it has no CYCCNT",
}
NOT_IN_QEMU = {
    **{
        f"{prefix}store_absent.{part}": "it reports stores to nowhere precisely"
        for prefix in ("", "forced.")
        for part in ("cfsr", "pc", "bfar")
    },
    "breakpoint.hfsr": "it escalates BKPT as FORCED; DDI 0403 C1.4.1 says DEBUGEVT",
    "probed_in_hard_fault": "it has no CCR.BFHFNMIGN and locks up",
    "wfi_under_basepri_waits_for_higher": "its WFI ends by any pending interrupt",
    "wfe_waits_under_primask": "its WFE does not sleep",
    "wfe_clears_the_event": "its WFE does not sleep",
    "wfe_ended_by_a_handler": "its WFE does not sleep",
    "sleeponexit.ticks_before_thread": "it has no SLEEPONEXIT",
    **{
        f"{name}.{part}": "within a kilobyte it does not look again at the MPU for the next instruction"
        for name in ("runs_into_execute_never", "wide_across_the_border")
        for part in ("cfsr", "exception", "pc")
    },
    "unaligned_across": "it looks at the first byte alone",
    "sub_regions_of_32_bytes_that_are_wrong": "it takes a kilobyte for allowed when its first accessed sub-region is",
}
STEMS = (
    "exception_priorities", "exception_faults", "exception_derived_faults", "exception_frames", "exception_floats",
    "exception_sleep", "interrupted_code", "mpu_faults", "mpu_frames", "mpu_regions", "systick", "task_switch",
    "two_tasks",
)  # fmt: skip


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixtures linked for semihosting."""
    for tool in ("qemu-system-arm", "arm-none-eabi-gcc", "make"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    build = tmp_path_factory.mktemp("semihosting")
    firmware = exception_fixtures.ROOT / "firmware"
    subprocess.run(
        ["make", "--silent", "-C", str(firmware), f"BUILD={build}", "semihosting"],
        check=True, capture_output=True, env={**os.environ, "MAKEFLAGS": ""},
    )  # fmt: skip
    return build / "nrf52840dk" / "semihosting"


@pytest.mark.parametrize("stem", STEMS)
def test_qemu_prints_the_same_checks(stem: str, images: Path) -> None:
    # A lockup aborts it: what it printed until then still counts.
    run = subprocess.run(
        [*QEMU, str(images / f"{stem}.elf")],
        env=plain_environment(),
        capture_output=True,
        timeout=LONGEST_S,
        check=False,
    )
    theirs = exception_fixtures.parse_checks(run.stdout.decode() + run.stderr.decode())
    ours = exception_fixtures.checks_of(stem)
    names = [name for name in {**ours, **theirs} if name not in BOARD and name not in NOT_IN_QEMU]
    assert {name: ours.get(name) for name in names} == {name: theirs.get(name) for name in names}
