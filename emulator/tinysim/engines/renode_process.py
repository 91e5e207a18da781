"""One headless Renode: started in a private folder, asked over XML-RPC, ended always.

Its server has one thread and can stop answering for good, so each call has a limit of wall-clock time, and what is
stuck is killed. Renode's own log, which is its standard output, and all commands sent are files of the folder; it stays
when something went wrong. Stock builds listen on all interfaces; tinysim talks to 127.0.0.1 alone.
"""

from __future__ import annotations

import atexit
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import xmlrpc.client
from pathlib import Path
from typing import Any

from tinysim.engines.renode_errors import CpuAborted, RenodeBroken, RenodeRefused, RenodeStuck
from tinysim.engines.renode_find import FoundRenode
from tinysim.engines.renode_text import as_argument, one_line, undoubled
from tinysim.errors import InputError

LIMIT_VARIABLE = "TINYSIM_RENODE_LIMIT_S"
KEEP_VARIABLE = "TINYSIM_RENODE_KEEP"  # set: the folder always stays
DEFAULT_LIMIT_S = 120.0  # of wall-clock time for one call, and for the start
END_LIMIT_S = 5.0
POLL_S = 0.02
ABORT = b"CPU abort"  # behind this line of the log a run never returns (1.14.0 and 1.16.1)
ABORT_GRACE_S = 0.5
OPTIONS = ("--robot-server-port", "0", "--disable-xwt", "--plain", "--config")
NEEDED_KEYWORDS = frozenset(
    {"ExecuteCommand", "CreateTerminalTester", "WaitForNextLineOnUart", "CreateLedTester", "AssertLedState"}
)
FAILED = object()
_GUARD = Path(__file__).with_name("renode_guard.py")
_SHOWN_LOG_LINES = 3
_PORT_LINE = re.compile(r"Robot Framework remote server is listening on port (\d+)")


class _AskOnce(xmlrpc.client.Transport):
    """A command whose answer is lost is not sent again: it may have been done.

    Each has a connection of its own, because Renode (Mono) closes one after 100 requests or 15 s of silence.
    """

    def request(self, host: Any, handler: str, request_body: Any, verbose: bool = False) -> Any:
        self.close()
        return self.single_request(host, handler, request_body, verbose)


