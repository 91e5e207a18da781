"""The core's profile fed by hand: sums, calls, exceptions, threads, time line (core/tests/test_profile.cc)."""

from __future__ import annotations

from pathlib import Path

import pytest
from device_program import build, check, names_in

SOURCES = ["src/cpu/profile.cc"]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("test_profile", SOURCES, tmp_path_factory.mktemp("profile"))


@pytest.mark.parametrize("name", names_in("test_profile"))
def test_on_the_bench(program: Path, name: str) -> None:
    check(program, name)
