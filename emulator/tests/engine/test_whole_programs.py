"""Whole newlib programs (firmware/programs) by GCC and Clang, soft and hard float, -O0 to -O3, LTO: as on qemu.

TINYSIM_LONG=1 runs every program in every variant; else each variant and each program is in at least once.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from children import plain_environment

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tinysim.machine import Machine

SOURCES = Path(__file__).resolve().parents[3] / "firmware" / "programs"
PROGRAMS = ("containers", "exceptions", "files", "floats", "heap", "jumps")
VARIANTS = (
    "O0", "O1_soft", "O2", "O3", "Os_softfp", "O2_lto", "O3_soft_lto", "clang_O2", "clang_Os_soft",
)  # fmt: skip
EXIT_CODES = {"containers": 303 % 7, "jumps": 3}
LONGEST_S = 30.0
QEMU = (
    "qemu-system-arm", "-M", "mps2-an386", "-nographic", "-monitor", "none", "-serial", "none", "-semihosting",
    "-kernel",
)  # fmt: skip
ALL = [(program, variant) for program in PROGRAMS for variant in VARIANTS]
SHORT = [(PROGRAMS[i % len(PROGRAMS)], variant) for i, variant in enumerate(VARIANTS)]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for tool in ("qemu-system-arm", "arm-none-eabi-g++", "make"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    return tmp_path_factory.mktemp("programs")


def built(program: str, variant: str, build: Path) -> Path:
    if variant.startswith("clang") and shutil.which("clang++") is None:
        pytest.skip("clang++ is not installed")
    image = build / f"{program}.{variant}.elf"
    make = ["make", "--silent", "-C", str(SOURCES), f"BUILD={build}", str(image)]
    done = subprocess.run(
        make, capture_output=True, text=True, check=False, env={**plain_environment(), "MAKEFLAGS": ""}
    )
    assert done.returncode == 0, done.stderr
    return image


def on_qemu(image: Path, folder: Path) -> tuple[str, int]:
    run = subprocess.run(
        [*QEMU, str(image)], env=plain_environment(), capture_output=True, cwd=folder, timeout=LONGEST_S, check=False
    )
    return run.stdout.decode() + run.stderr.decode(), run.returncode


def on_tinysim(image: Path, folder: Path) -> tuple[str, int | None]:
    with Machine("nrf52840") as machine:
        machine.load(image)
        machine.host.serve_semihosting(folder)
        reason = machine.run_for(LONGEST_S)
        text = "".join(f"{line.text}\n" for line in machine.uart("semihosting").read_new())
        assert reason == "exit", f"stopped by {reason} after:\n{text[-500:]}"
        return text, machine.host.exit_code


@pytest.mark.parametrize(("program", "variant"), ALL if os.environ.get("TINYSIM_LONG") else SHORT)
def test_a_program_does_what_it_does_on_qemu(program: str, variant: str, build: Path, tmp_path: Path) -> None:
    image = built(program, variant, build)
    theirs, ours = on_qemu(image, tmp_path), on_tinysim(image, tmp_path)
    assert ours == theirs
    assert ours[1] == EXIT_CODES.get(program, 0)
    assert list(tmp_path.iterdir()) == []
