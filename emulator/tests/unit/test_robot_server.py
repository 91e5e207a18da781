"""The XML-RPC server as a Renode's client sees it: discovery, binding, structs, faults. Shapes as recorded of 1.16.1.

The library here is a small one of its own; emulator/tests/cli/test_robot_server_command.py drives the whole program.
"""

from __future__ import annotations

import http.client
import threading
import xmlrpc.client
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("robot", reason="robotframework is not installed")

from robot.api.deco import keyword

from tinysim.errors import InputError, TinysimError
from tinysim.robot.server import FIRST_FREE_PORT, LOOPBACK, KeywordServer


class Library:
    """Keywords that say what they were given."""

    @keyword
    def execute_command(self, command: str, machine: str | None = None) -> str:
        if command == "nonsense":
            raise InputError("No such command or device: nonsense")
        return f"{command} on {machine}\n" if command else ""

    @keyword
    def wait_for_line_on_uart(
        self,
        content: str,
        timeout: float | None = None,
        testerId: int | None = None,
        treatAsRegex: bool = False,
    ) -> dict[str, Any]:
        if content == "never":
            raise AssertionError("Terminal tester failed!")
        return {
            "Line": content,
            "Timestamp": timeout or 0.0,
            "Groups": [str(testerId)],
            "IsFailingString": treatAsRegex,
        }

    @keyword
    def wait_for_lines_on_uart(self, content: list[str]) -> int:
        return len(content)

    @keyword
    def start_emulation(self) -> None:
        pass

    @keyword
    def pc_should_be_equal(self, value: int) -> None:
        if value != 0x160:
            raise AssertionError(f"actual: 0x160, expected: {value:#x}")

    @keyword
    def open_gui(self) -> None:
        raise AssertionError("there is none")

    @keyword
    def execute_python(self, *_: str) -> None:
        raise ZeroDivisionError("a mistake of the keyword's own")

    def helper(self) -> None:
        """No keyword."""


@pytest.fixture
def server() -> Iterator[KeywordServer]:
    one = KeywordServer(Library())
    thread = threading.Thread(target=one.serve, daemon=True)
    thread.start()
    yield one
    one.stop()
    thread.join()


@pytest.fixture
def proxy(server: KeywordServer) -> xmlrpc.client.ServerProxy:
    return xmlrpc.client.ServerProxy(f"http://{LOOPBACK}:{server.port}/")


def run(proxy: xmlrpc.client.ServerProxy, name: str, *given: Any) -> Any:
    return proxy.run_keyword(name, list(given))


def fault_of(proxy: xmlrpc.client.ServerProxy, method: str, *given: Any) -> xmlrpc.client.Fault:
    with pytest.raises(xmlrpc.client.Fault) as caught:
        getattr(proxy, method)(*given)
    return caught.value


def test_keywords_have_renodes_names(proxy: xmlrpc.client.ServerProxy) -> None:
    assert proxy.get_keyword_names() == [
        "ExecuteCommand", "ExecutePython", "OpenGUI", "PcShouldBeEqual", "StartEmulation", "WaitForLineOnUart",
        "WaitForLinesOnUart", "StopRemoteServer",
    ]  # fmt: skip
    assert proxy.system.listMethods() == ["get_keyword_names", "run_keyword", "stop_remote_server"]


@pytest.mark.parametrize("method", ["get_keyword_arguments", "get_keyword_documentation", "get_library_information"])
def test_other_methods_are_fault_0(proxy: xmlrpc.client.ServerProxy, method: str) -> None:
    fault = fault_of(proxy, method, "ExecuteCommand")
    assert (fault.faultCode, fault.faultString) == (0, f"unsupported method called: {method}")


def test_a_private_port_on_the_loopback_is_chosen(server: KeywordServer) -> None:
    assert server.port >= FIRST_FREE_PORT
    with pytest.raises(TinysimError, match=f"cannot listen on port {server.port}"):
        KeywordServer(Library(), server.port)


def test_a_pass_without_value_has_no_return(proxy: xmlrpc.client.ServerProxy) -> None:
    assert run(proxy, "StartEmulation") == {"status": "PASS"}


def test_monitor_text_has_its_line_feeds_doubled(proxy: xmlrpc.client.ServerProxy) -> None:
    assert run(proxy, "ExecuteCommand", "version") == {"return": "version on None\n\n", "status": "PASS"}
    assert run(proxy, "ExecuteCommand", "") == {"return": "", "status": "PASS"}
    assert run(proxy, "ExecuteCommand", "version", "m")["return"] == "version on m\n\n"


def test_results_have_the_keys_of_both_versions(proxy: xmlrpc.client.ServerProxy) -> None:
    found = run(proxy, "WaitForLineOnUart", "boot", "timeout=0.5", "testerId=0", "treatAsRegex=true")["return"]
    assert found["Line"] == found["line"] == "boot"
    assert (found["Timestamp"], found["Groups"], found["IsFailingString"]) == (0.5, ["0"], True)


