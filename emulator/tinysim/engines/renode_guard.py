"""Runs a command in a process group of its own, and ends that group when standard input ends. A script, stdlib only.

Standard input is a pipe from tinysim, so the group also ends when tinysim is killed. The command's own input stays
open: a Renode quits at its end.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time

GRACE_S = 2.0
POLL_S = 0.05


def main() -> int:
    """The command's exit code, as a shell has it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    # A child would keep an ignored signal ignored.
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, start_new_session=True, preexec_fn=_restore_signals)
    while child.poll() is None:
        readable, _, _ = select.select([0], [], [], POLL_S)
        if readable and not os.read(0, 1):
            _end(child, signal.SIGTERM)
            deadline = time.monotonic() + GRACE_S
            while child.poll() is None and time.monotonic() < deadline:
                time.sleep(POLL_S)
            break
    _end(child, signal.SIGKILL)
    code = child.wait()
    return code if code >= 0 else 128 - code


def _restore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def _end(child: "subprocess.Popen[bytes]", number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # the group may be empty
        os.killpg(child.pid, number)


if __name__ == "__main__":
    sys.exit(main())
