"""The programs of core/tests: one CMake build at -O0 with -Werror, shared by all tests and runs of a checkout."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "emulator" / "core" / "tests"
BUILD = ROOT / "build" / "bench"


def names_in(program: str) -> list[str]:
    """The TEST names of `core/tests/<program>.cc`, in the order of the file."""
    return re.findall(r"^TEST\((\w+)\)", (SOURCES / f"{program}.cc").read_text(encoding="utf-8"), flags=re.MULTILINE)


def program(name: str) -> Path:
    """The built `core/tests/<name>.cc`. Skips without cmake or a compiler; fails with what the compiler said."""
    said = _build_all()
    output = _run(["--target", name]) if said else ""
    if output:
        pytest.fail(output, pytrace=False)
    return BUILD / name


@lru_cache(maxsize=1)
def _build_all() -> str:
    """Brings all programs up to date, once per process; what went wrong."""
    if not any(map(shutil.which, ("g++", "clang++"))):
        pytest.skip("no C++ compiler (g++ or clang++) on PATH")
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # pytest's workers want the same programs
        return _configure() or _run(["--target", "bench", "--parallel", str(os.cpu_count() or 1), "--", "-k", "0"])


def _configure() -> str:
    nanobind = [sys.executable, "-m", "nanobind", "--cmake_dir"]
    options = {
        "TINYSIM_BENCH": "ON",
        "CMAKE_BUILD_TYPE": "Debug",
        "CMAKE_CXX_FLAGS": "-Werror",
        "CMAKE_CXX_FLAGS_DEBUG": "-O0",
        "Python_EXECUTABLE": sys.executable,
        "nanobind_DIR": subprocess.run(nanobind, check=True, capture_output=True, text=True).stdout.strip(),
    }
    return _run(
        ["-S", str(ROOT), "-B", str(BUILD), "-G", "Ninja", *(f"-D{key}={value}" for key, value in options.items())]
    )


def _run(arguments: list[str]) -> str:
    """Runs cmake; the output if it failed."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    cmake = shutil.which("cmake", path=path)
    if cmake is None:
        pytest.skip("no cmake: pip install cmake ninja")
    command = [cmake, *(arguments if "-S" in arguments else ["--build", str(BUILD), *arguments])]
    result = subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ, "PATH": path})
    return "" if result.returncode == 0 else result.stdout + result.stderr