def test_a_text_with_an_equals_sign_is_a_named_argument(proxy: xmlrpc.client.ServerProxy) -> None:
    assert run(proxy, "WaitForLineOnUart", r"content=temp=(\d+)")["return"]["Line"] == r"temp=(\d+)"
    assert run(proxy, "WaitForLineOnUart", r"temp\=(\d+)")["return"]["Line"] == r"temp\=(\d+)"
    fault = fault_of(proxy, "run_keyword", "WaitForLineOnUart", [r"temp=(\d+)", "treatAsRegex=true"])
    text = r'Arguments types do not match any available keyword "WaitForLineOnUart" : [temp=(\d+), treatAsRegex=true]'
    assert (fault.faultCode, fault.faultString) == (2, text)


@pytest.mark.parametrize("given", [[], ["a", "b", "c"], ["a", "nosuch=3"], ["a", "command=b"]])
def test_arguments_that_fit_nowhere_are_fault_2(proxy: xmlrpc.client.ServerProxy, given: list[str]) -> None:
    assert fault_of(proxy, "run_keyword", "ExecuteCommand", given).faultCode == 2


def test_numbers_come_as_text_or_as_numbers(proxy: xmlrpc.client.ServerProxy) -> None:
    for value in ("0x160", "352", "0b101100000", 352):
        assert run(proxy, "PcShouldBeEqual", value)["status"] == "PASS"
    assert run(proxy, "WaitForLineOnUart", "x", 2, "null")["return"]["Groups"] == ["None"]
    assert run(proxy, "WaitForLinesOnUart", ["a", "b"])["return"] == 2
    failed = run(proxy, "WaitForLineOnUart", "x", "abc")
    assert (failed["status"], failed["error"]) == ("FAIL", "ArgumentException: 'abc' is no float\n")


def test_a_failure_is_a_struct_and_no_fault(proxy: xmlrpc.client.ServerProxy) -> None:
    failed = run(proxy, "WaitForLineOnUart", "never")
    assert failed == {
        "status": "FAIL",
        "error": "KeywordException: Terminal tester failed!\n",
        "traceback": "KeywordException:   at tinysim keyword WaitForLineOnUart\n",
    }


def test_a_mistake_of_our_own_fails_one_keyword(proxy: xmlrpc.client.ServerProxy) -> None:
    error = run(proxy, "ExecutePython", "1/0", "more")["error"]
    assert error.startswith("ZeroDivisionError: a mistake of the keyword's own\nTraceback")
    assert run(proxy, "StartEmulation") == {"status": "PASS"}


def test_a_failed_command_is_named_in_the_error(proxy: xmlrpc.client.ServerProxy) -> None:
    error = run(proxy, "ExecuteCommand", "nonsense")["error"]
    assert error == ("KeywordException: Could not execute command 'nonsense': No such command or device: nonsense\n")


@pytest.mark.parametrize("name", ["NoSuchKeyword", "execute command", "Execute Command", "executecommand", "helper"])
def test_names_must_match_exactly(proxy: xmlrpc.client.ServerProxy, name: str) -> None:
    fault = fault_of(proxy, "run_keyword", name, ["version"])
    assert (fault.faultCode, fault.faultString) == (1, f'Keyword "{name}" not found')


def test_wrong_shapes_are_fault_0(proxy: xmlrpc.client.ServerProxy) -> None:
    assert "too few param elements" in fault_of(proxy, "run_keyword", "ExecuteCommand").faultString
    assert "too many param elements" in fault_of(proxy, "run_keyword", "ExecuteCommand", [], {}).faultString
    text = "request contains string value where array expected [request : parameter 2]"
    assert fault_of(proxy, "run_keyword", "ExecuteCommand", "version").faultString == text


def test_what_is_no_xml_is_answered_all_the_same(server: KeywordServer) -> None:
    connection = http.client.HTTPConnection(LOOPBACK, server.port, timeout=10)
    connection.request("POST", "/any/path", b"this is not xml", {"Content-Type": "text/xml"})
    response = connection.getresponse()
    assert response.status == 200
    with pytest.raises(xmlrpc.client.Fault, match="does not contain valid XML"):
        xmlrpc.client.loads(response.read())


def test_stopping_is_answered_and_ends_the_server() -> None:
    one = KeywordServer(Library())
    thread = threading.Thread(target=one.serve, daemon=True)
    thread.start()
    proxy = xmlrpc.client.ServerProxy(f"http://{LOOPBACK}:{one.port}/")
    assert run(proxy, "StopRemoteServer") == {"status": "PASS"}
    thread.join(timeout=30)
    assert not thread.is_alive()
    with pytest.raises(OSError):
        proxy.get_keyword_names()
