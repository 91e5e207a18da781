"""`tinysim monitor [SCRIPT]`: Renode's Monitor on tinysim's machines, interactive or from scripts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tinysim.cli.options import repl_path_option

if TYPE_CHECKING:
    from tinysim.monitor.interpreter import Monitor

EXIT_INPUT, EXIT_FAULT = 2, 3


@click.command()
@click.argument("script", required=False, type=click.Path(path_type=Path))
@click.option("-e", "--execute", "commands", multiple=True, metavar="COMMAND", help="Run it after the script.")
@click.option("--quit", "quits", is_flag=True, help="Do not ask for commands after the script.")
@repl_path_option
def monitor(script: Path | None, commands: tuple[str, ...], quits: bool, repl_path: tuple[Path, ...]) -> int:
    """Run SCRIPT (.resc) and commands of Renode's Monitor, then ask for more until `quit` or the end of input.

    A mistake in SCRIPT or -e ends with exit code 2, at a terminal it is only told. Tab completes, `help` helps.
    """
    from tinysim.emulation import Emulation
    from tinysim.errors import InputError
    from tinysim.monitor.errors import Quit
    from tinysim.monitor.interpreter import Monitor

    emulation = Emulation(repl_path=repl_path)
    session = Monitor(emulation, show=_show)
    code = 0
    try:
        if script is not None:
            session.run_script(script)
        for command in commands:
            session.execute(command)
        if not quits:
            code = _converse(session)
    except InputError as error:
        if quits or not sys.stdin.isatty():
            raise
        _complain(error)
        code = _converse(session)
    except Quit:
        pass
    finally:
        faulted = any(board.is_built and board.machine.has_faulted for board in emulation.boards.values())
        emulation.reset()
    return EXIT_FAULT if faulted and not code else code


def _show(text: str) -> None:
    click.echo(text, nl=False)
    sys.stdout.flush()


def _complain(error: Exception) -> None:
    click.echo(f"error: {error}", err=True)


def _converse(session: Monitor) -> int:
    """Take commands until `quit` or the end of input; 2 if one of them failed and nobody was there to see it."""
    from tinysim.errors import InputError
    from tinysim.monitor.errors import Incomplete, Quit

    is_terminal = sys.stdin.isatty()
    if is_terminal:
        _complete_by_tab(session)
    code, begun = 0, ""
    while True:
        try:
            begun += input(_prompt(session, begun) if is_terminal else "")
            session.execute(begun)
        except Incomplete:
            begun += "\n"
            continue
        except InputError as error:
            _complain(error)
            code = code if is_terminal else EXIT_INPUT
        except (EOFError, Quit):
            return code
        begun = ""


def _prompt(session: Monitor, begun: str) -> str:
    if begun:
        return "> "
    return f"({session.emulation.board.name if session.emulation.has_board else 'monitor'}) "


def _complete_by_tab(session: Monitor) -> None:
    try:
        import readline
    except ImportError:  # a Python without it: no completion
        return
    from tinysim.monitor.completion import complete

    def offer(_word: str, number: int) -> str | None:
        found = complete(session, readline.get_line_buffer()[: readline.get_endidx()])
        return found[number] if number < len(found) else None

    readline.set_completer_delims(" ")
    readline.set_completer(offer)
    readline.parse_and_bind("tab: complete")
