"""The text of docs/encodings.md: the manual's tables, the counts, UNPREDICTABLE choices, the oracles' deviations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from conformance_run import SHORT_FORM
from encoding_counts import MANUAL, QEMU, UNICORN, Counts, totals
from manual import Row
from manual_control import SPECIAL_REGISTERS
from manual_sections import NUMBERS
from manual_tables import ROWS
from oracle_deviations import QEMU as QEMU_DIFFERS
from oracle_deviations import UNICORN as UNICORN_DIFFERS
from oracle_deviations import UNICORN_ENCODINGS

ORACLES = (UNICORN, QEMU, MANUAL)
NAMELESS = {"Unallocated hint": "A5.2.5, A5.3.6", "Unallocated memory hint": "A5.3.8, A5.3.9"}
SYSTEM_SECTIONS = {"CPS": "B5.2.1", "MRS": "B5.2.2", "MSR": "B5.2.3"}

HEAD = f"""# Encodings of ARMv7E-M with FPv4-SP, and how often the tests execute each

Written by `python scripts/list_encodings.py`; do not edit. `--check` says whether it is up to date, and
`pytest emulator/tests/conformance` holds that it is, that no encoding stands at zero, and that the core decodes every
16-bit value, and words of every 32-bit first halfword, as these tables say.

Sections are those of the *ARMv7-M Architecture Reference Manual*, DDI 0403E.e. The columns count executions whose
result was compared:
- **Unicorn**: registers, flags and memory after random sequences of {SHORT_FORM:,} instructions (`make test`);
  `TINYSIM_LONG=1` runs a billion of the same kind. What stands inside an IT block or behind a branch is not counted.
- **QEMU**: the same comparison with `qemu-system-arm -M mps2-an386` through its GDB stub, for what Unicorn does wrong
  or not at all, and a share of everything else. Skipped where QEMU is not installed.
- **manual**: an expectation of our own after the manual's pseudocode (special registers, faults, sleep), which QEMU
  has to meet as well where it can.

In a pattern a letter is a bit of a field, `-` a bit that should be zero and `+` one that should be one.
"""

CHOICES = """
## UNPREDICTABLE: what tinysim does

The last column of the table names the conditions (on the pattern's fields) under which the manual says UNPREDICTABLE,
after what tinysim does then. They follow four rules, with the exceptions that the table shows:

1. PC where it may not stand is UNDEFINED: UsageFault, UNDEFINSTR.
2. SP where it may not stand executes if it is only read; as a destination it is UNDEFINED, but for ADD, SUB and MOV.
3. Bits that should be zero or one are ignored (VCVTB and VCVTT: UNDEFINED).
4. Register lists that are empty, too short or too long, and bit fields that leave the register, are UNDEFINED; what
   only makes a result UNKNOWN (base in the list, two equal destinations) executes.

Inside an IT block whatever the manual forbids there (IT, CBZ, conditional branches, CPS, a branch that is not the last)
executes as elsewhere. UNDEFINED words are UsageFault with UNDEFINSTR; words of a coprocessor that is not there, and all
words of the floating-point extension while CPACR denies it, are UsageFault with NOCP.
"""


def table(counts: Counts) -> str:
    """The whole page."""
    found = totals(counts)
    parts = [HEAD, summary(found), CHOICES, "\n## Encodings\n\n", "".join(encoding_lines(found)), special(found)]
    return "".join([*parts, deviations()])


def summary(found: dict[str, Counter[str]]) -> str:
    lines = [f"- {oracle}: {found[oracle].total():,} executions of {len(found[oracle])} rows\n" for oracle in ORACLES]
    first = f"\n{len(ROWS)} rows below, MRS and MSR once for each of {len(SPECIAL_REGISTERS)} registers.\n\n"
    return first + "".join(lines)


def encoding_lines(found: dict[str, Counter[str]]) -> Iterator[str]:
    yield "| section | instruction | encoding | pattern | Unicorn | QEMU | manual | UNPREDICTABLE |\n"
    yield "| --- | --- | --- | --- | ---: | ---: | ---: | --- |\n"
    for row in ROWS:
        title = f"{row.title}: {row.variant}" if row.variant else row.title
        numbers = " | ".join(str(count_of(row, found[oracle])) for oracle in ORACLES)
        yield f"| {section(row)} | {title} | {row.encoding} | `{row.pattern}` | {numbers} | {choices(row)} |\n"


def section(row: Row) -> str:
    if row.title in NAMELESS:
        return NAMELESS[row.title]
    return SYSTEM_SECTIONS.get(row.title, f"A7.7.{NUMBERS[row.title]}")


def count_of(row: Row, counts: Counter[str]) -> int:
    """MRS and MSR are counted by register."""
    if row.title in ("MRS", "MSR"):
        return sum(counts[f"{row.name} {special}"] for special in SPECIAL_REGISTERS.values())
    return counts[row.name]


def choices(row: Row) -> str:
    parts = []
    for choice in ("UNDEFINED", "executes"):
        rules = [f"`{clause.rule}`" for clause in row.all_clauses if clause.choice == choice]
        if rules:
            parts.append(f"{choice}: {', '.join(rules)}")
    if row.undefined:
        parts.insert(0, f"not UNPREDICTABLE but UNDEFINED: `{row.undefined}`")
    return "; ".join(parts)


def special(found: dict[str, Counter[str]]) -> str:
    lines = ["\n## Special registers\n\n", "| register | instruction | Unicorn | QEMU | manual |\n"]
    lines.append("| --- | --- | ---: | ---: | ---: |\n")
    for name in SPECIAL_REGISTERS.values():
        for instruction in ("MRS", "MSR"):
            numbers = " | ".join(str(found[oracle][f"{instruction} T1 {name}"]) for oracle in ORACLES)
            lines.append(f"| {name} | {instruction} | {numbers} |\n")
    return "".join(lines)


def deviations() -> str:
    """Data of the tests, as text."""
    lines = ["\n## What the oracles do otherwise\n\nUnicorn 2.1.4, as a Cortex-M4:\n"]
    lines += [f"- {what}: {how}\n" for what, how in UNICORN_DIFFERS.items()]
    lines.append("\nWords that Unicorn decodes otherwise (mask, value, what it does, the clause that decides):\n")
    lines += [f"- `{mask:#x}` `{value:#x}` {does}: {clause}\n" for mask, value, does, clause in UNICORN_ENCODINGS]
    lines.append("\nQEMU 7.2, mps2-an386:\n")
    lines += [f"- {what}: {how}\n" for what, how in QEMU_DIFFERS.items()]
    return "".join(lines)
