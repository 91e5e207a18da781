"""General keywords with Renode's names: machines, time, Monitor commands and scripts, GDB, temporary files."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from robot.api.deco import keyword

from tinysim.emulation import RUNNING
from tinysim.robot.errors import KeywordException
from tinysim.robot.session import Session

_START_GDB_SERVER = re.compile(r"\s*machine\s+StartGdbServer\s+(\d+)(?:\s.*)?")
_PAUSES = re.compile(r"\s*(?:p|pause|Clear|quit|q)\s*")
_WALL_CLOCK_S = 30.0


class MachineKeywords:
    """`machine=` names one of several machines."""

    session: Session
    _temporary: Path | None = None

    # ---- emulation ----

    @keyword
    def reset_emulation(self) -> None:
        """Throw machines and testers away. States that were provided stay."""
        self.session.reset()

    @keyword
    def start_emulation(self) -> None:
        """Let the machines run in the background: never faster than the wall clock, until they are paused."""
        self.session.emulation.start()

    @keyword
    def wait_for_pause(self, timeout: float) -> None:
        """Run until the machine stops by itself (fault, lock-up, sleep for ever); fails when it does not."""
        board = self.session.board()
        stopped = self.session.wait(
            board, timeout, lambda: None if board.machine.stop_reason in RUNNING else True, pause=True
        )
        if not stopped:
            raise KeywordException(f"Emulation did not pause in the expected time of {timeout:g} s")

    @keyword
    def handle_hot_spot(self, action: str) -> None:
        """None; Pause: pause and go on; Serialize: go on from a snapshot of this moment."""
        emulation = self.session.emulation
        if action not in ("None", "Pause", "Serialize"):
            raise KeywordException(f"'{action}' is no hot spot action: None, Pause, Serialize")
        was_started = emulation.is_started
        emulation.pause()
        if action == "Serialize":
            for board in emulation.boards.values():
                board.machine.restore(board.machine.snapshot())
        if was_started:
            emulation.start()

    # ---- Monitor ----

    @keyword
    def execute_command(self, command: str, machine: str | None = None) -> str:
        """Run a line of the Monitor; returns what it prints, fails by name for what tinysim has not."""
        gdb = _START_GDB_SERVER.fullmatch(command)
        if gdb is not None:
            return f"GDB server started on port :{self.start_gdb_server(int(gdb[1]), machine)}\n"
        if _PAUSES.fullmatch(command):
            self.session.emulation.pause()  # before the Monitor takes the lock, which the background needs to end
        if machine is not None:
            self.session.board(machine)
        return self.session.monitor.execute(command, machine)

    @keyword
    def execute_script(self, path: str) -> str:
        """Run a .resc file; returns what it prints."""
        return self.session.monitor.run_script(path.removeprefix("@"))

    # ---- GDB ----

    @keyword
    def start_gdb_server(self, port: int = 0, machine: str | None = None) -> int:
        """Listen for one GDB (0: on a free port); returns the port. GDB runs the machine then, waits look on."""
        return self.session.gdb.start(self.session.board(machine), port)

    @keyword
    def wait_for_gdb_connection(
        self, port: int, machine: str | None = None, pauseToWait: bool = True, acceptRunningServer: bool = True
    ) -> None:
        """Wait until GDB is there, at most 30 s of wall time; starts the server unless it listens."""
        gdb = self.session.gdb
        if not gdb.is_serving:
            self.start_gdb_server(port, machine)
        if not gdb.connected.wait(_WALL_CLOCK_S):
            raise KeywordException(f"no GDB came to port {port} within {_WALL_CLOCK_S:g} s of wall time")

    # ---- files ----

    @keyword
    def allocate_temporary_file(self) -> str:
        """The path of a new empty file, which goes with the suite."""
        with tempfile.NamedTemporaryFile(dir=self._folder(), suffix=".tmp", delete=False) as file:
            return file.name

    @keyword
    def allocate_temporary_directory(self, dirName: str) -> str:
        """A new folder, which goes with the suite."""
        folder = self._folder() / dirName
        folder.mkdir(parents=True, exist_ok=True)
        return str(folder)

    @keyword
    def download_file(self, uri: str) -> str:
        """The path of a `file:` URI or of a plain path; the network is not used."""
        parts = urlsplit(uri)
        path = Path(unquote(parts.path) if parts.scheme == "file" else uri)
        if parts.scheme not in ("", "file"):
            raise KeywordException(f"Couldn't download file from: {uri} (tinysim's suites use no network)")
        if not path.is_file():
            raise KeywordException(f"Couldn't download file from: {uri} (no such file)")
        return str(path)

    def _folder(self) -> Path:
        if self._temporary is None:
            self._temporary = Path(tempfile.mkdtemp(prefix="tinysim-robot-"))
        return self._temporary

    def remove_temporary(self) -> None:
        """At the end of the suite."""
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
        self._temporary = None
