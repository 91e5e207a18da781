"""Files of the checkout that a script makes: written anew, or with --check only compared."""

from __future__ import annotations

from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent


def settle(path: Path, text: str, script: str, *, check: bool) -> bool:
    """Whether the file is now what the script (`scripts/x.py`) makes; with `check` a stale one stays and is told of."""
    name = path.relative_to(ROOT)
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        click.echo(f"{name} is up to date")
    elif check:
        click.echo(f"{name} is not what {script} makes: run python {script}", err=True)
        return False
    else:
        path.write_text(text, encoding="utf-8")
        click.echo(f"{name} written")
    return True
