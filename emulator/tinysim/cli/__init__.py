"""The command `tinysim`: one file per verb, loaded when it is asked for, and one line for each mistake of the user."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

import click

from tinysim import __version__
from tinysim.errors import TinysimError

EXIT_USAGE = 2
EXIT_INTERRUPTED = 1
SERVER_OPTION = "--robot-server-port"

# verb: (module, attribute, the line `tinysim --help` shows without loading the module)
_VERBS = {
    "run": ("tinysim.cli.run", "run", "Run a firmware with recorded sensor streams and report on it."),
    "cycles": ("tinysim.cli.cycles", "cycles", "Count the cycles of a recorded execution trace."),
    "profile": ("tinysim.cli.profile", "profile", "Say where every cycle of a run went, and why."),
    "stream": ("tinysim.cli.stream", "stream", "Look at recorded sensor streams and check them."),
    "platforms": ("tinysim.cli.platforms", "platforms", "List the platforms, or show one."),
    "sensors": ("tinysim.cli.sensors", "sensors", "List the sensors, or show one."),
    "monitor": ("tinysim.cli.monitor", "monitor", "Run Renode's Monitor scripts and commands."),
    "compare": ("tinysim.cli.compare", "compare", "Run a firmware on two engines and tell where they differ."),
    "robot": ("tinysim.cli.robot", "robot", "Run Robot Framework suites, also those written for Renode."),
    "robot-server": ("tinysim.cli.robot_server", "robot_server", "Serve Robot Framework as `renode-test` expects it."),
    "doctor": ("tinysim.cli.doctor", "doctor", "Say what is installed and how to get the rest."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported on use: `tinysim run` never pays for the others."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The verbs, in the order of use."""
        return list(_VERBS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import the verb's module."""
        if name not in _VERBS:
            return None
        module, attribute, _ = _VERBS[name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """The verbs with their lines, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in _VERBS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tinysim")
def tinysim() -> None:
    """Run TinyML firmware without its board, with cycles that an engineer can check."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 fine, 1 check failed, 2 bad input, 3 fault, 4 tool missing."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy: starting threads that nobody uses costs 60 ms
    try:
        result = tinysim.main(args=_as_verb(arguments), prog_name="tinysim", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return EXIT_USAGE
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "tinysim"
        return _complain(f"{error.format_message()} (see {command} --help)", EXIT_USAGE)
    except click.ClickException as error:
        return _complain(error.format_message(), EXIT_USAGE)
    except (click.Abort, KeyboardInterrupt):
        return _complain("interrupted", EXIT_INTERRUPTED)
    except TinysimError as error:
        return _complain(str(error), error.exit_code)
    except BrokenPipeError:
        _silence_stdout()
        return EXIT_INTERRUPTED
    return result if isinstance(result, int) else 0


def _as_verb(arguments: Sequence[str] | None) -> Sequence[str]:
    """`tinysim --robot-server-port 0 ...`, which is how `renode-test` starts a Renode, means `tinysim robot-server`."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    has_verb = bool(given) and not given[0].startswith("-")
    is_renode = not has_verb and any(each.split("=")[0] == SERVER_OPTION for each in given)
    return ["robot-server", *given] if is_renode else given


def _complain(message: str, exit_code: int) -> int:
    print(f"tinysim: error: {' '.join(message.split())}", file=sys.stderr)
    return exit_code


def _silence_stdout() -> None:
    """The reader (`head`) has gone: keep Python's last flush from complaining about it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
