"""Puts the real output of each command into the README: the block under `<!-- output: COMMAND -->` is what it prints.

`python scripts/update_readme.py` rewrites README.md; `--check` only says whether it is up to date (exit 1 if not).
Commands run from the root of the checkout and must print the same each time; `| tail -n` and `| head -n` are known.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- output: (?P<command>[^\n]+?) -->\n```\w*\n)(?P<output>.*?)(^```$)", re.DOTALL | re.MULTILINE)


def output_of(command: str) -> str:
    """What a command prints on stdout, cut as its `| head -n` or `| tail -n` says."""
    program, *filters = [part.strip() for part in command.split("|")]
    words = shlex.split(program)
    if words[0] == "tinysim":
        words = [sys.executable, "-m", "tinysim.cli", *words[1:]]
    result = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = result.stdout.rstrip("\n").split("\n")
    for each in filters:
        name, count = each.split(" -n ")
        lines = lines[: int(count)] if name == "head" else lines[-int(count) :]
    return "\n".join(line.rstrip() for line in lines).strip("\n")


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a block is not what its command prints.")
def main(check: bool) -> None:
    """Rewrite the outputs in README.md."""
    before = README.read_text(encoding="utf-8")
    after = BLOCK.sub(lambda found: f"{found[1]}{output_of(found['command'])}\n{found[4]}", before)
    if after == before:
        click.echo("README.md is up to date")
    elif check:
        click.echo("README.md is not what its commands print: run python scripts/update_readme.py", err=True)
        sys.exit(1)
    else:
        README.write_text(after, encoding="utf-8")
        click.echo("README.md rewritten")


if __name__ == "__main__":
    main()
