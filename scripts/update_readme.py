"""Puts the real output of each command into the README: the block under `<!-- output: COMMAND -->` is what it prints;
what stands between `<!-- table: COMMAND -->` and `<!-- end -->` is a table that it prints.

`python scripts/update_readme.py` rewrites README.md; `--check` only says whether it is up to date (exit 1 if not).
Commands are run by bash from the root of the checkout, outputs first, then tables, in the order of the page; they must
print the same each time. Files that one makes for the next go to build/.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

import click
from made_files import ROOT, settle

README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- output: (?P<command>[^\n]+?) -->\n```\w*\n)(?P<output>.*?)(^```$)", re.DOTALL | re.MULTILINE)
TABLE = re.compile(r"(<!-- table: (?P<command>[^\n]+?) -->\n)(?P<output>.*?)(^<!-- end -->$)", re.DOTALL | re.MULTILINE)


def output_of(command: str) -> str:
    """What a command line prints on stdout, without the blanks at its lines' ends. Nothing: ClickException."""
    python = shlex.quote(sys.executable)
    for name, program in (("tinysim ", f"{python} -m tinysim.cli "), ("python ", f"{python} ")):
        if command.startswith(name):
            command = program + command.removeprefix(name)
            break
    result = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    if not result.stdout.strip():  # the exit code says nothing: some commands show an error, most end in sed
        raise click.ClickException(f"`{command}` prints nothing: {result.stderr.strip()}")
    return "\n".join(line.rstrip() for line in result.stdout.split("\n")).strip("\n")


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a block is not what its command prints.")
def main(check: bool) -> None:
    """Rewrite the outputs in README.md."""
    (ROOT / "build").mkdir(exist_ok=True)
    page = README.read_text(encoding="utf-8")
    for marked in (BLOCK, TABLE):
        page = marked.sub(lambda found: f"{found[1]}{output_of(found['command'])}\n{found[4]}", page)
    sys.exit(0 if settle(README, page, "scripts/update_readme.py", check=check) else 1)


if __name__ == "__main__":
    main()
