"""The library: Renode's keywords and tinysim's own on one session, and the times in the log of each test."""

from __future__ import annotations

import os
import time
from typing import Any

from robot.api.deco import library
from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError

from tinysim import __version__
from tinysim.robot.keywords_board import BoardKeywords
from tinysim.robot.keywords_cpu import CpuKeywords
from tinysim.robot.keywords_led import LedKeywords
from tinysim.robot.keywords_log import LogKeywords
from tinysim.robot.keywords_machine import MachineKeywords
from tinysim.robot.keywords_refused import RefusedKeywords
from tinysim.robot.keywords_states import StateKeywords, States
from tinysim.robot.keywords_stimuli import StimuliKeywords
from tinysim.robot.keywords_timing import TimingKeywords
from tinysim.robot.keywords_uart_write import UartWriteKeywords
from tinysim.robot.session import Session

ENGINE_VARIABLE = "TINYSIM_ENGINE"


@library(scope="SUITE", version=__version__)
class TinysimLibrary(
    UartWriteKeywords,
    LedKeywords,
    LogKeywords,
    CpuKeywords,
    MachineKeywords,
    StateKeywords,
    BoardKeywords,
    TimingKeywords,
    StimuliKeywords,
    RefusedKeywords,
):
    """`engine`: native or renode; None: the variable ${TINYSIM_ENGINE} of Robot, or of the environment, or native."""

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self, engine: str | None = None) -> None:
        self.session = Session(engine or _engine_variable())
        self.states = States()
        self.ROBOT_LIBRARY_LISTENER = self
        self._began_s = 0.0

    # ---- listener ----

    def start_test(self, data: Any, result: Any) -> None:
        """Count from here."""
        self._began_s = time.monotonic()
        self.session.begin_test()

    def end_test(self, data: Any, result: Any) -> None:
        """Put both times into the test's message."""
        wall_s, virtual_s = time.monotonic() - self._began_s, self.session.spent_time_ns() / 1e9
        times = f"virtual {virtual_s:.6f} s, wall {wall_s:.2f} s"
        result.message = f"{result.message}\n{times}" if result.message else times

    def close(self) -> None:
        """At the end of the suite: nothing runs on, no file stays."""
        self.session.reset()
        self.states.known.clear()
        self.remove_temporary()


def _engine_variable() -> str:
    try:
        value = BuiltIn().get_variable_value(f"${{{ENGINE_VARIABLE}}}")
    except RobotNotRunningError:
        value = None
    return str(value or os.environ.get(ENGINE_VARIABLE) or "native")