class RenodeProcess:
    """Raises RenodeBroken when it does not start, ends or hangs, RenodeRefused for an answer that is an error."""

    def __init__(self, found: FoundRenode, limit_s: float | None = None) -> None:
        self.found = found
        self._limit_s = limit_s if limit_s is not None else _limit_s()
        self.folder = Path(tempfile.mkdtemp(prefix="tinysim-renode-")).resolve()
        self.log_path, self._sent_path = self.folder / "renode.log", self.folder / "commands.txt"
        self._temporary = self.folder / "tmp"
        self._temporary.mkdir()
        self._failed = bool(os.environ.get(KEEP_VARIABLE))
        self._closed = self._aborted = self._abort_logged = False
        self._log_searched = 0
        self._asking = threading.RLock()
        self._unanswered: threading.Thread | None = None
        self._start()
        atexit.register(self.close)
        try:
            self._server = xmlrpc.client.ServerProxy(f"http://127.0.0.1:{self._wait_for_port()}", _AskOnce())
            self._check_keywords(self._call("get_keyword_names"))
        except BaseException:
            self.close()
            raise

    def _start(self) -> None:
        command = [*self.found.command, *OPTIONS, str(self.folder / "config")]
        private = {name: str(self._temporary) for name in ("TMPDIR", "TMP", "TEMP")}
        self._note(" ".join(command))
        with self.log_path.open("wb") as log:
            self._guard = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_GUARD), *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd=self.folder,
                env={**os.environ, **private},
            )

    def _wait_for_port(self) -> int:
        """The port is in a file of Renode's own folder, and in its log."""
        deadline = time.monotonic() + self._limit_s
        while time.monotonic() < deadline:
            files = [path.read_text().strip() for path in self._temporary.glob("*/robot_port")]
            logged = _PORT_LINE.search(self.log())
            port = next((text for text in files if text.isdecimal()), logged[1] if logged else None)
            if port is not None:
                return int(port)
            if self._guard.poll() is not None:
                raise self._broken(
                    f"Renode {self.found} ended with {self._guard.returncode} before its server was ready"
                )
            time.sleep(POLL_S)
        raise self._broken(f"the server of Renode {self.found} was not ready within {self._limit_s:g} s", RenodeStuck)

    def _check_keywords(self, names: object) -> None:
        missing = NEEDED_KEYWORDS - set(names if isinstance(names, list) else ())
        if missing:
            raise self._broken(f"Renode {self.found} has no keyword {', '.join(sorted(missing))}")

    # ---- asking ----

    def execute(self, command: str) -> str:
        """Run a line of the Monitor and return what it printed."""
        return undoubled(str(self.keyword("ExecuteCommand", command) or ""))

    def keyword(self, name: str, *arguments: str, may_fail: bool = False) -> Any:
        """Run a keyword and return its value, None where it has none; with `may_fail` FAILED for its failure."""
        shown = f"{name} {' | '.join(arguments)}"
        try:
            answer = self._call("run_keyword", name, [as_argument(name, each) for each in arguments])
        except xmlrpc.client.Fault as fault:
            raise self._refused(shown, f"{fault.faultString} (fault {fault.faultCode})") from None
        if not isinstance(answer, dict) or answer.get("status") not in ("PASS", "FAIL"):
            raise self._broken(f"{shown}: the answer is none of Renode's: {answer!r:.200}")
        if answer["status"] == "FAIL":
            if may_fail:
                return FAILED
            raise self._refused(shown, str(answer.get("error", "no reason given")))
        return answer.get("return")

    def passes(self, name: str, *arguments: str) -> bool:
        """Whether a keyword passes."""
        return self.keyword(name, *arguments, may_fail=True) is not FAILED

    def _call(self, method: str, *parameters: Any) -> Any:
        """One call at a time, in a thread of its own: Ctrl-C comes through, and what is stuck can be left behind."""
        with self._asking:
            return self._answer(method, parameters)

    def _answer(self, method: str, parameters: tuple[Any, ...]) -> Any:
        if self._aborted:
            raise CpuAborted("the guest's CPU has aborted; Renode does not answer any more")
        answers: queue.Queue[Any] = queue.Queue()
        shown = " ".join(str(each) for each in parameters) or method
        self._note(shown)
        self._unanswered = threading.Thread(target=self._ask, args=(answers, method, parameters), daemon=True)
        self._unanswered.start()
        deadline = time.monotonic() + self._limit_s
        while True:
            try:
                answer = answers.get(timeout=POLL_S)
                self._unanswered = None
                break
            except queue.Empty:
                pass
            if self._guard.poll() is not None:
                raise self._broken(f"Renode ended with {self._guard.returncode} during {shown}")
            if time.monotonic() > deadline:
                if self.has_aborted():
                    self._aborted = True
                    raise CpuAborted(one_line(self.log().splitlines()[-1]))
                raise self._broken(f"Renode did not answer within {self._limit_s:g} s: {shown}", RenodeStuck)
            if self.has_aborted():
                deadline = min(deadline, time.monotonic() + ABORT_GRACE_S)
        if isinstance(answer, xmlrpc.client.Fault):
            raise answer
        if isinstance(answer, Exception):
            raise self._broken(f"Renode broke off during {shown}: {answer}") from None
        return answer

    @property
    def is_occupied(self) -> bool:
        """Whether Renode has yet to answer a call that was given up, so that another one would only wait behind it."""
        asker = self._unanswered
        return asker is not None and asker.is_alive() and self._guard.poll() is None

    def _ask(self, answers: queue.Queue[Any], method: str, parameters: tuple[Any, ...]) -> None:
        try:
            answers.put(getattr(self._server, method)(*parameters))
        except Exception as error:  # faults, and whatever socket, HTTP and XML raise: the asker tells them apart
            answers.put(error)

    # ---- what it said ----

    def log(self) -> str:
        """Renode's log up to now."""
        try:
            return self.log_path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def has_aborted(self) -> bool:
        """Whether the CPU ran out of memory to execute; Renode's run does not return then."""
        with self.log_path.open("rb") as file:
            file.seek(self._log_searched)
            new = file.read()
        self._abort_logged = self._abort_logged or ABORT in new
        self._log_searched += new.rfind(b"\n") + 1
        return self._abort_logged

    def transcript(self) -> str:
        """The files of the folder that a person can read: commands sent, platform, log."""
        files = [self._sent_path, *sorted(self.folder.glob("*.repl")), self.log_path]
        texts = [f"---- {file.name} ----\n{file.read_text(encoding='utf-8', errors='replace')}" for file in files]
        return "\n".join(texts)

    def _note(self, text: str) -> None:
        with self._sent_path.open("a", encoding="utf-8") as file:
            file.write(one_line(text) + "\n")

    def _refused(self, shown: str, reason: str) -> RenodeRefused:
        self._failed = True
        error = RenodeRefused(f"Renode refused {one_line(shown)}: {one_line(reason)} (log: {self.log_path})")
        error.add_note(self.transcript())
        return error

    def _broken(self, text: str, kind: type[RenodeBroken] = RenodeBroken) -> RenodeBroken:
        self._failed = True
        last = "; ".join(line.strip() for line in self.log().splitlines()[-_SHOWN_LOG_LINES:] if line.strip())
        error = kind(f"{one_line(text)} (its last words: {last or 'none'}; log: {self.log_path})")
        error.add_note(self.transcript())
        return error

    # ---- the end ----

    def close(self) -> None:
        """End Renode and all that it started; the folder stays if something went wrong, or was to be kept."""
        if self._closed:
            return
        self._closed = True
        atexit.unregister(self.close)
        assert self._guard.stdin is not None
        self._guard.stdin.close()
        try:
            self._guard.wait(END_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._guard.kill()
            self._guard.wait()
        if not self._failed:
            shutil.rmtree(self.folder, ignore_errors=True)


def _limit_s() -> float:
    text = os.environ.get(LIMIT_VARIABLE, "")
    try:
        return float(text or DEFAULT_LIMIT_S)
    except ValueError:
        raise InputError(f"{LIMIT_VARIABLE}={text} is no number of seconds", remedy="write 120, say") from None
