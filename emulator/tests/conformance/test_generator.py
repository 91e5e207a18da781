"""The generator's tables hold: every row disassembles to its own name, and Unicorn accepts what is generated."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from encoding import Encoding
from encodings_memory import CLEAR_EXCLUSIVE, EXCLUSIVE_LOADS, EXCLUSIVE_STORES
from instructions import ENCODINGS
from units import GROUPS, random_unit

OBJDUMP = shutil.which("arm-none-eabi-objdump")
ROWS = [*ENCODINGS, *EXCLUSIVE_LOADS.values(), *EXCLUSIVE_STORES.values(), CLEAR_EXCLUSIVE]
# The disassembler's other names for a row: first word of the row's name -> mnemonics.
ALIASES = {
    "adr": ("addw", "subw"),
    "cbz": ("cbnz",),
    # Later architectures gave names to these.
    "dsb": ("ssbb", "pssbb", "dfb"),
    "lsls": ("movs",),
    "rrx": ("mov.w", "movs.w"),
    "rsbs": ("negs",),
    "unallocated": ("nop", "sevl", "csdb", "pac", "aut", "bti"),
    "unnamed": ("ldrsh",),
    "vldmdb!": ("vldmdb",),
    "vldmia!": ("vldmia", "vpop"),
    "vstmdb!": ("vstmdb", "vpush"),
    "vstmia!": ("vstmia",),
}


def disassemble(code: bytes, folder: Path) -> dict[int, str]:
    """Offset -> mnemonic and operands."""
    (folder / "code.bin").write_bytes(code)
    command = [str(OBJDUMP), "-D", "-b", "binary", "-m", "arm", "-M", "force-thumb", str(folder / "code.bin")]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = [line.split("\t") for line in text.splitlines()]
    return {int(parts[0].strip(" :"), 16): "\t".join(parts[2:]) for parts in lines if len(parts) > 2}


@pytest.mark.skipif(OBJDUMP is None, reason="arm-none-eabi-objdump is not installed")
def test_every_row_disassembles_to_its_own_name(tmp_path: Path) -> None:
    rng = random.Random(3)
    code, rows = bytearray(), []
    for row in ROWS:
        for _ in range(8):
            rows.append((len(code), row))
            code += row.to_bytes(row.random_word(rng)[0])
    listing = disassemble(bytes(code), tmp_path)
    wrong = [f"{row.name}: {listing.get(offset)}" for offset, row in rows if not matches(row, listing.get(offset, ""))]
    assert wrong == []


def matches(row: Encoding, text: str) -> bool:
    name = row.name.split()[0].removesuffix(".w")
    mnemonic = text.split("\t")[0]
    return "UNPREDICTABLE" not in text and mnemonic.startswith((name, *ALIASES.get(name, ())))


def test_every_row_of_every_group_is_generated() -> None:
    rng, seen = random.Random(4), Counter[str]()
    for group in GROUPS:
        for _ in range(600):
            seen.update(random_unit(rng, group).names)
    assert [row.name for row in ROWS if seen[row.name] == 0] == []


@pytest.mark.parametrize("group", GROUPS)
def test_unicorn_accepts_the_group(group: str) -> None:
    pytest.importorskip("unicorn", reason="unicorn is not installed (pip install tinysim[dev])")
    from cases import random_case
    from unicorn_oracle import Rejected, UnicornOracle

    rng, oracle, rejected = random.Random(f"accept {group}"), UnicornOracle(), []
    cases = [random_case(rng, group) for _ in range(20)]
    for case in cases:
        try:
            oracle.run(case)
        except Rejected as reason:
            rejected.append(str(reason))
    # A far branch may leave the address space; nothing else may be refused.
    assert len(rejected) <= (8 if "branch" in group else 0), rejected[0]
