"""docs/encodings.md is what scripts/list_encodings.py writes, and every encoding in it is executed by some test.

The counts behind it are checked where they arise: test_instructions.py for the differential test, here for the others.
"""

from __future__ import annotations

from pathlib import Path

from conformance_run import ALL_GROUPS
from encoding_counts import MANUAL, QEMU, STALE, names, other_counts, read_counts, totals
from encoding_table import table

PAGE = Path(__file__).resolve().parents[3] / "docs" / "encodings.md"


def test_no_encoding_is_at_zero() -> None:
    found = totals(read_counts())
    assert [name for name in names() if not any(counts[name] for counts in found.values())] == []


def test_every_group_has_its_counts() -> None:
    assert set(read_counts()) == {*ALL_GROUPS, QEMU, MANUAL}


def test_the_counts_of_the_fixed_lists_are_the_committed_ones() -> None:
    committed = read_counts()
    for source, counts in other_counts().items():
        assert counts == committed[source], STALE


def test_the_page_is_the_generated_one() -> None:
    assert PAGE.read_text(encoding="utf-8") == table(read_counts()), STALE
