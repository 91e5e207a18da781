"""The Robot library on a machine that only speaks: see emulator/tests/cli/stand_in_machine.py for its script."""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass, field
from typing import Any

import pytest

pytest.importorskip("robot", reason="robotframework is not installed")

from tinysim.robot import TinysimLibrary


@dataclass(frozen=True)
class Line:
    time_s: float
    cycles: int
    text: str


@dataclass
class Uart:
    machine: Machine
    written: bytes = b""
    read: int = 0

    def write(self, content: bytes) -> None:
        self.written += content

    def read_new(self) -> list[Line]:
        done = [Line(at_s, 0, text) for at_s, text in self.machine.said if at_s <= self.machine.time]
        new, self.read = done[self.read :], len(done)
        return new

    @property
    def unfinished(self) -> str:
        return next((text for begin, end, text in self.machine.partial if begin <= self.machine.time < end), "")


@dataclass
class Led:
    state: bool


@dataclass
class Machine:
    platform: str
    said: list[tuple[float, str]] = field(default_factory=list)
    partial: list[tuple[float, float, str]] = field(default_factory=list)
    lit_from_s: float = 1e9
    stop_at_s: float = 1e9
    time: float = 0.0
    stop_reason: str | None = None
    closed: bool = False

    def __post_init__(self) -> None:
        self.console = Uart(self)

    def run_for(self, seconds: float, *, stop_at_line: bool = False) -> str:
        end_s, reason = min(self.time + seconds, self.stop_at_s), "time"
        if end_s >= self.stop_at_s:
            reason = "deadlock"
        if stop_at_line and (ends := [at_s for at_s, _ in self.said if self.time < at_s <= end_s]):
            end_s, reason = ends[0], "line"
        self.time, self.stop_reason = end_s, reason
        return reason

    def uart(self, name: str) -> Uart:
        assert name == "uart0"
        return self.console

    def led(self, name: str) -> Led:
        assert name == "led1"
        return Led(self.time >= self.lit_from_s)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> TinysimLibrary:
    module: Any = types.ModuleType("tinysim.machine")
    module.Machine = Machine
    monkeypatch.setitem(sys.modules, "tinysim.machine", module)
    library = TinysimLibrary()
    library.create_machine(platform="nrf52840")
    library.create_terminal_tester("sysbus.uart0")
    return library


def machine_of(library: TinysimLibrary) -> Any:
    return library.emulation.machine


def test_a_wait_ends_at_the_line_and_keeps_later_ones(library: TinysimLibrary) -> None:
    machine_of(library).said = [(0.1, "one"), (0.25, "two 42"), (0.3, "three")]
    hit = library.wait_for_line_on_uart(r"two (?<number>\d+)", treatAsRegex=True)
    assert (hit["line"], hit["groups"], hit["timestamp"]) == ("two 42", ["42"], 250.0)
    assert machine_of(library).time == 0.25
    assert library.wait_for_next_line_on_uart()["line"] == "three"


def test_lines_before_a_match_are_gone(library: TinysimLibrary) -> None:
    machine_of(library).said = [(0.1, "one"), (0.2, "two")]
    library.wait_for_line_on_uart("two")
    with pytest.raises(AssertionError, match=r"'one' did not come within 1 s of virtual time"):
        library.wait_for_line_on_uart("one", timeout=1)


def test_a_timeout_is_virtual_and_the_failure_shows_what_came(library: TinysimLibrary) -> None:
    machine_of(library).said = [(0.1, "\x1b[32mboot\x1b[0m\r")]
    with pytest.raises(AssertionError, match=r"(?s)uart0 said:.*0\.100000 s\] boot$"):
        library.wait_for_line_on_uart("event")
    assert machine_of(library).time == pytest.approx(8.0)


def test_a_machine_that_stopped_for_good_is_not_waited_for(library: TinysimLibrary) -> None:
    machine_of(library).stop_at_s = 0.5
    with pytest.raises(AssertionError, match=r"stopped with 'deadlock' at 0\.500000 s"):
        library.wait_for_line_on_uart("event")


def test_the_next_line_must_match_when_asked(library: TinysimLibrary) -> None:
    machine_of(library).said = [(0.1, "one"), (0.2, "two")]
    with pytest.raises(AssertionError, match="the next line on uart0 is 'one'"):
        library.wait_for_line_on_uart("two", matchNextLine=True)


def test_a_prompt_is_found_in_the_unfinished_line_and_taken_once(library: TinysimLibrary) -> None:
    machine_of(library).partial = [(0.2, 2.0, "login: ")]
    assert library.wait_for_prompt_on_uart("login:")["line"] == "login: "
    with pytest.raises(AssertionError, match="did not come"):
        library.wait_for_prompt_on_uart("login:", timeout=0.5)


def test_an_unfinished_line_counts_only_when_asked(library: TinysimLibrary) -> None:
    machine_of(library).partial = [(0.2, 9.0, "progress 50")]
    with pytest.raises(AssertionError):
        library.wait_for_line_on_uart("progress", timeout=0.5)
    assert library.wait_for_line_on_uart("progress", includeUnfinishedLine=True)["line"] == "progress 50"


def test_text_that_must_not_come_is_waited_out(library: TinysimLibrary) -> None:
    machine_of(library).said = [(0.5, "TS event n=1 class=double")]
    library.should_not_be_on_uart("event", timeout=0.4)
    assert machine_of(library).time == pytest.approx(0.4)
    with pytest.raises(AssertionError, match=r"'TS event n=1 class=double' is on uart0 at 0\.5"):
        library.should_not_be_on_uart("event", timeout=1)


def test_an_idle_uart_says_nothing(library: TinysimLibrary) -> None:
    machine_of(library).said = [(0.5, "hello")]
    library.test_if_uart_is_idle(0.4)
    with pytest.raises(AssertionError, match="not idle"):
        library.test_if_uart_is_idle(0.4)


def test_a_written_line_waits_for_its_echo(library: TinysimLibrary) -> None:
    machine_of(library).said = [(0.1, "help")]
    library.write_line_to_uart("help")
    library.write_line_to_uart("quiet", waitForEcho=False)
    library.write_to_uart("x")
    assert machine_of(library).console.written == b"help\rquiet\rx"


def test_an_led_is_waited_for_in_virtual_time(library: TinysimLibrary) -> None:
    machine_of(library).lit_from_s = 0.3
    library.create_led_tester("sysbus.gpio0.led1")
    library.assert_led_state(False)
    with pytest.raises(AssertionError, match=r"was not lit within 0\.1 s"):
        library.assert_led_state(True, timeout=0.1)
    library.assert_led_state(True, timeout=0.5)


def test_reset_closes_the_machine_and_forgets_the_testers(library: TinysimLibrary) -> None:
    board = machine_of(library)
    library.reset_emulation()
    assert board.closed
    with pytest.raises(AssertionError, match="there is no machine: use Create Machine"):
        library.start_emulation()
    with pytest.raises(AssertionError, match="there is no terminal tester"):
        library.wait_for_next_line_on_uart()


def test_known_monitor_commands_make_a_machine(library: TinysimLibrary) -> None:
    library.execute_command('mach create "demo"')
    library.execute_command("machine LoadPlatformDescription @platforms/boards/nrf52840dk.repl")
    assert str(machine_of(library).platform).endswith("platforms/boards/nrf52840dk.repl")


def test_an_unknown_monitor_command_is_refused_by_name(library: TinysimLibrary) -> None:
    with pytest.raises(AssertionError, match="does not know 'sysbus WriteByte 0 1'; it knows 'mach create'"):
        library.execute_command("sysbus WriteByte 0 1")
