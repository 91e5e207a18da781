"""Puts the stand-in of Renode where tinysim looks for a Renode, and tells whether all of its processes have ended."""

from __future__ import annotations

import os
import stat
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("renode_stand_in.py")
END_LIMIT_S = 10.0


@dataclass
class StandIn:
    """One installed stand-in."""

    program: Path
    pids: Path
    temporary: Path

    def processes(self) -> list[int]:
        """Those that were started, by number."""
        return [int(line) for line in self.pids.read_text().split()] if self.pids.exists() else []

    def left(self) -> list[int]:
        """Those that still run after a while."""
        deadline = time.monotonic() + END_LIMIT_S
        while (running := [pid for pid in self.processes() if is_running(pid)]) and time.monotonic() < deadline:
            time.sleep(0.05)
        return running

    def environment(self) -> dict[str, str]:
        return dict(os.environ)


def is_running(pid: int) -> bool:
    """Whether a process is there; one that is dead and not yet waited for is not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def install(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, mode: str = "fine", version: str = "1.16.1", limit_s: float = 30.0
) -> StandIn:
    """A program `renode` that is the stand-in, named by $TINYSIM_RENODE; TMPDIR is of this test."""
    program, pids, temporary = folder / "renode", folder / "pids", folder / "tmp"
    program.write_text(f"#!/bin/sh\nexec '{sys.executable}' '{PROGRAM}' \"$@\"\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    temporary.mkdir()
    for name, value in {
        "TINYSIM_RENODE": str(program),
        "TINYSIM_RENODE_LIMIT_S": str(limit_s),
        "STAND_IN_MODE": mode,
        "STAND_IN_VERSION": version,
        "STAND_IN_PIDS": str(pids),
        "TMPDIR": str(temporary),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("tempfile.tempdir", None)
    return StandIn(program, pids, temporary)
