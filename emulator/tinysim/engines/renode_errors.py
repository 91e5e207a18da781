"""What goes wrong with a Renode: it is broken (exit code 4, as a missing one), or it refuses a command (1)."""

from __future__ import annotations

from tinysim.errors import EngineMissing, TinysimError


class RenodeBroken(EngineMissing):
    """Renode ended, hangs, cannot be started or talks nonsense; the text has the command and the log's place."""


class RenodeStuck(RenodeBroken):
    """A call did not come back in time."""


class RenodeRefused(TinysimError):
    """Renode answered a command with an error; the text has the command, Renode's message, the log's place."""

    exit_code = 1


class CpuAborted(RenodeBroken):
    """The guest's CPU aborted, and Renode's run does not return from that; the text is the log's line."""
