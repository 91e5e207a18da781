"""`tinysim run --gdb`: a GDB drives the run, console lines are shown as they come."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tinysim.cli.drive import interruptible, show_lines

if TYPE_CHECKING:
    from tinysim.cli.console import RunDisplay
    from tinysim.machine import Machine

_STOPPED_FOR_GOOD = ("fault", "lockup", "deadlock", "off", "exit")


def debug(
    machine: Machine,
    address: tuple[str, int],
    end_s: float | None,
    display: RunDisplay,
    *,
    uart: str | None,
    until: str | None,
) -> str | None:
    """Wait for one GDB and serve it; returns the stop reason, None when it detached and the run is to go on."""

    def slice_over() -> str | None:
        return "until" if show_lines(machine, display, uart, until) else None

    with machine.gdb(address[1], host=address[0]) as server, interruptible() as interruption:
        host, port = server.address
        print(f"tinysim: waiting for gdb: target remote {host}:{port}", file=sys.stderr, flush=True)
        ended = server.serve(
            end_s=end_s, broken_off=lambda: interruption.pressed, slice_over=slice_over, stop_at_line=until is not None
        )
    show_lines(machine, display, uart, until)
    if ended == "detached":
        return None
    if ended == "killed":
        return machine.stop_reason if machine.stop_reason in _STOPPED_FOR_GOOD else "interrupted"
    return ended
