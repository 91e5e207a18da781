"""Options of every command that reads a platform description written for Renode."""

from __future__ import annotations

from pathlib import Path

import click

repl_path_option = click.option(
    "--repl-path", "repl_path", multiple=True, type=click.Path(path_type=Path), metavar="DIR",
    help="Folder for `using` in .repl files, as Renode's search path; may be given again.",
)  # fmt: skip
strict_option = click.option(
    "--strict", is_flag=True, help="What the platform has and no model exists for is an error, not a gap."
)
