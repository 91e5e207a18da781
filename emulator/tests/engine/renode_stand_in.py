"""A strict stand-in of Renode: a program that starts, answers XML-RPC, fails and ends as 1.14.0 and 1.16.1 do.

The environment chooses: STAND_IN_VERSION (1.16.1), STAND_IN_MODE (one of MODES), STAND_IN_PIDS (a file that each
process of it writes its number to), STAND_IN_TRACE (a file with the trace of its guest), STAND_IN_GATE (a file that a
run waits for before it writes the trace's second half). What is not recorded is refused, not guessed.
"""

from __future__ import annotations

import inspect
import os
import re
import signal
import subprocess
import sys
import time
import xmlrpc.client
from pathlib import Path
from typing import Any
from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer

from renode_stand_in_machine import Emulation, Refused, Tester

MODES = (
    "fine", "crash-start", "crash-run", "hang-start", "hang-run", "stubborn", "deaf", "garbage", "abort", "no-version",
    "refuse-platform", "half-closed", "few-keywords",
)  # fmt: skip
HELP = "usage: Renode.exe [options] [script]\n"
OPTIONS = {"--disable-xwt": 0, "--plain": 0, "--hide-log": 0, "--config": 1, "--robot-server-port": 1, "--version": 0}
NEWER_OPTIONS = {"--disable-gui": 0}
_NAMED = re.compile(r"^([a-zA-Z0-9_]+)=(.+)", re.DOTALL)

VERSION = os.environ.get("STAND_IN_VERSION", "1.16.1")
MODE = os.environ.get("STAND_IN_MODE", "fine")
NEWER = tuple(int(part) for part in VERSION.split(".")) >= (1, 16)


def log(level: str, text: str) -> None:
    """A line of Renode's log on standard output."""
    print(f"{time.strftime('%H:%M:%S')}.0000 [{level}] {text}", flush=True)


class Keywords:
    """The keywords that tinysim's engine uses, and a few of the recordings, with their parameters."""

    def __init__(self) -> None:
        self.emulation = Emulation(NEWER, log, self._on_run)

    def _on_run(self) -> None:
        if MODE == "crash-run":
            print("Fatal error:\n  at Antmicro.Renode.Program.Main", file=sys.stderr, flush=True)
            os._exit(1)
        if MODE == "abort":
            log("ERROR", "cpu: CPU abort [PC=0x30000000]: Trying to execute code outside RAM or ROM at 0x30000000.")
        if MODE in ("hang-run", "stubborn", "abort"):
            time.sleep(3600)

    def ExecuteCommand(self, command: str, machine: str = "") -> str:
        self.emulation.commands.append(command)
        if MODE == "refuse-platform" and "LoadPlatformDescription" in command:
            raise Refused(
                f"Could not execute command '{command}': Error E04: Could not resolve type: 'A.B'.", bare=True
            )
        try:
            return self.emulation.execute(command).replace("\n", "\n\n")
        except Refused as error:
            inner = "" if error.bare else f"There was an error executing command '{command}'"
            raise Refused(f"KeywordException: Could not execute command '{command}': {inner}{error}\n") from None

    def CreateTerminalTester(self, uart: str, timeout: str = "", machine: str = "") -> int:
        self._need(uart)
        for number, tester in enumerate(self.emulation.testers):
            if tester.uart == uart:
                return number
        self.emulation.testers.append(Tester(uart))
        return len(self.emulation.testers) - 1

    def CreateLedTester(self, led: str, defaultTimeout: str = "", machine: str = "") -> int:
        self._need(led)
        self.emulation.leds.append(led)
        return len(self.emulation.leds) - 1

    def _need(self, path: str) -> None:
        known = self.emulation.peripherals
        if not self.emulation.machines:
            text = f"There is no machine in the emulation. Could not create tester for peripheral: {path}"
            raise Refused(f"KeywordException: {text}\n")
        if path not in known:
            text = f"Peripheral for machine '' not found or of wrong type: '{path}'."
            raise Refused(f"KeywordException: {text} Available peripherals: [sysbus, {', '.join(known)}]\n")

    def AssertLedState(
        self, state: str, timeout: str = "0", testerId: str = "0", pauseEmulation: str = "false"
    ) -> None:
        if state == "true":
            raise Refused("InvalidOperationException: LED assertion not met.\n")

    def WaitForNextLineOnUart(self, timeout: str = "8", testerId: str = "0", pauseEmulation: str = "false") -> Any:
        """A line that was printed before needs no time; else time passes, and a failure is some quanta late."""
        if MODE == "deaf":
            time.sleep(3600)
        emulation = self.emulation
        tester = emulation.testers[int(testerId)]
        end_ns = emulation.now_ns + round(float(timeout) * 1e9)
        while not tester.lines:
            due_ns = emulation.next_print_ns()
            if due_ns is None or due_ns > end_ns:
                emulation.advance(end_ns + 100_000)
                raise Refused("InvalidOperationException: Terminal tester failed!\n\nFull report:\n\n")
            emulation.advance(max(due_ns, emulation.now_ns))
        at_ms, line = tester.lines.pop(0)
        if NEWER:
            return {"Line": line, "Timestamp": at_ms, "Groups": [], "IsFailingString": False}
        return {"line": line, "timestamp": int(at_ms * 1000) / 1000, "groups": []}

    def ResetEmulation(self) -> None:
        self.__init__()  # type: ignore[misc]


