"""`machine` and `emulation`: descriptions, reset, and time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tinysim.errors import InputError
from tinysim.monitor.errors import MonitorError
from tinysim.monitor.lines import run_lines
from tinysim.monitor.methods import Seconds, methods
from tinysim.monitor.values import File
from tinysim.units import MICROSECONDS_PER_SECOND

if TYPE_CHECKING:
    from tinysim.monitor.interpreter import Monitor

BOARDS, CHIPS = "platforms/boards/", "platforms/cpus/"


def load_platform_description(here: Monitor, path: File) -> None:
    """Add a .repl file to the machine; upstream's boards and chips are found under their names."""
    try:
        found = here.find(path)
    except MonitorError:
        found = _upstream(path)
    here.emulation.board.describe(found)


def _upstream(path: File) -> Path:
    """Our file for `platforms/boards/X.repl` or `platforms/cpus/X.repl`. Raises MonitorError when there is none."""
    from tinysim.platform import find_platform, platform_directories
    from tinysim.repl.usings import OUR_CHIPS

    stem = Path(path.text).stem
    if path.text.startswith(CHIPS):
        chip = f"{OUR_CHIPS.get(stem, stem)}.repl"
        found = [folder / "chips" / chip for folder in platform_directories() if (folder / "chips" / chip).is_file()]
        if found:
            return found[0]
    elif path.text.startswith(BOARDS) or path.text == stem:
        try:
            return find_platform(stem)
        except InputError as error:
            raise MonitorError(f"Could not find file '{path.text}'.", remedy=error.remedy) from None
    raise MonitorError(f"Could not find file '{path.text}'.", remedy="`tinysim platforms` lists the boards")


def load_platform_description_from_string(here: Monitor, description: str) -> None:
    """Add a text in the language of .repl files to the machine."""
    here.emulation.board.describe(description)


def reset(here: Monitor) -> None:
    """Reset the chip as its own reset register does; then its reset lines, and the macro `reset`."""
    machine = here.emulation.machine
    machine.engine.reset_system()
    machine.run_for(0.0)  # the core resets when it next runs
    run_lines(machine, "reset")
    here.run_macro("reset", missing_ok=True)


def elapsed_virtual_time(here: Monitor) -> str:
    """Virtual time since power-on."""
    return here.time_text()


def run_for(here: Monitor, period: Seconds) -> None:
    """Run all machines for a virtual time."""
    if here.emulation.is_started:
        raise MonitorError("This action is not available when emulation is already started", remedy="pause first")
    here.emulation.run_for(float(period))


def get_time_source_info(here: Monitor) -> str:
    """Virtual time since power-on, and whether it goes on by itself."""
    state = "Started" if here.emulation.is_started else "Idle"
    return f"Elapsed Virtual Time: {here.time_text()}\nState: {state}"


def is_started(here: Monitor) -> str:
    """Whether the machines run in the background."""
    return str(here.emulation.is_started)


def set_global_quantum(here: Monitor, quantum: Seconds) -> None:
    """Accepted: events are exact here at every instruction, there is no quantum."""
    here.note(f"emulation: a quantum of {quantum * MICROSECONDS_PER_SECOND:g} us has no effect: events are exact")


def set_global_serial_execution(here: Monitor, on: bool) -> None:
    """Accepted: machines always run one after the other."""


def set_global_advance_immediately(here: Monitor, on: bool) -> None:
    """Accepted: RunFor and waits always run as fast as the host can."""


def mode(here: Monitor, mode: str) -> None:
    """Accepted: input comes at its virtual time, whatever Renode's modes of synchronisation are."""


def set_seed(here: Monitor, seed: int) -> None:
    """Accepted: nothing here is random that a seed of Renode's would change."""
    here.note(f"emulation: the seed {seed} has no effect: seeds stand in the platform file")


MACHINE_METHODS = methods(
    LoadPlatformDescription=load_platform_description,
    LoadPlatformDescriptionFromString=load_platform_description_from_string,
    Reset=reset, ElapsedVirtualTime=elapsed_virtual_time,
)  # fmt: skip
EMULATION_METHODS = methods(
    RunFor=run_for, GetTimeSourceInfo=get_time_source_info, IsStarted=is_started, SetGlobalQuantum=set_global_quantum,
    SetGlobalSerialExecution=set_global_serial_execution,
    SetGlobalAdvanceImmediately=set_global_advance_immediately, SetSeed=set_seed, Mode=mode,
)  # fmt: skip
