"""What an engine lets the host do for the guest between two instructions: serve its calls, look into its memory.

A service keeps its own state; it goes into the engine's snapshots, so that a replay sees the same answers.
"""

from __future__ import annotations

from typing import Any, Protocol

POLL_NS = 1_000_000  # how often a PollService looks, in virtual time: on multiples of this, and where a run stops


class Service(Protocol):
    """Speaks to the record as a UART of this name, and takes what is written to that UART."""

    uart: str

    def receive(self, content: bytes) -> None: ...
    def state(self) -> dict[str, Any]: ...
    def restore(self, state: dict[str, Any]) -> None: ...
    def close(self) -> None: ...


class CallService(Service, Protocol):
    """Serves BKPT 0xAB: operation (r0) and parameter (r1) to the result for r0, or None when the guest has left."""

    def call(self, operation: int, parameter: int) -> int | None: ...


class PollService(Service, Protocol):
    """Looks at the guest every POLL_NS, at no cost to it."""

    def poll(self) -> None: ...
