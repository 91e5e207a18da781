"""A server for the GDB Remote Serial Protocol: one client, one CPU, all-stop. GDB manual, appendix E.

Not here: tracepoints, target-side conditions, several clients.
"""

from __future__ import annotations

from tinysim.gdb.server import GdbServer

__all__ = ["GdbServer"]
