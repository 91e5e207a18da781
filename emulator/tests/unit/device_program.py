"""Builds a C++ device test program of core/tests and runs its tests one by one."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

CORE = Path(__file__).resolve().parents[2] / "core"
FLAGS = ["-std=c++20", "-O0", "-Wall", "-Wextra", "-Werror"]
INCLUDES = ["-I", str(CORE / "include"), "-I", str(CORE / "src"), "-I", str(CORE / "tests")]
COMMON = ["src/sim/*.cc", "src/soc/nrf/peripheral.cc"]


def names_in(program: str) -> list[str]:
    """The TEST names of `core/tests/<program>.cc`, in the order of the file."""
    text = (CORE / "tests" / f"{program}.cc").read_text(encoding="utf-8")
    return re.findall(r"^TEST\((\w+)\)", text, flags=re.MULTILINE)


def build(program: str, sources: list[str], folder: Path, flags: Sequence[str] = ()) -> Path:
    """Compiles `core/tests/<program>.cc` with `sources` (patterns below core/); skips without a compiler."""
    compiler = shutil.which("g++") or shutil.which("clang++")
    if compiler is None:
        pytest.skip("no C++ compiler (g++ or clang++) on PATH")
    files = [str(path) for pattern in [*sources, *COMMON] for path in sorted(CORE.glob(pattern))]
    output = folder / program
    command = [compiler, *FLAGS, *flags, *INCLUDES, str(CORE / "tests" / f"{program}.cc"), *files]
    subprocess.run([*command, "-o", str(output)], check=True)
    return output


def check(program: Path, name: str) -> None:
    """Runs one test of a built program; fails with what the program printed."""
    result = subprocess.run([str(program), name], check=False, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stdout + result.stderr
