"""The remote library that `renode-test` talks to: XML-RPC on the loopback, with Renode's keywords, structs and faults.

Shapes are those recorded of Renode 1.16.1; results have the keys of 1.14.0 (`line`), too. One request at a time.
"""

from __future__ import annotations

import inspect
import traceback
import xmlrpc.client
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer

from tinysim.errors import TinysimError
from tinysim.robot.binding import DoesNotFit, NotConvertible, call

LOOPBACK = "127.0.0.1"
FIRST_FREE_PORT, LAST_PORT = 49152, 65535  # the private ports
POLL_S = 0.2
STOP_KEYWORD = "StopRemoteServer"
PROTOCOL_FAULT, UNKNOWN_FAULT, ARGUMENT_FAULT = 0, 1, 2
_MONITOR_KEYWORDS = ("ExecuteCommand", "ExecuteScript")  # Renode doubles the line feeds of what they return
_SPELLINGS = {"OpenGui": "OpenGUI", "CloseGui": "CloseGUI"}

Reply = dict[str, Any]


class _Request(SimpleXMLRPCRequestHandler):
    rpc_paths = ()  # any

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nobody reads it."""


class KeywordServer:
    """Serves the keywords of a library object; listens once it is made. Raises TinysimError when the port is taken."""

    def __init__(self, library: object, port: int = 0) -> None:
        self.keywords = keywords_of(library)
        self._methods: dict[str, tuple[Callable[..., Any], Sequence[type]]] = {
            "get_keyword_names": (self.names, ()),
            "run_keyword": (self.run_keyword, (str, list)),
            "stop_remote_server": (self.stop, ()),
            "system.listMethods": (lambda: [name for name in self._methods if "." not in name], ()),
        }
        self._stopped = False
        self._server = _listen(port)
        self._server.timeout = POLL_S
        self._server._marshaled_dispatch = self.answer  # type: ignore[method-assign,assignment]

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def serve(self) -> None:
        """Answer until a client says stop."""
        try:
            while not self._stopped:
                self._server.handle_request()
        finally:
            self._server.server_close()

    # ---- the protocol ----

    def answer(self, content: bytes, dispatch_method: object = None, path: object = None) -> bytes:
        """The response to the body of a request; mistakes of the client are faults."""
        try:
            reply = xmlrpc.client.dumps((self._dispatch(content),), methodresponse=True)
        except xmlrpc.client.Fault as fault:
            reply = xmlrpc.client.dumps(fault, methodresponse=True)
        return reply.encode("utf-8", "xmlcharrefreplace")

    def _dispatch(self, content: bytes) -> Any:
        try:
            given, name = xmlrpc.client.loads(content.decode("utf-8"))
        except Exception:  # the XML parser raises what it likes
            raise _fault(PROTOCOL_FAULT, "Request from client does not contain valid XML.") from None
        if name not in self._methods:
            raise _fault(PROTOCOL_FAULT, f"unsupported method called: {name}")
        function, kinds = self._methods[name]
        if len(given) != len(kinds):
            amount = "few" if len(given) < len(kinds) else "many"
            raise _fault(PROTOCOL_FAULT, f"Request contains too {amount} param elements based on method signature.")
        for number, (value, kind) in enumerate(zip(given, kinds, strict=True), 1):
            if not isinstance(value, kind):
                found, wanted = (_xml_kind(each) for each in (type(value), kind))
                text = f"request contains {found} value where {wanted} expected [request : parameter {number}]"
                raise _fault(PROTOCOL_FAULT, text)
        return function(*given)

    def names(self) -> list[str]:
        """All keywords."""
        return [*dict.fromkeys((*self.keywords, STOP_KEYWORD))]  # the library refuses one of that name

    def stop(self) -> bool:
        """End the server behind this answer."""
        self._stopped = True
        return True

    def run_keyword(self, name: str, given: list[Any]) -> Reply:
        """The struct of a keyword that ran, passed or failed."""
        if name == STOP_KEYWORD and not given:
            self.stop()
            return {"status": "PASS"}
        if name not in self.keywords:
            raise _fault(UNKNOWN_FAULT, f'Keyword "{name}" not found')
        function = self.keywords[name]
        try:
            return _passed(name, call(function, given))
        except DoesNotFit:
            shown = ", ".join(str(value) for value in given)
            text = f'Arguments types do not match any available keyword "{name}" : [{shown}]'
            raise _fault(ARGUMENT_FAULT, text) from None
        except NotConvertible as error:
            return _failed("ArgumentException", str(error), name)
        except AssertionError as error:
            return _failed(_kind_of(error), str(error), name)
        except TinysimError as error:
            return _failed("KeywordException", _command_text(name, given) + str(error), name)
        except Exception as error:  # a mistake of ours fails one keyword, not the whole suite
            return _failed(type(error).__name__, f"{error}\n{traceback.format_exc()}", name)


def keywords_of(library: object) -> dict[str, Callable[..., Any]]:
    """The methods of a Robot library that are keywords, under the names that Renode gives them, in its order."""
    found = {}
    for name, method in inspect.getmembers(library, callable):
        if hasattr(method, "robot_name"):
            plain = "".join(part[:1].upper() + part[1:] for part in name.split("_"))
            found[_SPELLINGS.get(plain, plain)] = method
    return found


def _passed(name: str, value: object) -> Reply:
    if value is None:
        return {"status": "PASS"}
    return {"return": _plain(value, doubled=name in _MONITOR_KEYWORDS), "status": "PASS"}


def _plain(value: object, *, doubled: bool = False) -> Any:
    """What XML-RPC can carry."""
    if isinstance(value, Mapping):
        found = {str(key): _plain(content) for key, content in value.items()}
        return {**{key[:1].lower() + key[1:]: content for key, content in found.items()}, **found}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, str):
        return value.replace("\n", "\n\n") if doubled else value
    return value if isinstance(value, bool | int | float | bytes) else str(value)


def _failed(kind: str, message: str, keyword: str) -> Reply:
    return {
        "status": "FAIL",
        "error": f"{kind}: {message}\n",
        "traceback": f"{kind}:   at tinysim keyword {keyword}\n",
    }


def _kind_of(error: AssertionError) -> str:
    return "KeywordException" if type(error) is AssertionError else type(error).__name__


def _command_text(name: str, given: list[Any]) -> str:
    return f"Could not execute command '{given[0]}': " if name == "ExecuteCommand" and given else ""


def _fault(code: int, text: str) -> xmlrpc.client.Fault:
    return xmlrpc.client.Fault(code, text)


def _xml_kind(kind: type) -> str:
    return {str: "string", list: "array", dict: "struct", int: "int", float: "double"}.get(kind, kind.__name__)


def _listen(port: int) -> SimpleXMLRPCServer:
    """On a port, or for 0 on the first free private one."""
    ports = [port] if port else range(FIRST_FREE_PORT, LAST_PORT + 1)
    for candidate in ports:
        try:
            return SimpleXMLRPCServer((LOOPBACK, candidate), requestHandler=_Request, logRequests=False)
        except OSError as error:
            reason = error.strerror or str(error)
    raise TinysimError(f"the robot server cannot listen on port {port or 'any private port'}: {reason}")
