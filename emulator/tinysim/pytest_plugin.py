"""pytest plugin: the fixtures `machine` and `firmware`, and what a failed test's machine was doing (docs/pytest.md).

Loaded by pytest in every environment that has tinysim: nothing of tinysim is imported until a fixture is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

import pytest

if TYPE_CHECKING:
    from tinysim.machine import Machine
    from tinysim.tape import Tape

MARKER = "tinysim"
MARKER_HELP = (
    "tinysim(platform=NAME, firmware=PATH, stream=[SENSOR=]PATH or a list of them): "
    "the board, the image and the recordings of the `machine` fixture; paths from the test's folder or the rootdir"
)
SETTINGS = ("platform", "firmware", "stream")
INSTRUCTIONS = 20
Given = ParamSpec("Given")
Result = TypeVar("Result")
machine_key: pytest.StashKey[tuple[Machine, Tape]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """What a test's marker does not say."""
    group = parser.getgroup("tinysim", "tinysim: firmware on a simulated board")
    group.addoption("--tinysim-platform", metavar="NAME|FILE.repl", help="board of tests whose marker names none")
    group.addoption("--tinysim-firmware", metavar="FILE", help="firmware of tests whose marker names none")


def pytest_configure(config: pytest.Config) -> None:
    """The marker is known, also under --strict-markers."""
    config.addinivalue_line("markers", MARKER_HELP)


# ---- fixtures ----


@pytest.fixture
def firmware(request: pytest.FixtureRequest) -> Path:
    """The image that the marker or --tinysim-firmware names; `fw.bin@0x08000000` keeps its address."""
    named = _setting(request, "firmware")
    if named is not None:
        return _find(request, str(named), "firmware")
    option = request.config.getoption("--tinysim-firmware")
    if option is None:
        _refuse('no firmware is named: @pytest.mark.tinysim(firmware="path.elf") or --tinysim-firmware FILE')
    return _resolve(str(option), (request.config.invocation_params.dir, request.config.rootpath), "firmware")


@pytest.fixture
def machine(request: pytest.FixtureRequest) -> Iterator[Machine]:
    """A machine of this test alone, with its firmware loaded (if one is named) and its streams attached."""
    from tinysim.machine import Machine
    from tinysim.tape import put_on_tape

    platform = _setting(request, "platform") or request.config.getoption("--tinysim-platform")
    if platform is None:
        _refuse('no platform is named: @pytest.mark.tinysim(platform="nrf52840") or --tinysim-platform NAME')
    with _said_in_one_line(Machine, platform) as board:
        tape = put_on_tape(board)
        _said_in_one_line(_set_up, board, request)
        request.node.stash[machine_key] = board, tape
        yield board


def _said_in_one_line(act: Callable[Given, Result], *arguments: Given.args, **keywords: Given.kwargs) -> Result:
    """A mistake of the user's fails the test with its text alone, outside of `except`: no traceback comes with it."""
    from tinysim.errors import TinysimError

    try:
        return act(*arguments, **keywords)
    except TinysimError as error:
        problem = str(error)
    _refuse(problem)


def _set_up(board: Machine, request: pytest.FixtureRequest) -> None:
    """A `firmware` fixture of the test suite's own is loaded, too, if the test takes it."""
    is_named = _setting(request, "firmware") is not None or request.config.getoption("--tinysim-firmware") is not None
    if is_named or "firmware" in request.fixturenames:
        board.load(request.getfixturevalue("firmware"))
    streams = _setting(request, "stream")
    for stream in [streams] if isinstance(streams, str | Path) else streams or ():
        sensor, separator, path = str(stream).rpartition("=")
        board.attach_stream(sensor if separator else None, _find(request, path, "stream"))


# ---- settings and paths ----


def _setting(request: pytest.FixtureRequest, name: str) -> Any:
    """The nearest marker that says it: of the function, the class, the module."""
    for marker in request.node.iter_markers(MARKER):
        unknown = [*(repr(one) for one in marker.args), *(key for key in marker.kwargs if key not in SETTINGS)]
        if unknown:
            _refuse(f"the marker tinysim does not know {', '.join(unknown)}: it takes {', '.join(SETTINGS)} by keyword")
        if name in marker.kwargs:
            return marker.kwargs[name]
    return None


def _find(request: pytest.FixtureRequest, named: str, what: str) -> Path:
    return _resolve(named, (request.path.parent, request.config.rootpath), what)


def _resolve(named: str, folders: Iterable[Path], what: str) -> Path:
    from tinysim.firmware import split_address

    candidates = list(dict.fromkeys(folder / named for folder in folders))
    for candidate in candidates:
        if split_address(candidate)[0].is_file():
            return candidate
    looked = ", ".join(str(candidate) for candidate in candidates)
    _refuse(f"there is no {what} {named}: looked for {looked}")


def _refuse(problem: str) -> NoReturn:
    pytest.fail(f"tinysim: {problem}", pytrace=False)


# ---- the report ----


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """A failed test's machine tells what it was doing; it is still open then, also when a fixture failed."""
    report = yield
    if report.failed and call.when != "teardown" and machine_key in item.stash:
        report.sections.append(("tinysim", "\n".join(_describe(*item.stash[machine_key]))))
    return report


def _describe(machine: Machine, tape: Tape) -> list[str]:
    """A report that cannot be made must not hide the test's own failure."""
    from tinysim.reports.failure import failure_lines

    try:
        record = machine.record()
        fault = record.manifest["stop"]["fault"]
        if fault and tape.firmware:
            place = tape.firmware.locate(fault["pc"])
            fault["function"] = place.function
            fault["source"] = f"{place.file}:{place.line}" if place.file else None
        return [*failure_lines(record), *_instructions(tape)]
    except Exception as error:
        return [f"the machine cannot be described: {type(error).__name__}: {error}"]


def _instructions(tape: Tape) -> list[str]:
    from tinysim.last_instructions import CannotReplay, last_instructions

    try:
        found = last_instructions(tape, INSTRUCTIONS)
    except CannotReplay as error:
        return [f"-- last instructions: not known, for {error}"]
    return [f"-- last {len(found)} instructions", *(str(instruction) for instruction in found)]
