"""What Renode cannot give, or tinysim does not ask of it: each is refused in one line, none answered with zeros."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from tinysim.errors import InputError

if TYPE_CHECKING:
    from typing import SupportsBytes

    from numpy.typing import NDArray

    from tinysim.engines.debug import DebugPort
    from tinysim.engines.host import CallService, PollService
    from tinysim.engines.stimuli import StimuliPort

# Kinds of a record's arrays and counters that a run on Renode does not have; the record's manifest says so.
ABSENT = ("stage", "exception", "sleep", "dma", "line", "level", "bus", "profile", "sensor")
_NATIVE = "use --engine native"


def refuse(what: str, remedy: str = _NATIVE) -> NoReturn:
    """Raises InputError."""
    raise InputError(f"the renode engine has no {what}", remedy=remedy)


class NoProfile:
    """As ProfilePort."""

    def start(self, functions: Sequence[tuple[int, int]] = ()) -> None:
        refuse("profile by cycles", "use --engine native, or `tinysim run --engine renode --cycles`")

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {}

    def entry(self) -> dict[str, Any]:
        return {}


class Absent:
    """The methods of Engine that refuse."""

    def watch_stages(self, addresses: Mapping[int, int]) -> None:
        if addresses:
            refuse("observed stages", "use --cycles, which counts functions from Renode's trace")

    def watch_marks(self, marks: Mapping[int, int]) -> None:
        refuse("ITM")

    def enable_trace(self) -> None:
        refuse("ITM")

    def serve_calls(self, service: CallService) -> None:
        refuse("semihosting of tinysim's")

    def poll(self, service: PollService) -> None:
        refuse("RTT")

    def say(self, uart: str, content: bytes) -> None:
        refuse("output of services")

    def snapshot(self) -> SupportsBytes:
        refuse("snapshots of tinysim's", "use Renode's own Save and Load, or --engine native")

    def restore(self, state: Any) -> None:
        refuse("snapshots of tinysim's")

    def state_from_bytes(self, flat: bytes) -> SupportsBytes:
        refuse("snapshots of tinysim's")

    def debug(self) -> DebugPort:
        refuse("GDB server of tinysim's", "start Renode's own (machine StartGdbServer), or use --engine native")

    @property
    def stimuli(self) -> StimuliPort:
        refuse("interrupt load, bus traffic and faults")

    def profile(self) -> NoProfile:
        return NoProfile()
