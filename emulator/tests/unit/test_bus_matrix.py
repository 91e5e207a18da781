"""The bus matrix on the bench: arbitration and stalls, bridges and write buffer (core/tests/test_matrix*.cc)."""

from __future__ import annotations

from pathlib import Path

import pytest
from device_program import build, check, names_in

SOURCES = ["src/bus/*.cc", "src/soc/nrf/easy_dma.cc"]
PROGRAMS = ("test_matrix", "test_matrix_bridges")


@pytest.fixture(scope="module", params=PROGRAMS)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(request.param, SOURCES, tmp_path_factory.mktemp("matrix"))


@pytest.mark.parametrize(
    ("built", "name"), [(program, name) for program in PROGRAMS for name in names_in(program)], indirect=["built"]
)
def test_on_the_bench(built: Path, name: str) -> None:
    check(built, name)
