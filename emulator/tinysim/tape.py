"""An engine that remembers how it came here: two snapshots, and what was put in from outside since the older one.

It stands in the place of a machine's engine and passes everything on; `last_instructions` replays from it.
Not kept: what a debugger does. A run that GDB had a hand in cannot be replayed until the next load or restore.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from tinysim.engines.base import Engine, StopReason
    from tinysim.engines.debug import DebugPort
    from tinysim.engines.stimuli import StimuliPort
    from tinysim.firmware import Firmware
    from tinysim.machine import Machine
    from tinysim.streams.recording import Recording

CHECKPOINT_EVERY_NS = 50_000_000  # of virtual time: a replay is short, and waiting line by line takes few snapshots


@dataclass(frozen=True)
class Input:
    """Something that came from outside at a virtual time; `repeat` puts it in again."""

    time_ns: int
    repeat: Callable[[], None]


@dataclass(frozen=True)
class Checkpoint:
    """A state in front of a run, and how many inputs had been put in by then."""

    time_ns: int
    instructions: int
    inputs: int
    state: Any


class Tape:
    """`checkpoints` are the last two, the older one first; `obstacle` says why there can be no replay."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.firmware: Firmware | None = None
        self.checkpoints: list[Checkpoint] = []
        self.inputs: list[Input] = []
        self.reason: StopReason | None = None
        self.obstacle: str | None = "the machine did not run"

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)

    # ---- what begins a new tape ----

    def load(self, firmware: Firmware) -> None:
        self.engine.load(firmware)
        self.firmware = firmware
        self._begin()

    def play(self, sensor: str, recording: Recording) -> None:
        self.engine.play(sensor, recording)
        self._begin()

    def watch_stages(self, addresses: Mapping[int, int]) -> None:
        self.engine.watch_stages(addresses)
        self._begin()

    def restore(self, state: Any) -> None:
        self.engine.restore(state)
        self._begin()

    def debug(self) -> DebugPort:
        self._begin()
        self.obstacle = "a debugger drove the machine"
        return self.engine.debug()

    @property
    def stimuli(self) -> StimuliPort:
        self._begin()
        return self.engine.stimuli

    def _begin(self) -> None:
        self.checkpoints, self.inputs = [], []
        self.obstacle = "the machine did not run since it was set up"

    # ---- what is kept ----

    def run_until(self, time_ns: int, *, stop_at_line: bool = False, stop_at_notice: bool = False) -> StopReason:
        self._take_checkpoint()
        self.reason = self.engine.run_until(time_ns, stop_at_line=stop_at_line, stop_at_notice=stop_at_notice)
        return self.reason

    def serial_write(self, uart: str, content: bytes, *, fault: str = "", baud_hz: int = 0) -> None:
        self._put_in(lambda: self.engine.serial_write(uart, content, fault=fault, baud_hz=baud_hz))

    def press(self, button: str, pressed: bool) -> None:
        self._put_in(lambda: self.engine.press(button, pressed))

    def write_memory(self, address: int, content: bytes) -> None:
        self._put_in(lambda: self.engine.write_memory(address, content))

    def _put_in(self, repeat: Callable[[], None]) -> None:
        repeat()
        self.inputs.append(Input(self.engine.time_ns(), repeat))

    def _take_checkpoint(self) -> None:
        now_ns = self.engine.time_ns()
        if self.checkpoints:
            if now_ns < self.checkpoints[-1].time_ns + CHECKPOINT_EVERY_NS:
                return
        elif self.obstacle == "a debugger drove the machine":
            return
        self.obstacle = None
        self.checkpoints = [*self.checkpoints[-1:], checkpoint(self.engine, len(self.inputs))]


def checkpoint(engine: Engine, inputs: int) -> Checkpoint:
    """The state of an engine now, when so many inputs have been put in."""
    return Checkpoint(engine.time_ns(), engine.counters()["cpu.instructions"], inputs, engine.snapshot())


def put_on_tape(machine: Machine) -> Tape:
    """From now on the machine's runs can be replayed. Before anything else is done to it."""
    tape = Tape(machine._engine)
    machine._engine = cast("Engine", tape)
    return tape
