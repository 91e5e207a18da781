"""Writes docs/encodings.md: all encodings of the manual and how often the tests execute each.

Generates the short form of the differential test from its seeds (half a minute; nothing is run) and counts; the counts
go to emulator/tests/conformance/encoding_counts.json, against which the tests check their own.
"""

from __future__ import annotations

import sys

import click
from made_files import ROOT, settle

sys.path.insert(0, str(ROOT / "emulator" / "tests" / "conformance"))

from encoding_counts import COUNTS_FILE, all_counts, written
from encoding_table import table

PAGE = ROOT / "docs" / "encodings.md"


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a file is not what this script writes.")
def main(check: bool) -> None:
    """Count the encodings that the tests execute and write the table."""
    counts = all_counts()
    made = ((COUNTS_FILE, written(counts)), (PAGE, table(counts)))
    settled = [settle(path, text, "scripts/list_encodings.py", check=check) for path, text in made]
    sys.exit(0 if all(settled) else 1)


if __name__ == "__main__":
    main()
