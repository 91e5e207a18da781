"""Listens for one GDB at a time and lets it drive a machine."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from tinysim.errors import InputError
from tinysim.gdb.breakpoints import Breakpoints
from tinysim.gdb.commands import Commands
from tinysim.gdb.execution import Execution
from tinysim.gdb.history import History
from tinysim.gdb.memory import GuestMemory
from tinysim.gdb.monitor import Monitor
from tinysim.gdb.queries import Queries
from tinysim.gdb.session import Connection

if TYPE_CHECKING:
    from tinysim.engines.base import Engine
    from tinysim.platform import Platform

LOOPBACK, DEFAULT_PORT = "127.0.0.1", 3333
_LOOK_AROUND_S = 0.2
NO_ACKNOWLEDGEMENTS = b"QStartNoAckMode"


class GdbServer:
    """A listening socket; `port` 0 takes a free one, `address` tells which. Raises InputError when it is taken.

    The protocol knows no password: whoever reaches the address controls the guest (not the host).
    """

    def __init__(
        self,
        engine: Engine,
        platform: Platform,
        *,
        host: str,
        port: int,
        note: Callable[[str], None],
        exit_code: Callable[[], int | None] = lambda: None,
    ) -> None:
        self._engine, self._platform, self._note, self._exit_code = engine, platform, note, exit_code
        try:
            self._listener = socket.create_server((host, port), family=_family(host), backlog=1)
        except (OSError, OverflowError) as error:
            problem = f"cannot listen for gdb on {host}:{port}: {error}"
            raise InputError(problem, remedy="choose another port; 0 takes a free one") from None
        self.address: tuple[str, int] = self._listener.getsockname()[:2]

    def __enter__(self) -> GdbServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()

    def serve(
        self,
        *,
        end_s: float | None = None,
        broken_off: Callable[[], bool] = lambda: False,
        slice_over: Callable[[], str | None] = lambda: None,
        stop_at_line: bool = False,
        connected: Callable[[], None] = lambda: None,
    ) -> str:
        """Wait for a GDB (`connected` is called then) and obey it until it leaves or the run is over.

        Returns how it ended: "detached", "killed" (also when the connection broke), "interrupted" (`broken_off`),
        "time" when `end_s` virtual seconds since power-on are reached, or what `slice_over` returned. Breakpoints are
        gone then.
        """
        client = self._accept(broken_off)
        if client is None:
            return "interrupted"
        connected()
        with client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Connection(client, broken_off)
            end_ns = None if end_s is None else round(end_s * 1e9)
            return self._converse(connection, end_ns, broken_off, slice_over, stop_at_line)

    def _accept(self, broken_off: Callable[[], bool]) -> socket.socket | None:
        while not broken_off():
            if select.select([self._listener], [], [], _LOOK_AROUND_S)[0]:
                return self._listener.accept()[0]
        return None

    def _converse(
        self,
        connection: Connection,
        end_ns: int | None,
        broken_off: Callable[[], bool],
        slice_over: Callable[[], str | None],
        stop_at_line: bool,
    ) -> str:
        port = self._engine.debug()
        breakpoints = Breakpoints(port)
        history = History(self._engine, port)
        memory = GuestMemory(self._engine, port, self._platform, history.changed)
        execution = Execution(
            self._engine, port, breakpoints, history, interrupted=connection.interrupted, slice_over=slice_over,
            exit_code=self._exit_code, end_ns=end_ns, stop_at_line=stop_at_line,
        )  # fmt: skip
        queries = Queries(self._platform, Monitor(self._engine, port, memory, execution), port.exception)
        commands = Commands(port, memory, breakpoints, execution, queries)
        try:
            return self._obey(connection, commands) or ("interrupted" if broken_off() else "killed")
        finally:
            breakpoints.clear()
            port.close()

    def _obey(self, connection: Connection, commands: Commands) -> str | None:
        """Answer until the session ends; None when nobody is there any more."""
        while (packet := connection.receive()) is not None:
            before = commands.stop
            reply = commands.answer(packet)
            if commands.stop is not before:
                self._note(commands.stop.reason)
                if commands.stop.text:
                    connection.send(b"O" + f"tinysim: {commands.stop.text}\n".encode().hex().encode())
            if packet[:1] != b"k":
                connection.send(reply)
            if packet == NO_ACKNOWLEDGEMENTS:
                connection.stop_acknowledging()
            if commands.ended is not None:
                return commands.ended
        return None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
