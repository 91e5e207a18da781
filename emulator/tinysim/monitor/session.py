"""The Monitor's commands that are no methods of a device: machines, scripts, variables, time, log, help."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tinysim.log import DEBUG, LEVEL_NAMES
from tinysim.monitor.errors import MonitorError, Quit
from tinysim.monitor.methods import Method
from tinysim.monitor.tree import peripherals_tree
from tinysim.monitor.values import File, Value
from tinysim.monitor.watching import create

if TYPE_CHECKING:
    from tinysim.monitor.interpreter import Monitor


def mach(here: Monitor, action: str | None = None, which: int | str | None = None) -> str | None:
    """Create, set, rem(ove) or clear machines; alone: list them."""
    emulation = here.emulation
    if action is None:
        names = [f"{number}: {name}" for number, name in enumerate(emulation.boards)]
        return "\n".join(["Available machines:", *names]) if names else "there are no machines"
    if action in ("create", "add"):
        emulation.create(None if which is None else str(which))
        if action == "add":
            emulation.select(None)
    elif action == "set" and which is not None:
        emulation.select(which)
    elif action == "rem" and isinstance(which, str):
        emulation.remove(which)
    elif action == "clear":
        emulation.select(None)
    else:
        raise MonitorError(f"Bad parameters for command mach {action}", remedy="mach create|add|set|rem|clear [NAME]")
    return None


def include(here: Monitor, path: File) -> str:
    """Run a script (.resc)."""
    return here.run_script(path)


def using(here: Monitor, prefix: str) -> None:
    """Accepted for sysbus and what is on it: names are found with and without it."""
    if prefix.split(".")[0] not in ("sysbus", "-"):
        raise MonitorError(f"using {prefix} is not supported", remedy="using sysbus")


def start(here: Monitor) -> str:
    """Let the machines run in the background, not faster than real time."""
    here.emulation.start()
    return "Starting emulation..."


def pause(here: Monitor) -> str:
    """Stop that."""
    here.emulation.pause()
    return "Pausing emulation..."


def quit(here: Monitor) -> str:
    """Leave the Monitor."""
    raise Quit


def version(here: Monitor) -> str:
    """The version of tinysim."""
    from tinysim import __version__

    return f"tinysim, version {__version__}"


def current_time(here: Monitor) -> str:
    """Virtual time since power-on."""
    return f"Current virtual time: {here.time_text()}"


def peripherals(here: Monitor) -> str:
    """The tree of what the machine consists of."""
    return peripherals_tree(here.emulation.board.platform)


def echo(here: Monitor, text: str) -> str:
    """Print a text."""
    return text


def log(here: Monitor, text: str, level: int = DEBUG) -> None:
    """Add a line to the log; level -1 noisy, 0 debug, 1 info, 2 warning, 3 error."""
    if level not in LEVEL_NAMES:
        raise MonitorError(f"there is no log level {level}", remedy="-1 noisy to 3 error")
    here.emulation.log(level, f"Script: {text}")


def log_level(here: Monitor, level: int | str | None = None, element: str | None = None) -> str | None:
    """Show lines of the log from this level on, -1 noisy to 3 error; of one device, or of all."""
    watching = here.watching
    if level is None:
        levels = [f"{name}: {LEVEL_NAMES[number]}" for name, number in watching.levels.items()]
        return "\n".join(["Currently set levels:", f"all: {LEVEL_NAMES[watching.level]}", *levels])
    by_name = {name: number for number, name in LEVEL_NAMES.items()}
    number = by_name.get(level.upper()) if isinstance(level, str) else level
    if number is None or number not in LEVEL_NAMES:
        raise MonitorError(f"there is no log level {level}", remedy="-1 noisy to 3 error")
    if element is None:
        watching.level = number
    else:
        watching.levels[here.target(element).name] = number
    return None


def log_file(here: Monitor, path: File, flush: bool = False) -> None:
    """Write the log to a file from now on."""
    here.watching.log_path = here.place_to_write(path)
    create(here.watching.log_path)


def macro(here: Monitor, name: str, text: str) -> None:
    """Keep commands under a name, for runMacro."""
    here.macros[name] = text


def run_macro(here: Monitor, name: str) -> str:
    """Run the commands of a macro."""
    return here.run_macro(name)


def alias(here: Monitor, name: str, command: str) -> None:
    """A second name for a command."""
    here.aliases[name] = command


def set_variable(here: Monitor, name: str, value: Value) -> None:
    """Give a variable a value, as `$name=value`."""
    here.set_variable(name, value)


def require(here: Monitor, variable: Value) -> None:
    """Fails when the variable is unknown."""


def execute(here: Monitor, command: str) -> str:
    """Run a text, or the content of a variable, as commands."""
    return here.run_text(command)


def show_analyzer(here: Monitor, uart: str, analyzer: str | None = None) -> None:
    """Print what a UART sends."""
    here.show_uart(uart)


def path(here: Monitor, action: str | None = None, folder: File | None = None) -> str | None:
    """Folders where files are looked for: path add @FOLDER; alone: list them."""
    if action == "add" and folder is not None:
        here.add_folder(folder)
        return None
    if action is not None:
        raise MonitorError(f"Bad parameters for command path {action}", remedy="path add @FOLDER")
    return "\n".join(str(each) for each in here.emulation.repl_path) or "no folders"


def save(here: Monitor, file: File) -> None:
    """Write a snapshot of the selected machine to a file."""
    here.emulation.machine.save_snapshot(here.place_to_write(file))


def load(here: Monitor, file: File) -> None:
    """Go on from a snapshot, in a machine with the same description and firmware."""
    here.emulation.machine.load_snapshot(here.find(file))
    here.watching.go_on_from(here.emulation.board)


def clear(here: Monitor) -> None:
    """Throw away all machines, variables and macros."""
    here.reset()


def help_text(here: Monitor, command: str | None = None) -> str:
    """Print this list, or what is known of a command or device."""
    if command is None:
        width = max(len(name) for name in COMMANDS)
        rows = [f"{name:<{width}} : {method.meaning}" for name, method in sorted(COMMANDS.items())]
        ending = "You can also provide a device name to access its methods."
        return "\n".join(["Available commands:", *rows, "", ending])
    method = COMMANDS.get(SHORT.get(command, command))
    return f"{method.usage}\n{method.meaning}" if method else here.describe(command)


def _commands(*named: tuple[str, Callable[..., str | None]]) -> dict[str, Method]:
    return {name: Method(name, function) for name, function in named}


COMMANDS = _commands(
    ("mach", mach), ("include", include), ("using", using), ("start", start), ("pause", pause), ("quit", quit),
    ("version", version), ("currentTime", current_time), ("peripherals", peripherals), ("echo", echo), ("log", log),
    ("logLevel", log_level), ("logFile", log_file), ("macro", macro), ("runMacro", run_macro), ("alias", alias),
    ("set", set_variable), ("require", require), ("execute", execute), ("showAnalyzer", show_analyzer),
    ("path", path), ("Save", save), ("Load", load), ("Clear", clear), ("help", help_text),
)  # fmt: skip
SHORT = {
    "i": "include", "s": "start", "p": "pause", "q": "quit", "peri": "peripherals", "sa": "showAnalyzer", "?": "help",
}  # fmt: skip
