"""No text of a user's may end in anything but an answer, an InputError or Quit; and no time passes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinysim.emulation import Emulation
from tinysim.errors import InputError
from tinysim.monitor.completion import complete
from tinysim.monitor.errors import Quit
from tinysim.monitor.interpreter import OBJECTS, Monitor
from tinysim.monitor.lookup import kind_and_methods
from tinysim.monitor.session import COMMANDS
from tinysim.monitor.target import paths

HELLO = Path(__file__).resolve().parents[3] / "firmware" / "prebuilt" / "nrf52840dk" / "hello.elf"
WRITES_FILES = {"Save", "logFile", "CreateFileBackend"}
SLOW_OR_ENDLESS = {"RunFor", "Step", "start", "ReadBytes"}
VALUES = [
    "0", "1", "-1", "0xFFFFFFFF", "0x100000000", "2.5", "true", "null", '"text"', "''", "@gone", "$gone", "<1 2>",
    "<3, 1>", "`version`", "word", "0x20000000", "99999999999999999999", ";", "=", '"',
]  # fmt: skip


@pytest.fixture(scope="module")
def monitor() -> Iterator[Monitor]:
    one = Monitor(Emulation())
    one.execute("mach create; machine LoadPlatformDescription @platforms/boards/nrf52840dk.repl")
    yield one
    one.reset()


def known_words(monitor: Monitor) -> list[list[str]]:
    """Every command, and every method of every kind of thing."""
    machine = monitor.emulation.machine
    words = [[name] for name in COMMANDS]
    words += [[name, method] for name, table in OBJECTS.items() for method in table]
    seen: set[str] = set()
    for name in ["sysbus", *paths(machine.platform)]:
        kind, table = kind_and_methods(machine, name)
        words += [[name, method] for method in table] if kind not in seen else []
        seen.add(kind)
    return [each for each in words if not (WRITES_FILES | SLOW_OR_ENDLESS) & set(each)]


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_command_with_any_values_answers_or_is_refused(monitor: Monitor, data: st.DataObject) -> None:
    words = data.draw(st.sampled_from(known_words(monitor)))
    values = data.draw(st.lists(st.sampled_from(VALUES), max_size=4))
    line = " ".join([*words, *values])
    with suppress(InputError, Quit):
        assert isinstance(monitor.execute(line), str)
    if "machine-0" not in monitor.emulation.boards:
        monitor.reset()
        monitor.execute("mach create; machine LoadPlatformDescription @platforms/boards/nrf52840dk.repl")
    monitor.execute("mach set 0")


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(alphabet="abcPC $@\"'`<>,=?;#:\n\\0x12. machine sysbus cpu\t\u00e9", max_size=40))
def test_any_text_answers_or_is_refused(monitor: Monitor, text: str) -> None:
    with suppress(InputError, Quit):
        monitor.execute(text)
    assert all(isinstance(word, str) for word in complete(monitor, text))


def test_the_background_runs_until_it_is_paused(tmp_path: Path) -> None:
    monitor = Monitor(Emulation())
    monitor.execute("mach create; machine LoadPlatformDescription @platforms/boards/nrf52840dk.repl")
    monitor.execute("sysbus WriteWord 0x20000000 0xE7FE; cpu PC 0x20000000; start")
    machine = monitor.emulation.machine
    while machine.time < 0.01:  # ends: the background runs
        pass
    monitor.execute("pause")
    stood_s = machine.time
    assert not monitor.emulation.is_started
    assert monitor.execute("cpu PC") == "0x20000000\n"
    assert machine.time == stood_s


def test_a_snapshot_is_saved_and_gone_on_from(tmp_path: Path) -> None:
    monitor = Monitor(Emulation())  # without firmware the machine only counts time
    monitor.execute("mach create; machine LoadPlatformDescription @platforms/boards/nrf52840dk.repl")
    monitor.execute('sysbus WriteWord 0x20000000 0xE7FE; cpu PC 0x20000000; emulation RunFor "0.01"')
    monitor.execute(f'Save @{tmp_path}/state; emulation RunFor "0.01"; Load @{tmp_path}/state')
    assert monitor.execute("currentTime").startswith("Current virtual time: 00:00:00.0100")


def test_a_uart_is_followed_behind_a_snapshot(tmp_path: Path) -> None:
    shown: list[str] = []
    monitor = Monitor(Emulation(), show=shown.append)
    monitor.execute("mach create; machine LoadPlatformDescription @platforms/boards/nrf52840dk.repl")
    monitor.execute(f"sysbus LoadELF @{HELLO}; showAnalyzer uart0; Save @{tmp_path}/state")
    monitor.execute(f'emulation RunFor "0.01"; Load @{tmp_path}/state')
    first = "".join(shown)
    shown.clear()
    monitor.execute('emulation RunFor "0.01"')
    assert "TS hello" in first and "".join(shown) == first


def test_symbols_of_another_file_are_known(tmp_path: Path) -> None:
    monitor = Monitor(Emulation())
    monitor.execute("mach create; machine LoadPlatformDescription @platforms/boards/nrf52840dk.repl")
    monitor.execute(f"sysbus LoadSymbolsFrom @{HELLO}")
    address = monitor.execute('sysbus GetSymbolAddress "main"').strip()
    assert monitor.execute(f"sysbus FindSymbolAt {address}") == "main (entry)\n"
