"""One device of the core without a CPU, asked for its registers: builds and runs core/tests/register_probe.cc."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import pytest

CORE = Path(__file__).resolve().parents[2] / "core"
FLAGS = ["-std=c++20", "-O0", "-I", str(CORE / "include"), "-I", str(CORE / "src"), "-I", str(CORE / "tests")]
FOLDERS = ("sim", "soc/nrf", "soc/stm32", "soc", "parts", "bus", "timing")


@lru_cache(maxsize=1)
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="register_probe")


@lru_cache(maxsize=1)
def build_probe() -> Path:
    """The program, built from all devices once per run of pytest. Skips without a compiler."""
    compiler = shutil.which("g++") or shutil.which("clang++")
    if compiler is None:
        pytest.skip("no C++ compiler (g++ or clang++) on PATH")
    sources = [str(file) for folder in FOLDERS for file in sorted((CORE / "src" / folder).glob("*.cc"))]
    program = Path(_folder().name) / "register_probe"
    main = str(CORE / "tests" / "register_probe.cc")
    subprocess.run([compiler, *FLAGS, *sources, main, "-o", str(program)], check=True)
    return program


def ask_lines(device_type: str, address: int, parameters: Sequence[str], commands: Iterable[str]) -> list[str]:
    """Run commands on a fresh device; its answers. Skips when the type is not there."""
    arguments = [str(build_probe()), device_type, hex(address), *parameters]
    script = "\n".join(commands) + "\n"
    result = subprocess.run(arguments, input=script, capture_output=True, text=True, check=False, timeout=60)
    if result.returncode == 2:
        pytest.skip(f"no device for {device_type} yet")
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()