def run_keyword(*parameters: Any) -> dict[str, Any]:
    """As Renode's: faults for calls that fit nothing, status FAIL for keywords that fail."""
    if len(parameters) != 2:
        many = "many" if len(parameters) > 2 else "few"
        raise xmlrpc.client.Fault(0, f"Request contains too {many} param elements based on method signature.")
    name, given = parameters
    if not isinstance(given, list):
        raise xmlrpc.client.Fault(0, "request contains string value where array expected [request : parameter 2]")
    method = getattr(KEYWORDS, name, None) if name[:1].isupper() else None
    if name == "StopRemoteServer":
        SERVER.stop()
        return {"status": "PASS"}
    if method is None:
        raise xmlrpc.client.Fault(1, f'Keyword "{name}" not found')
    try:
        value = method(**bind(name, method, given))
    except Refused as error:
        return {"status": "FAIL", "error": str(error), "traceback": f"{str(error).split(':')[0]}:   at Antmicro\n"}
    return {"status": "PASS"} if value is None else {"return": value, "status": "PASS"}


def bind(name: str, method: Any, given: list[Any]) -> dict[str, Any]:
    """Positional, then `word=...`, which is a named argument wherever it stands."""
    names = list(inspect.signature(method).parameters)
    needed = [each for each, one in inspect.signature(method).parameters.items() if one.default is one.empty]
    found: dict[str, Any] = {}
    for position, value in enumerate(given):
        named = _NAMED.match(value) if isinstance(value, str) else None
        key = named[1] if named else names[position] if position < len(names) else ""
        if key not in names or key in found:
            raise no_fit(name, given)
        found[key] = named[2] if named else value
    if any(each not in found for each in needed):
        raise no_fit(name, given)
    return found


def no_fit(name: str, given: list[Any]) -> xmlrpc.client.Fault:
    shown = ", ".join(str(value) for value in given)
    return xmlrpc.client.Fault(2, f'Arguments types do not match any available keyword "{name}" : [{shown}]')


class Requests(SimpleXMLRPCRequestHandler):
    """Modes that break the answer itself."""

    def do_POST(self) -> None:
        if MODE == "half-closed":
            self.connection.close()
        elif MODE == "garbage":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>this is no XML-RPC")
        else:
            super().do_POST()


class Server(SimpleXMLRPCServer):
    """One thread, and an end that comes after the last answer."""

    running = True

    def stop(self) -> None:
        self.running = False


def listen() -> Server:
    for port in range(49152, 65536):
        try:
            return Server(("127.0.0.1", port), Requests, logRequests=False, allow_none=False)
        except OSError:
            continue
    raise SystemExit("no free port")


def check_options(arguments: list[str]) -> None:
    """What it does not know it answers with its help, and exit code 0."""
    known = {**OPTIONS, **(NEWER_OPTIONS if NEWER else {})}
    waiting = iter(arguments)
    for option in waiting:
        if option not in known:
            print(f"Unexpected options detected: {option}\n\n{HELP}")
            raise SystemExit(0)
        for _ in range(known[option]):
            next(waiting)


def show_version() -> None:
    if MODE == "no-version":
        print("a program that is no Renode")
    elif NEWER:
        print(f"Renode v{VERSION}.28767\n  build: local\n  build type: Release\n  runtime: Mono 4.0.30319.42000")
    else:
        print(f"Renode, version {VERSION}.27945 (local)")


def note_process(number: int) -> None:
    if path := os.environ.get("STAND_IN_PIDS"):
        with open(path, "a", encoding="utf-8") as file:
            file.write(f"{number}\n")


def main() -> None:
    if MODE not in MODES:
        raise SystemExit(f"STAND_IN_MODE={MODE} is none of {', '.join(MODES)}")
    check_options(sys.argv[1:])
    if "--version" in sys.argv:
        return show_version()
    note_process(os.getpid())
    if MODE == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        note_process(subprocess.Popen(["sleep", "3600"]).pid)
    log("INFO", "Loaded monitor commands from: <renode>/scripts/monitor.py")
    if MODE == "crash-start":
        print("Fatal error:\n  at Antmicro.Renode.Program.Main", file=sys.stderr, flush=True)
        raise SystemExit(1)
    if MODE == "hang-start":
        time.sleep(3600)
    folder = Path(os.environ["TMPDIR"]) / f"renode-{os.getpid()}"
    folder.mkdir()
    (folder / "robot_port").write_text(str(SERVER.server_address[1]))
    log("INFO", f"Robot Framework remote server is listening on port {SERVER.server_address[1]}")
    while SERVER.running:
        SERVER.handle_request()


if __name__ == "__main__":
    KEYWORDS = Keywords()
    SERVER = listen()
    SERVER.register_function(run_keyword)
    every = [name for name in dir(Keywords) if name[0].isupper() and (MODE, name) != ("few-keywords", "AssertLedState")]
    SERVER.register_function(lambda: [*every, "StopRemoteServer"], "get_keyword_names")
    main()
