"""Options that several commands take, and what is read from the file that one of them names."""

from __future__ import annotations

from pathlib import Path

import click

from tinysim.cli.parameters import duration_ns, sensor_stream
from tinysim.errors import InputError

DEFAULT_DURATION_S = 1.0  # of a run without streams and --for
PATH = click.Path(path_type=Path)

platform_option = click.option(
    "--platform", required=True, metavar="NAME|FILE.repl", help="Chip, board or platform description."
)
repl_path_option = click.option(
    "--repl-path", "repl_path", multiple=True, type=PATH, metavar="DIR",
    help="Folder for `using` in .repl files, as Renode's search path; may be given again.",
)  # fmt: skip
strict_option = click.option(
    "--strict", is_flag=True, help="What the platform has and no model exists for is an error, not a gap."
)
stream_option = click.option(
    "--stream", "streams", multiple=True, type=sensor_stream, metavar="[SENSOR=]FILE", help="Recording to play."
)
rate_option = click.option(
    "--rate", "rate_hz", type=float, metavar="HZ", help="Sample rate of streams that do not say it."
)
unit_option = click.option("--unit", help="Unit of streams that do not say it: g, mg, m_s2.")
duration_option = click.option(
    "--for", "for_ns", type=duration_ns, metavar="TIME", help="Virtual time: 2s, 500ms. [the streams' length, else 1s]"
)
uart_input_option = click.option("--uart-input", type=PATH, metavar="FILE", help="Bytes sent to the UART at power-on.")


def read_uart_input(path: Path | None) -> bytes:
    """The bytes of --uart-input, none without it. Raises InputError when the file cannot be read."""
    try:
        return path.read_bytes() if path else b""
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=path, remedy="check --uart-input") from None
