"""Runs of the native core that the host takes part in: semihosting calls, and looks into memory at fixed times."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from tinysim.engines.host import POLL_NS, CallService, PollService, Service
from tinysim.errors import InputError

if TYPE_CHECKING:
    from tinysim._core import Machine, Snapshot
    from tinysim.engines.base import StopReason

CALL = "semihosting"
HOST_UARTS = ("semihosting", "rtt0")
_LENGTH_BYTES = 8


class NativeState:
    """A snapshot of the core, and what the services remember, as JSON."""

    def __init__(self, core: Snapshot, services: str) -> None:
        self.core, self.services = core, services

    def __bytes__(self) -> bytes:
        services = self.services.encode()
        return len(services).to_bytes(_LENGTH_BYTES, "little") + services + bytes(self.core)


def split_state(flat: bytes) -> tuple[str, bytes]:
    """The inverse of bytes(state): services and core. Raises ValueError when it is cut short."""
    end = _LENGTH_BYTES + int.from_bytes(flat[:_LENGTH_BYTES], "little")
    if len(flat) < max(end, _LENGTH_BYTES):
        raise ValueError("the snapshot is cut short")
    return flat[_LENGTH_BYTES:end].decode(), flat[end:]


class NativeHost:
    """`tick_of` turns nanoseconds into ticks, `now_ns` is virtual time, `reason_of` names a stop of the core."""

    def __init__(
        self,
        core: Machine,
        tick_of: Callable[[int], int],
        now_ns: Callable[[], int],
        reason_of: Callable[[str], StopReason],
    ) -> None:
        self._core, self._tick_of, self._now_ns, self._reason_of = core, tick_of, now_ns, reason_of
        self._calls: CallService | None = None
        self._polls: PollService | None = None
        self._line_ended = False
        core.name_trace_ports()
        for uart in HOST_UARTS:
            core.name_uart(uart)

    # ---- services ----

    @property
    def services(self) -> dict[str, Service]:
        """Those that are there, by UART."""
        return {service.uart: service for service in (self._calls, self._polls) if service is not None}

    def serve_calls(self, service: CallService) -> None:
        """From now on the guest's BKPT 0xAB are calls."""
        self._calls, self._core.serves_semihosting = service, True

    def poll(self, service: PollService) -> None:
        """From now on runs stop on multiples of POLL_NS for it."""
        self._polls = service

    def say(self, uart: str, content: bytes) -> None:
        """Add bytes to the record, stamped now."""
        self._core.say(uart, content)
        self._line_ended = self._line_ended or b"\n" in content

    def receive(self, uart: str, content: bytes) -> bool:
        """Input for a service; False: the UART is none of theirs. Raises InputError for one that takes none."""
        service = self.services.get(uart)
        if service is not None:
            service.receive(content)
        elif uart in HOST_UARTS or uart.startswith("itm"):
            raise InputError(f"nothing takes input for '{uart}'", remedy="switch it on first; the ITM has no input")
        return service is not None

    def close(self) -> None:
        """End all services."""
        for service in self.services.values():
            service.close()
        self._calls = self._polls = None
        self._core.serves_semihosting = False

    # ---- running ----

    def run_until(self, time_ns: int, stop_at_line: bool, stop_at_notice: bool = False) -> StopReason:
        """As Engine.run_until."""
        self._line_ended = False
        while True:
            slice_ns = time_ns if self._polls is None else min(time_ns, (self._now_ns() // POLL_NS + 1) * POLL_NS)
            until = self._tick_of(slice_ns)
            stop = self._core.run(until, stop_on_notice=True) if stop_at_notice else self._core.run(until, stop_at_line)
            reason = self._reason_of(stop)
            if self._polls is not None and stop not in (CALL, "host"):
                self._polls.poll()
            if reason != "time":
                return reason
            if (stop_at_line or stop_at_notice) and self._line_ended:
                return "line"
            if stop != CALL and slice_ns >= time_ns:
                return reason

    def serve(self) -> StopReason:
        """The call that the core has stopped at: "time" when the guest goes on, else "exit", still in front of it."""
        assert self._calls is not None
        registers = self._core.registers
        result = self._calls.call(registers[0], registers[1])
        if result is None:
            return "exit"
        self._core.finish_semihosting(result)
        return "time"

    # ---- snapshots ----

    def state(self) -> str:
        """What the services remember."""
        return json.dumps({uart: service.state() for uart, service in self.services.items()}, sort_keys=True)

    def check(self, state: str) -> None:
        """Raises InputError when other services are there."""
        found = json.loads(state)
        if set(found) != set(self.services):
            there, here = (", ".join(sorted(side)) or "none" for side in (found, self.services))
            raise InputError(f"the snapshot was taken with the host services {there}, this machine has {here}")

    def restore(self, state: str) -> None:
        """Back to that, once it is checked."""
        found = json.loads(state)
        for uart, service in self.services.items():
            service.restore(found[uart])
