"""Reader, writer and flow of execution traces on the bench (core/tests/test_trace.cc)."""

from __future__ import annotations

from pathlib import Path

import pytest
from device_program import build, check, names_in

SOURCES = [
    *(f"src/trace/{name}.cc" for name in ("reader", "writer", "flow", "facts", "code_image")),
    *(f"src/trace/{name}.cc" for name in ("access_groups", "exception_flow")),
    "src/cpu/decode*.cc",
]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("test_trace", SOURCES, tmp_path_factory.mktemp("trace"), flags=["-Wno-error=extra"])


@pytest.mark.parametrize("name", names_in("test_trace"))
def test_on_the_bench(program: Path, name: str) -> None:
    check(program, name)
