"""Writes docs/encodings.md: all encodings of the manual and how often the tests execute each.

Generates the short form of the differential test from its seeds (half a minute; nothing is run) and counts; the counts
go to emulator/tests/conformance/encoding_counts.json, against which the tests check their own.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "emulator" / "tests" / "conformance"))

from encoding_counts import COUNTS_FILE, all_counts, written  # noqa: E402
from encoding_table import table  # noqa: E402

PAGE = ROOT / "docs" / "encodings.md"


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a file is not what this script writes.")
def main(check: bool) -> None:
    """Count the encodings that the tests execute and write the table."""
    counts = all_counts()
    stale = False
    for path, text in ((COUNTS_FILE, written(counts)), (PAGE, table(counts))):
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            click.echo(f"{path.relative_to(ROOT)} is up to date")
        elif check:
            stale = True
            click.echo(f"{path.relative_to(ROOT)} is not up to date: run python scripts/list_encodings.py", err=True)
        else:
            path.write_text(text, encoding="utf-8")
            click.echo(f"{path.relative_to(ROOT)} written")
    sys.exit(1 if stale else 0)


if __name__ == "__main__":
    main()
