"""The one place where the conformance tests meet tinysim's C++ core: put a state in, run, take the state out."""

from __future__ import annotations

from cases import Case, State


class CoreUnderTest:
    """Runs cases on tinysim._core; raises ImportError if the module is not built."""

    def __init__(self) -> None:
        raise ImportError("tinysim._core has no instruction-level interface yet")

    def run(self, case: Case) -> State:
        raise NotImplementedError
